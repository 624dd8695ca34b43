#!/usr/bin/env python3
"""An independent reader of JSON and CSV exports, and writers that imitate both PowerShells, compared with owalint.

    json_csv.py --bin PATH [--seeds 0-500] [--per-run 40] [--keep]
    json_csv.py --write SEED DIR

For every seed random virtual directories are written as `ConvertTo-Json` of Windows PowerShell and of PowerShell 7 or
as `Export-Csv` would write them, in some encoding, line end, delimiter and manner of quoting. The files are read with
Python's own `json` and `csv`, what each property says is worked out from the rules of the format, and the result is
compared with `owalint facts --format json`: which virtual directories there are, the state and the value of every
property, and that the text of every location is what stands in the file at that place.

Some files are damaged afterwards: cut off, or broken inside a word, as text copied from a console is. Of those it is
compared that nothing is said which the whole file does not say, and that a finding with an INP id names the file.
"""
import argparse, csv, io, json, os, random, re, shutil, subprocess, sys, tempfile

METHODS = ["Basic", "Digest", "Ntlm", "Fba", "WindowsIntegrated", "LiveIdFba", "LiveIdBasic", "WSSecurity", "Certificate", "NegoEx",
           "OAuth", "Adfs", "Kerberos", "Negotiate", "LiveIdNegotiate"]
# Numbers of enumerations whose names are known.
ENUMS = {"OwaVersion": {4: "Exchange2013"}, "LogonFormat": {0: "FullDomain"}, "GzipLevel": {0: "Off", 1: "Low"},
         "ClientAuthCleanupLevel": {0: "High"}, "VirtualDirectoryType": {}}
LISTS = ("InternalAuthenticationMethods", "ExternalAuthenticationMethods")
TYPE = re.compile(r"^(System\.Object|[A-Za-z_][\w+]*(\.[A-Za-z_][\w+]*)+(\[,*\]|`\d.*)|(Microsoft\.Exchange|System\.Collections)\.[\w.+]+)$")
UNREADABLE, EMPTY = ("unreadable", None), ("empty", None)


# ---- what the formats say -------------------------------------------------------------------------

def lost(text):
    return bool(TYPE.match(text)) or (text.startswith("@{") and text.endswith("}"))


def from_text(name, text):
    if text == "":
        return EMPTY
    if lost(text):
        return UNREADABLE
    if name in LISTS:
        return ("known", [word for word in re.split(r"[ ,;]", text) if word])
    return ("known", text)


def from_number(name, raw):
    if name in LISTS:
        return ("known", [METHODS[int(raw)]]) if raw.isdigit() and int(raw) < len(METHODS) else UNREADABLE
    if name in ENUMS:
        return ("known", ENUMS[name][int(raw)]) if raw.isdigit() and int(raw) in ENUMS[name] else UNREADABLE
    return ("known", raw)


class Number(str):
    """A number as it was written."""


class Pairs(list):
    """An object: its keys and values in order, with keys that come twice."""

    def get(self, key):
        return next((value for name, value in self if name.lower() == key.lower()), None)


def from_json(name, value):
    if isinstance(value, Pairs):
        exact = [it for key, it in value if key == "value"]
        if exact and not isinstance(exact[0], list):
            return from_json(name, exact[0])
        if exact and isinstance(exact[0], list) and not isinstance(exact[0], Pairs):
            count = value.get("Count")
            state, items = from_json(name, exact[0])
            return (state if count is None or int(count) == len(exact[0]) else "truncated", items)
        for key in ("OriginalString", "AbsoluteUri"):
            if isinstance(value.get(key), str) and value.get(key):
                return ("known", str(value.get(key)))
        if value.get("Major") is not None:
            parts = [str(value.get(part)) for part in ("Major", "Minor", "Build", "Revision")]
            text = "Version {}.{} (Build {}.{})" if name == "AdminDisplayVersion" else "{}.{}.{}.{}"
            return ("known", text.format(*parts))
        for key in ("Name", "DistinguishedName"):
            if isinstance(value.get(key), str) and value.get(key) and not lost(value.get(key)):
                return ("known", str(value.get(key)))
        return UNREADABLE
    if isinstance(value, list):
        items, whole = [], True
        for item in value:
            if isinstance(item, Pairs) and item.get("value") is not None:
                item = item.get("value")
            if item is None:
                continue
            if isinstance(item, bool):
                items.append(str(item))
            elif isinstance(item, Number):
                state, text = from_number(name, item)
                items, whole = (items + (text if isinstance(text, list) else [text]), whole) if state == "known" else (items, False)
            elif isinstance(item, str) and not lost(item):
                items.append(item.strip())
            else:
                whole = False
        return ("known" if whole else "truncated", items)
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return ("known", str(value))
    if isinstance(value, Number):
        return from_number(name, value)
    if any(0xD800 <= ord(it) < 0xE000 for it in value):
        return UNREADABLE
    return from_text(name, value)


