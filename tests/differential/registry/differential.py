#!/usr/bin/env python3
"""Imports random .reg files into Wine's regedit, and compares the registry with `owalint facts --all`.

    cargo build && python3 tests/differential/registry/differential.py --bin target/debug/owalint --seeds 0-5000

Needs Wine (the Debian package `wine` is enough) and takes about 0.2 seconds a file. With `--log FILE` a run that was
stopped goes on where it was. Ends with 1 if a difference is not one of `known.py`.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import gen
import known
import wine

BATCH = 100
KINDS = {
    0: "REG_NONE", 1: "REG_SZ", 2: "REG_EXPAND_SZ", 3: "REG_BINARY", 4: "REG_DWORD", 5: "REG_DWORD_BIG_ENDIAN",
    6: "REG_LINK", 7: "REG_MULTI_SZ", 11: "REG_QWORD",
}


def printed(kind, data):
    """Type and data as `facts` is promised to print them."""
    name = KINDS.get(kind, f"REG_TYPE_0x{kind:x}")
    if (kind, len(data)) in ((4, 4), (11, 8)):
        return name, f"0x{int.from_bytes(data, 'little'):0{2 * len(data)}x}"
    if kind in (1, 2, 7) and len(data) % 2 == 0:
        text = re.sub("[\ud800-\udfff]", "\ufffd", data.decode("utf-16-le", "surrogatepass"))
        if kind != 7:
            return name, text.split("\0")[0]
        text = text.split("\0\0")[0].removesuffix("\0")
        return name, text.split("\0") if text else []
    return name, data.hex()


def asked(binary, files):
    """What owalint says of each file: values by key and name in lower case."""
    with tempfile.TemporaryDirectory() as folder:
        for seed, data in files.items():
            path = pathlib.Path(folder, f"S{seed}")
            path.mkdir()
            (path / "in.reg").write_bytes(data)
        command = [binary, "facts", "--all", "--format", "json", folder]
        result = subprocess.run(command, capture_output=True, check=False)
        if result.returncode not in (0, 4):
            sys.exit(f"owalint ended with {result.returncode}: {result.stderr.decode()}")
    answers = {}
    for server in json.loads(result.stdout)["servers"]:
        seed = int(server["name"][1:])
        answers[seed] = {}
        for fact in server["registry"]:
            name = "" if fact["name"] == "@" else fact["name"].lower()
            answers[seed][fact["key"].lower(), name] = (fact["type"], fact["value"], fact["at"]["text"])
    return answers


def compare(data, ours, theirs, survived):
    """Differences, each explained by a reason of `known.py` or by None."""
    differences = []
    excuses = known.Excuses(data, survived)
    for place in sorted(ours.keys() | theirs.keys()):
        mine, wines = ours.get(place), theirs.get(place)
        shown = printed(*wines) if wines else None
        if (mine and mine[:2]) != shown:
            differences.append((place, mine, shown, excuses.reason(place, mine, wines)))
    return differences


def inside(values, below):
    return {place: it for place, it in values.items() if (place[0] + "\\").startswith(below)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", default="target/debug/owalint")
    parser.add_argument("--seeds", default="0-1000", help="FROM-TO, TO exclusive")
    parser.add_argument("--log", help="batches that are done, one a line")
    options = parser.parse_args()
    start, end = map(int, options.seeds.split("-"))
    log = pathlib.Path(options.log) if options.log else None
    done = set(log.read_text().split()) if log and log.exists() else set()
    files = values = unexplained = 0
    excused = {}
    with tempfile.TemporaryDirectory() as folder, wine.Wine(folder) as regedit:
        for first in range(start, end, BATCH):
            if str(first) in done:
                continue
            batch, crashed = {}, set()
            for seed in range(first, min(first + BATCH, end)):
                batch[seed] = gen.Maker(seed, f"{wine.ROOT}\\f{seed:06}").file()
                # Wine itself may fail to start on a busy machine; to import a file again changes nothing.
                if not any(regedit.import_file(batch[seed]) for _ in range(3)):
                    crashed.add(seed)
            registry = regedit.export()
            answers = asked(options.bin, batch)
            before = unexplained
            for seed, data in batch.items():
                below = f"{wine.ROOT}\\f{seed:06}\\".lower()
                theirs = inside(registry, below)
                ours = inside(answers.get(seed, {}), below)
                files, values = files + 1, values + len(theirs)
                for place, mine, shown, reason in compare(data, ours, theirs, seed not in crashed):
                    if reason:
                        excused[reason] = excused.get(reason, 0) + 1
                        continue
                    unexplained += 1
                    print(f"seed {seed}: {place}\n  owalint {mine}\n  wine    {shown}", flush=True)
            if log and unexplained == before:
                with log.open("a") as out:
                    print(first, file=out)
            print(f"{files} files, {values} values, {unexplained} unexplained", file=sys.stderr, flush=True)
    for reason, count in sorted(excused.items()):
        print(f"known: {count} values: {reason}")
    print(f"{files} files, {values} values, {sum(excused.values())} known differences, {unexplained} unexplained")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
