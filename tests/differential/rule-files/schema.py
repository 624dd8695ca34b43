"""Holds the JSON Schema of rule files against an independent validator.

Every built-in rule and every rule that `rules new` writes has to be valid; files with mistakes that a schema can see
have to be rejected by the schema and by owalint alike. Needs Python 3.11 and the package jsonschema:

    cargo build && python3 tests/differential/rule-files/schema.py --bin target/debug/owalint
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[3]

RULE = '''
name = "ours"
severity = "error"
scope = "pair"
summary = "x"
why = "x"

[[when]]
ask = "target.internal-url.scheme"
is = "https"
label = "x"
primary = true

[[when]]
ask = "source.allows-proxying-without-ssl"
is = false
if-open = "assume"
'''

MISTAKES = [
    ("summary =", "sumary ="),
    ('severity = "error"', 'severity = "eror"'),
    ('severity = "error"\n', ""),
    ('scope = "pair"', 'scope = "pairs"'),
    ('scope = "pair"', 'scope = "vdir"'),
    ('scope = "pair"', 'scope = "server"'),
    ('name = "ours"', 'name = "Ours"'),
    ('why = "x"', 'why = 3'),
    ('why = "x"', 'why = "x"\nevent = "42"'),
    ('why = "x"', 'why = "x"\nevent = 70000'),
    ('why = "x"', 'why = "x"\nstep = "ssl-requird"'),
    ('why = "x"', 'why = "x"\nstep = "bad-url"\nafter = "bad-url"'),
    ('why = "x"', 'why = "x"\ncheck = "misplaced"'),
    ("internal-url.scheme", "internal-url.sheme"),
    ("target.internal-url.scheme", "targt.internal-url.scheme"),
    ("target.internal-url.scheme", "target.vdir.LogonFormat"),
    ('"target.internal-url.scheme"', "'target.internal-url.\"scheme\"'"),
    ('"target.internal-url.scheme"', "'target.iis.\"httpRedirect@enabled\"'"),
    ('"source.allows-proxying-without-ssl"', "'source.registry.\"HKLM\\SYSTEM\\x\"'"),
    ('is = "https"', "at-least = 3"),
    ('is = "https"', 'has = "https"'),
    ('is = "https"', "is = true"),
    ('is = "https"\n', ""),
    ('is = "https"', 'is = "https"\nmatches = "h*"'),
    ('is = "https"', "one-of = []"),
    ('is = "https"', 'is = "https"\nif-open = "assume"'),
    ('is = "https"', 'is = "https"\nunset = "http"'),
    ("is = false", 'is = "no"'),
    ('"assume"', '"asume"'),
    ("primary = true", 'primary = "yes"'),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bin", required=True)
    owalint = str(pathlib.Path(parser.parse_args().bin).resolve())
    run = lambda *arguments: subprocess.run([owalint, *arguments], capture_output=True, text=True, check=False)
    schema = json.loads(run("rules", "schema").stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    faults = []
    valid = sorted((ROOT / "rules").glob("*.toml"))
    with tempfile.TemporaryDirectory() as folder:
        for scope in ("vdir", "server", "pair"):
            run("rules", "new", f"a-{scope}-rule", "--scope", scope, "--dir", folder)
        valid += sorted(pathlib.Path(folder).glob("*.toml"))
        assert len(valid) > 40, "rules were found and written"
        for path in valid:
            for error in validator.iter_errors(tomllib.loads(path.read_text(encoding="utf-8"))):
                faults.append(f"{path.name} is valid, and the schema says: {list(error.path)}: {error.message}")
    assert validator.is_valid(tomllib.loads(RULE))
    for before, after in MISTAKES:
        assert before in RULE, before
        text = RULE.replace(before, after, 1)
        if validator.is_valid(tomllib.loads(text)):
            faults.append(f"the schema accepts {after!r}")
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "OURS-001.toml").write_text(text, encoding="utf-8")
            if run("rules", "--rules", folder).returncode != 2:
                faults.append(f"owalint accepts {after!r}")
    print("\n".join(faults) or f"{len(valid)} valid rules, {len(MISTAKES)} mistakes: schema and owalint agree")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