def read_json(text):
    document = json.loads(text, object_pairs_hook=Pairs, parse_int=Number, parse_float=Number)

    def unwrap(node):
        if isinstance(node, Pairs):
            inner = [it for key, it in node if key == "value"]
            return inner[0] if inner and isinstance(inner[0], list) and {key for key, _ in node} <= {"value", "Count"} else [node]
        return node if isinstance(node, list) else []
    objects = []
    for item in unwrap(document):
        objects += [it for it in (unwrap(item) if isinstance(item, list) else [item]) if isinstance(it, Pairs)]
    result = []
    for node in objects:
        said = {}
        for name, value in node:
            if name.lower() in said:
                if said[name.lower()][2] != value:
                    said[name.lower()] = (said[name.lower()][0], UNREADABLE, value)
            else:
                said[name.lower()] = (name, from_json(name, value), value)
        result.append({name: state for name, state, _ in said.values()})
    return result


def read_csv(text, delimiter):
    lines = text
    while lines.startswith("#"):
        lines = re.split(r"\r\n|\r|\n", lines, maxsplit=1)[1]
    rows = [row for row in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, skipinitialspace=True) if row]
    ascii_letters = text.isascii() and all(f'"{name}"' in lines for name in rows[0])
    result = []
    for row in rows[1:]:
        said = {}
        for name, value in zip(rows[0], row):
            place = value.split("://", 1)[1].split("/")[0] if "://" in value else value
            said[name] = UNREADABLE if ascii_letters and "?" in place else from_text(name, value)
        result.append(said)
    return result


# ---- random virtual directories, and the writers ------------------------------------------------------

