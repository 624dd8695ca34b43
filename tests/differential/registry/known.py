"""Where Wine's regedit is known to differ from Windows, or where what Windows does is not documented."""

import re

BOM = "Wine decodes strings in hex by the byte order mark, Windows is documented to do it by the header"
ODD = "a 16-bit string of an odd number of bytes has no text"
SIZE = "Wine exports a REG_DWORD of another size than four bytes in its own way"
KEY = "below `[ KEY]` or `[KEY` Wine writes to the previous key; what Windows does is not documented"
CRASH = "Wine crashes at a 16-bit string of an odd number of bytes"
EMPTY = "Wine crashes at a REG_EXPAND_SZ or REG_MULTI_SZ in hex without a byte, if a comment follows and the file is ANSI"
HEADER = "Wine refuses blanks or comments behind a header; what Windows does is not documented"
NUMBER = "Wine takes hex numbers with a sign, blanks or 0x, and no number at all, which is not known of Windows"
TAIL = "Wine loses hex data whose last line, a continued one, ends in a comma and blanks; of Windows that is not known"

NO_BYTE = re.compile(r"=[ \t]*hex\(0*[27]\):[ \t]*;")
BAD_KEY = re.compile(r"[ \t]*\[(?:-?[ \t]|-?\]|[^\]]*$)")
NUMBERS = re.compile(
    r"dword:[ \t]*;|hex\([-+]|hex(\([0-9a-f]+\))?:[ \t]+[0-9a-fA-F]|hex(\([0-9a-f]+\))?:(.*,)?([-+]|0[xX]|[ \t]+[-+0-9a-fA-F])"
)
GOOD_KEY = re.compile(r"[ \t]*\[-?[^ \t\]]")


class Excuses:
    """The reasons that hold for one file."""

    def __init__(self, data, survived):
        self.survived = survived
        wide = self.is_wide = data.startswith(b"\xff\xfe")
        text = data[2:].decode("utf-16-le") if wide else data.decode("cp1252", "replace")
        self.lines = re.split(r"\r\n|\r|\n", text)
        header = self.lines[0].lstrip(" \t")
        self.crossed = wide == header.startswith("REGEDIT4")
        self.doubtful = bool(re.fullmatch(r"(REGEDIT4|Windows Registry Editor Version 5\.00)[ \t]*(?:[ \t]|;.*)", header))
        self.misplaced = self.below_bad_keys()

    def below_bad_keys(self):
        """The names of values that stand below a key line that is none."""
        names, inside, continues = set(), False, False
        for line in self.lines:
            if continues and line.lstrip(" \t").startswith(("[", '"', "@")):
                continues = False
            elif line.lstrip(" \t").startswith("["):
                inside = bool(BAD_KEY.match(line)) or (inside and not GOOD_KEY.match(line))
            elif inside:
                names.add(name_of(line))
            if line.strip(" \t") and not line.lstrip(" \t").startswith(";"):
                continues = bool(re.search(r"[,:][ \t]*\\[ \t]*(;.*)?$", line))
        return names

    def reason(self, place, mine, wines):
        """Why the two may differ here; None if they may not."""
        name = place[1]
        if self.doubtful and not wines:
            return HEADER
        if not self.survived and self.is_wide:
            return CRASH
        if not self.survived and not self.is_wide and not wines and any(map(NO_BYTE.search, self.lines)):
            return EMPTY
        written = mine[2] if mine else ""
        kind = wines[0] if wines else None
        if mine and wines and written.startswith("hex"):
            is_string = kind in (1, 2, 7) and mine[0] in ("REG_SZ", "REG_EXPAND_SZ", "REG_MULTI_SZ")
            if is_string and self.crossed:
                return BOM
            if is_string and len(re.findall(r"[0-9a-fA-F]+(?=[,;\s\\]|$)", written.split(":", 1)[1])) % 2:
                return ODD
            if kind == 4 and mine[0] == "REG_DWORD":
                return SIZE
        if mine and not wines and re.search(r"[\r\n][^\r\n]*,$", written):
            return TAIL
        if name in self.misplaced:
            return KEY
        for at, line in enumerate(self.lines):
            if name_of(line) == name:
                data = line.split("=", 1)[-1]
                for more in self.lines[at + 1 :]:
                    if not data.rstrip(" \t").endswith("\\"):
                        break
                    data = data.rstrip(" \t")[:-1].rstrip(" \t") + more.lstrip(" \t")
                if NUMBERS.search(data):
                    return NUMBER
        return None


def name_of(line):
    """The name of the value that a line sets, in lower case; None if it sets none."""
    line = line.lstrip(" \t")
    if line.startswith("@"):
        return ""
    found = re.match(r'"((?:[^"\\]|\\.)*)"', line)
    return re.sub(r"\\(.)", lambda it: {"n": "\n", "r": "\r"}.get(it[1], it[1]), found[1]).lower() if found else None
