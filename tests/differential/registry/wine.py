"""Wine's regedit: imports files one by one, and reads what its export says stands in the registry."""

import os
import pathlib
import re
import subprocess

ROOT = r"HKEY_CURRENT_USER\Software\owalint-differential"
HEX = re.compile(r"hex(?:\(([0-9a-f]+)\))?:(.*)")


class Wine:
    """A prefix of its own, with one server that stays alive between the calls."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DISPLAY"},
            "WINEPREFIX": str(self.folder / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe=",
            "LC_ALL": "C.UTF-8",
        }

    def __enter__(self):
        (self.folder / "prefix").mkdir()
        self.run(["wineserver", "-p"], check=True)
        self.run(["wineboot", "-i"], check=True)
        return self

    def __exit__(self, *_):
        self.run(["wineserver", "-k"])

    def run(self, command, check=False):
        """Runs a command; what it says goes to a file, since a pipe would be held open by the services it starts."""
        with (self.folder / "said").open("wb") as said:
            streams = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said}
            return subprocess.run(command, cwd=self.folder, env=self.environment, check=check, timeout=60, **streams)

    def import_file(self, data):
        """Imports one file in a process of its own: the line buffer survives into the next file of one call.

        Whether Wine survived it.
        """
        (self.folder / "in.reg").write_bytes(data)
        return self.run(["wine", "regedit", "in.reg"]).returncode == 0

    def export(self):
        """All keys below ROOT, and an empty ROOT afterwards."""
        out = self.folder / "out.reg"
        out.unlink(missing_ok=True)
        self.run(["wine", "regedit", "/E", "out.reg", ROOT])
        self.run(["wine", "regedit", "/D", ROOT])
        return parse(out.read_bytes()[2:].decode("utf-16-le", "surrogatepass")) if out.exists() else {}


def parse(text):
    """Values by key and name in lower case: the number of the type and the bytes."""
    values, key = {}, None
    lines = iter(text.split("\r\n"))
    for line in lines:
        if line.startswith("["):
            key = line[1 : line.rindex("]")].lower()
        elif line.startswith(('"', "@=")):
            while line.endswith(",\\"):
                line = line[:-1] + next(lines).strip()
            name, data = split(line)
            values[key, name.lower()] = stored(data)
    return values


def split(line):
    if line.startswith("@="):
        return "", line[2:]
    name = re.match(r'"((?:[^"\\]|\\.)*)"=', line)
    return unescaped(name[1]), line[name.end() :]


def stored(data):
    if data.startswith('"'):
        return 1, (unescaped(data[1:-1]) + "\0").encode("utf-16-le", "surrogatepass")
    if data.startswith("dword:"):
        return 4, int(data[6:], 16).to_bytes(4, "little")
    kind, items = HEX.match(data).groups()
    return int(kind or "3", 16), bytes(int(item, 16) for item in items.split(",") if item)


def unescaped(text):
    return re.sub(r"\\(.)", lambda it: {"n": "\n", "r": "\r"}.get(it[1], it[1]), text, flags=re.S)