def random_vdir(dice, server):
    word = lambda letters, most: "".join(dice.choice(letters) for _ in range(dice.randint(1, most)))
    site = dice.choice(["Default Web Site", "Exchange Back End", "Größe", "Site; a, b", 'Sitio "x"', "<x> & 'y'", "サイト 😀"])
    vdir = {
        "Name": f"owa ({site})", "Server": server,
        "InternalUrl": dice.choice([f"http://{server}/owa", f"https://{server}.corp.example.com/owa", None, "", f"https://{server}:444/OWA/"]),
        "ExternalUrl": dice.choice([None, None, "", "https://mail.example.com/owa?x=1&y=<z>"]),
        "InternalAuthenticationMethods": dice.sample(range(15), dice.randint(0, 4)),
        "ExternalAuthenticationMethods": [3],
        "BasicAuthentication": dice.random() < .5, "WindowsAuthentication": dice.random() < .5,
        "RedirectToOptimalOWAServer": dice.random() < .5, "OwaVersion": dice.choice([3, 4]),
        "LogonFormat": dice.choice([0, 1]), "DefaultDomain": dice.choice([None, "", "corp.example.com", word('ab ,;"\t|', 9).strip() or None]),
        "MetabasePath": f"IIS://{server}.corp.example.com/W3SVC/1/ROOT/owa",
        "Path": dice.choice([r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\owa", "D:\\é\\😀", None]),
        "AdminDisplayVersion": [14, 3, 123, dice.randint(0, 9)],
        "Note": dice.choice([None, "line\r\nline", word("xyz'<>&\\/é😀 ", 12).strip() or None, "System.Object[]", "@{a=1; b=2}"]),
        "Size": dice.choice([0, 17, 2 ** 70, -3]),
    }
    names = list(vdir)
    dice.shuffle(names)
    keep = {name: vdir[name] for name in names if name in ("Name", "Server", "InternalUrl", "OwaVersion") or dice.random() < .85}
    return keep


ENUM_NAMES = {("OwaVersion", 3): "Exchange2010", ("OwaVersion", 4): "Exchange2013", ("LogonFormat", 0): "FullDomain", ("LogonFormat", 1): "PrincipalName"}


def quote(dice, text, old, ascii_only):
    out = json.dumps(text, ensure_ascii=ascii_only)
    if old:
        out = "".join({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"}.get(it, it) for it in out)
    return out


def json_value(dice, name, value, old, ascii_only):
    """A value as a nest of Python values, where `Raw` is written as it is."""
    if name in LISTS:
        form = dice.choice(["numbers", "names", "deep", "wrapped", "items"] if value else ["numbers", "deep"])
        names = [METHODS[it] for it in value]
        return {"numbers": value, "names": names, "deep": " ".join(names), "wrapped": {"value": value, "Count": len(value)},
                "items": [{"value": it, "x": 1} for it in value]}[form]
    if name in ("OwaVersion", "LogonFormat"):
        return dice.choice([value, ENUM_NAMES[name, value], {"value": value, "Value": ENUM_NAMES[name, value]}])
    if name == "AdminDisplayVersion":
        major, minor, build, revision = value
        return dice.choice([f"Version {major}.{minor} (Build {build}.{revision})",
                            {"Major": major, "Minor": minor, "Build": build, "Revision": revision, "FilePatchLevelDescription": None}])
    if name in ("InternalUrl", "ExternalUrl") and value:
        return dice.choice([value, {"value": value, "Note": "x"}, {"AbsolutePath": "/owa", "AbsoluteUri": value, "OriginalString": value, "Port": 443, "Segments": ["/", "owa"]}])
    if name == "Server":
        return dice.choice([value, {"Name": value, "DistinguishedName": f"CN={value},CN=Servers,CN=x", "Parent": {"Name": "Servers"}}])
    return value


def layout(dice, value, old, ascii_only, indent):
    end, step, colon = ("\r\n", 4, ":  ") if old else ("\n", 2, ": ")
    if value is None or isinstance(value, bool) or isinstance(value, int):
        return json.dumps(value)
    if isinstance(value, str):
        return quote(dice, value, old, ascii_only)
    inner = " " * (indent + step)
    if isinstance(value, dict):
        parts = []
        for key, item in value.items():
            written = quote(dice, key, old, ascii_only)
            parts.append(inner + written + colon + layout(dice, item, old, ascii_only, indent + step + (len(written) + 3 if old else 0)))
        return "{" + end + f",{end}".join(parts) + end + " " * indent + "}"
    parts = [inner + layout(dice, item, old, ascii_only, indent + step) for item in value]
    return "[" + end + f",{end}".join(parts) + end + " " * indent + "]" if parts else ("[" + end * 2 + " " * indent + "]" if old else "[]")


def write_json(dice, vdirs):
    old, ascii_only, compressed = dice.random() < .5, dice.random() < .3, dice.random() < .2
    nodes = [{name: json_value(dice, name, value, old, ascii_only) for name, value in it.items()} for it in vdirs]
    if dice.random() < .1:
        name = dice.choice(list(nodes[0]))
        nodes[0][name.upper()] = dice.choice([nodes[0][name], "other"])
    document = nodes[0] if len(nodes) == 1 and dice.random() < .7 else nodes
    if isinstance(document, list):
        document = dice.choice([document, document, document + [None], [document], {"value": document, "Count": len(document)}])
    text = json.dumps(document, ensure_ascii=ascii_only) if compressed else layout(dice, document, old, ascii_only, 0)
    return text + ("\r\n" if old else "\n") * dice.randint(0, 1)


def write_csv(dice, vdirs):
    delimiter = dice.choice([",", ",", ";", "\t", "|", "^", "§"])
    manner = dice.choice(["always", "always", "needed"])
    names = list(vdirs[0])

    def cell(text):
        if text is None:
            return ""
        if manner == "needed" and not any(it in text for it in (delimiter, "\n", '"', "\r")) and text.strip(" \t") == text:
            return text
        return '"' + text.replace('"', '""') + '"'

    def text_of(name, value):
        if value is None:
            return None
        if name in LISTS:
            return dice.choice([" ".join(METHODS[it] for it in value), ";".join(METHODS[it] for it in value) if delimiter != ";" else " ".join(METHODS[it] for it in value),
                                "Microsoft.Exchange.Data.MultiValuedProperty`1[Microsoft.Exchange.Data.AuthenticationMethod]", "System.String[]"])
        if name == "AdminDisplayVersion":
            return "Version {}.{} (Build {}.{})".format(*value)
        return ENUM_NAMES.get((name, value), str(value)) if not isinstance(value, bool) else str(value)
    lines = [delimiter.join(cell(name) for name in names)]
    lines += [delimiter.join(cell(text_of(name, it.get(name))) for name in names) for it in vdirs]
    top = "#TYPE Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory\r\n" if manner == "always" and dice.random() < .6 else ""
    text = top + "\r\n".join(lines) + "\r\n"
    if manner == "always" and delimiter != "§" and dice.random() < .3:
        text = text.encode("ascii", "replace").decode()
    return text, delimiter


ENCODINGS = {"utf-8": lambda it: it.encode(), "utf-8-bom": lambda it: b"\xef\xbb\xbf" + it.encode(),
             "utf-16le": lambda it: b"\xff\xfe" + it.encode("utf-16-le"), "utf-16be": lambda it: b"\xfe\xff" + it.encode("utf-16-be")}


def make(seed):
    """A file: its name, its text, its bytes, and what it says; `None` in place of that where it was damaged."""
    dice = random.Random(seed)
    count = dice.randint(1, 4)
    first = random_vdir(dice, f"S{seed}X0")
    vdirs = [first] + [{**random_vdir(dice, f"S{seed}X{at}")} for at in range(1, count)]
    if dice.random() < .5:
        text = write_json(dice, vdirs)
        said, name = read_json(text), f"{seed}.json"
    else:
        text, delimiter = write_csv(dice, vdirs)
        said, name = read_csv(text, delimiter), f"{seed}.csv"
    damage = dice.random()
    damaged = None
    if damage < .12:
        damaged = text[:dice.randint(len(text) // 2, len(text) - 3)].rstrip('"')
    elif damage < .2 and name.endswith("json"):
        width = dice.choice([79, 119])
        damaged = re.sub(f"[^\r\n]{{{width}}}", lambda it: it.group() + "\r\n", text)
        damaged = None if damaged == text else damaged
    encoding = dice.choice(list(ENCODINGS))
    return name, damaged or text, ENCODINGS[encoding](damaged or text), said, damaged is not None


# ---- the comparison -------------------------------------------------------------------------------------

def cut_out(text, place):
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    (a, b), (c, d) = [(place[end]["line"] - 1, place[end]["column"] - 1) for end in ("start", "end")]
    return lines[a][b:d] if a == c else lines[a][b:] + "".join(lines[a + 1:c]) + lines[c][:d]


def compare(files, facts, report):
    """Lines that say what differs, and how many values were compared."""
    wrong, compared = [], 0
    found = {}
    for server in facts["servers"]:
        for vdir in server["vdirs"]:
            for it in vdir["properties"]:
                found.setdefault(server["name"].lower(), {})[it["name"]] = it
    named = {it["primary"]["path"] for it in report["findings"] if it["rule"].startswith("INP-")}
    for name, text, _, said, damaged in files:
        for vdir in said:
            state, server = next(value for key, value in vdir.items() if key.lower() == "server")
            mine = found.get(str(server).lower()) if state == "known" else None
            if mine is None:
                if not damaged and state == "known":
                    wrong.append(f"{name}: {server} is not in the facts")
                continue
            for key, (state, value) in vdir.items():
                it = mine.get(key)
                if it is None:
                    wrong.append(f"{name}: {server} {key} is not in the facts")
                    continue
                compared += 1
                if cut_out(text, it["at"]) != it["at"]["text"] or it["at"]["path"] != name:
                    wrong.append(f"{name}: {server} {key} is not at {it['at']}")
                if damaged and it["state"] == "unreadable":
                    continue
                if (it["state"], it["value"]) != (state, value):
                    wrong.append(f"{name}: {server} {key} is {it['state']} {it['value']!r}, wanted {state} {value!r}")
        known = {str(value[1]).lower() for vdir in said for key, value in vdir.items() if key.lower() == "server"}
        prefix = "s" + name.split(".")[0] + "x"
        # Where `Server` cannot be read, the server is known by the host in `MetabasePath`.
        is_named = "none" not in known
        wrong += [f"{name}: {server} is in no export" for server in found if is_named and server.startswith(prefix) and server not in known]
        if damaged and name not in named and not all(str(next(v for k, v in vdir.items() if k.lower() == "server")[1]).lower() in found for vdir in said):
            wrong.append(f"{name}: was damaged, and no finding says so")
    return wrong, compared


def run(binary, seeds, keep):
    files = [make(seed) for seed in seeds]
    folder = tempfile.mkdtemp(prefix="owalint-exports-")
    try:
        for name, _, data, _, _ in files:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        ask = lambda command: json.loads(subprocess.run([binary, command, folder, "--format", "json"], capture_output=True, check=False).stdout)
        return (*compare(files, ask("facts"), ask("check")), len(files), sum(damaged for *_, damaged in files))
    finally:
        if keep:
            print(f"kept in {folder}")
        else:
            shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="target/debug/owalint")
    parser.add_argument("--seeds", default="0-500")
    parser.add_argument("--per-run", type=int, default=40)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--write", nargs=2, metavar=("SEED", "DIR"))
    options = parser.parse_args()
    if options.write:
        name, _, data, said, _ = make(int(options.write[0]))
        os.makedirs(options.write[1], exist_ok=True)
        with open(os.path.join(options.write[1], name), "wb") as file:
            file.write(data)
        print(json.dumps(said, indent=1, ensure_ascii=False))
        return 0
    first, last = map(int, options.seeds.split("-"))
    wrong, totals = [], [0, 0, 0]
    for start in range(first, last, options.per_run):
        differing, *counts = run(os.path.abspath(options.bin), range(start, min(last, start + options.per_run)), options.keep)
        wrong += differing
        totals = [one + other for one, other in zip(totals, counts)]
    print("\n".join(wrong[:40]))
    print(f"{totals[1]} files ({totals[2]} damaged), {totals[0]} values compared, {len(wrong)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
