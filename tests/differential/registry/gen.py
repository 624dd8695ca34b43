"""Random .reg files: lines that regedit accepts, lines that it does not, and what damage people do to both."""

import random
import re

FIVE = "Windows Registry Editor Version 5.00"
FOUR = "REGEDIT4"
OTHER_HEADERS = [
    "REGEDIT", "REGEDIT3", "REGEDIT5", "REGEDIT 4", "REGEDIT4FOO", "regedit4", "AREGEDIT4", "",
    "Windows Registry Editor Version 4.00", "Windows Registry Editor Version 5", FIVE.upper(), "; note",
    "Windows Registry Editor version 5.00", FOUR + " ", FIVE + " ", FOUR + " ;c",
]
BLANKS = ["", "", "", "", " ", "  ", "\t", " \t "]
WORDS = ["Start", "Type", "a b", "x=y", "semi;colon", "hash#", "br]acket", "br[acket", "sl/ash", "per%cent", "ü", "é–x", "0", "-", "dword:1"]
TYPES = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "10", "100", "7fff", "ffff", "7fffffff", "ffffffff", "0002", "abcd"]
STRINGS = ["hex(1):", "hex(2):", "hex(7):"]
BAD_TYPES = ["100000000", "0x2", "x2", "", "-1", "2 "]

NAME = r'[ \t]*(?:@|"(?:[^"\\]|\\.)*")[ \t]*='
ROOTS = "HKEY_(?:LOCAL_MACHINE|CURRENT_USER|CLASSES_ROOT|USERS|CURRENT_CONFIG|DYN_DATA)"
# Wine stops reading at these: `\0` or a last backslash in quoted data, and the deletion of a key without a root. Of
# Windows it is only known that such a line itself does nothing, so it is the last one of a file.
STOPS = [
    re.compile(NAME + r'[ \t]*"(?:[^"\\]|\\[^0])*\\(?:0|[ \t]*$)'),
    re.compile(rf"[ \t]*\[-(?!{ROOTS}[\]\\])", re.I),
]


class Maker:
    """Makes one file below its own key."""

    def __init__(self, seed, root):
        self.random = random.Random(seed)
        self.root = root
        self.names = []
        self.keys = [root]

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, part):
        return self.random.random() < part

    def blanks(self):
        return self.pick(BLANKS)

    def file(self):
        """The bytes of the file."""
        wide = self.chance(0.5)
        if self.chance(0.06):
            header = self.pick(OTHER_HEADERS)
        elif self.chance(0.1):
            header = FOUR if wide else FIVE
        else:
            header = FIVE if wide else FOUR
        lines = [(self.blanks() if self.chance(0.1) else "") + header, ""]
        if self.chance(0.95):
            lines.append(f"[{self.root}]")
        for _ in range(self.random.randint(1, 14)):
            lines.extend(self.lines(wide))
        if self.chance(0.25):
            lines = self.damaged(lines)
        lines = until_stop(lines)
        ends = self.pick(["\r\n", "\r\n", "\n", "\r", None])
        text = "".join(line + (ends or self.pick(["\r\n", "\n", "\r"])) for line in lines)
        if self.chance(0.2):
            text = text.rstrip("\r\n")
        return b"\xff\xfe" + text.encode("utf-16-le") if wide else text.encode("cp1252", "replace")

    def lines(self, wide):
        return self.pick([self.value] * 9 + [self.key] * 3 + [self.junk] * 2)(wide)

    def key(self, _wide):
        name = self.pick(["sub", "Sub", 'q"uote', "a]b", "sp ace ", "tab\t", "x;y", "é"]) + str(self.random.randint(0, 3))
        path = self.pick(self.keys) + self.pick(["\\", "\\", "\\", "\\\\"]) + name + self.pick(["", "", "", "\\", "\\\\"])
        if self.chance(0.2):
            path = path.swapcase()
        form = self.pick(["[{}]"] * 24 + [" [{}]", "\t[{}]", "[{}] ;c", "[{}]junk", "[-{}]", "[-{}]", "[{}", "[ {}]", "[- {}]", "[ -{}]", "{}]"])
        if form == "[{}]":
            self.keys.append(path.rstrip("\\"))
        if self.chance(0.04):
            path = "HKEY_CURRENT_USERS\\x"
        line = form.format(path)
        return [self.pick(["[]", "[-]", "[[x]]", "["])] if self.chance(0.02) else [line]

    def name(self):
        if self.chance(0.1):
            return self.pick(["@", '""', "@", " @"])
        if self.names and self.chance(0.2):
            name = self.pick(self.names)
            return name.swapcase() if self.chance(0.3) and "\\" not in name else name
        word = self.pick(WORDS) if self.chance(0.3) else "v"
        name = '"' + word + str(len(self.names)) + self.pick(["", "", "", '\\"', "\\\\", "\\n", "\\x"]) + '"'
        if self.chance(0.02):
            name = self.pick(['"v', 'v"', '"v\\', '"v\\0"', "v", "\u201cv\u201d"])
        self.names.append(name)
        return name

    def value(self, wide):
        data = self.pick([self.text] * 3 + [self.dword] * 3 + [self.hex] * 5 + [self.other])
        head = self.blanks() + self.name() + self.blanks() + self.pick(["="] * 60 + ["", ":"]) + self.blanks()
        first, *rest = data(wide)
        tail = self.pick([""] * 40 + [" ", "\t", " ", "\t", ";c", ";c", "  ;c", "#c", " #c", "\\", " x"])
        rest_or_first = rest or [first]
        rest_or_first[-1] += tail
        return [head + (first if rest else rest_or_first[0]), *rest]

    def text(self, _wide):
        inner = "".join(self.pick(list("abcXYZ019 ;#=[]@-/%\u00fc\u2013") + ['\\"', "\\\\", "\\\\", "\\n", "\\r", "\\t", "\t"]) for _ in range(self.random.randint(0, 12)))
        if self.chance(0.02):
            inner += self.pick(["\\0", '"', '"x', "\\", "\\0x"])
        form = self.pick(['"{}"'] * 60 + ['"{}', '{}"', "{}", '\\"{}\\"', "\u201c{}\u201d"])
        return [form.format(inner)]

    def dword(self, _wide):
        digits = "".join(self.pick("0123456789abcdefABCDEF") for _ in range(self.pick([8] * 12 + [1, 2, 4, 9, 10, 0])))
        if self.chance(0.06):
            digits = self.pick(["0x1", "1 2", "hello", "-1", "00000001h", "1;2", "1#2", "000000001", "g"])
        return [self.pick(["dword:"] * 60 + ["DWORD:", "dword: ", "dword:\t", "dword :", "qword:", "dword"]) + digits]

    def hex(self, wide):
        kind = self.pick(TYPES) if self.chance(0.8) else self.pick(["1", "2", "7"])
        tag = "hex:" if self.chance(0.3) else f"hex({kind}):"
        if self.chance(0.01):
            tag = self.pick([f"hex({self.pick(BAD_TYPES)}):", "HEX:", "Hex(2):", "hex :", "hex"])
        count = self.pick([0, 2, 4, 4, 8, 8, 12, 30] if wide and tag in STRINGS else [0, 1, 2, 3, 4, 4, 8, 8, 12, 30])
        numbers = [self.random.randint(0, 255) for _ in range(count)]
        if self.chance(0.6):
            numbers = self.string(wide, count)
        items = [self.pick(["{:02x}", "{:02x}", "{:02x}", "{:02X}", "{:x}", "{:03x}"]).format(it) for it in numbers]
        if self.chance(0.01) and items:
            items[self.random.randrange(len(items))] = self.pick(["100", "1a4", "g", "", "zz"])
        return self.wrapped(tag, items)

    def string(self, wide, count):
        text = "".join(self.pick("abcXYZ%\\;\0\u00fc") for _ in range(max(1, count // 2))) + self.pick(["", "\0", "\0\0"])
        return list(text.encode("utf-16-le")) if wide else list(text.encode("cp1252"))

    def wrapped(self, tag, items):
        """The list over one or more lines, mostly as regedit breaks it."""
        lines, line = [], tag
        if self.chance(0.05):
            lines.append(line + "\\")
            line = "  "
        for index, item in enumerate(items):
            is_last = index + 1 == len(items)
            line += item + ("" if is_last and self.chance(0.9) else ",")
            if not is_last and self.chance(0.15):
                line, lines = self.broken(line, lines)
        return [*lines, line]

    def broken(self, line, lines):
        end = self.pick(["\\"] * 60 + ["  \\"] * 4 + ["\\ ", "\\;c", "\\  ;c", "\\#c", "", ";c", "\\\\", "/"])
        if self.chance(0.01):
            line = line.rstrip(",")
        lines.append(line + end)
        if self.chance(0.06):
            lines.append(self.pick(["", "  ", ";c", "  ;c", "#c", "  #c", "\\", '"lost"="x"', '@="x"', f"[{self.root}\\lost]", ","]))
        return self.pick(["  ", "  ", "  ", "\t", "", " "]), lines

    def other(self, _wide):
        return [self.pick(["-"] * 9 + ["- ", "-x", '-"x"', "", ";c", "#c", "x", "hex", "str:1", "\\", "@"])]

    def junk(self, _wide):
        return [self.pick(["", "", "  ", "; c", "  ;\"a\"=\"b\"", "# c", "// c", "text", "65,00", "  65,00", ";c\\", "#c\\", FIVE, FOUR, "\x1a", ",", "\\"])]

    def damaged(self, lines):
        """One line lost, doubled, cut, joined with the next, or with a character changed."""
        lines = list(lines)
        for _ in range(self.random.randint(1, 2)):
            at = self.random.randrange(2, len(lines)) if len(lines) > 2 else 1
            line = lines[at]
            kind = self.random.randrange(6)
            if kind == 0:
                del lines[at]
            elif kind == 1:
                lines.insert(at, line)
            elif kind == 2 and line:
                lines[at] = line[: self.random.randrange(len(line))]
            elif kind == 3 and at + 1 < len(lines):
                lines[at : at + 2] = [line + lines[at + 1]]
            elif kind == 4 and line:
                where = self.random.randrange(len(line))
                lines[at] = line[:where] + self.pick(list('"\\;#,[]=@- 0g')) + line[where + 1 :]
            elif line:
                where = self.random.randrange(len(line) + 1)
                lines[at] = line[:where] + self.pick(list('"\\;#,[]=@- 0g\t')) + line[where:]
        return lines


def until_stop(lines):
    """The lines up to the first one at which Wine stops."""
    for at, line in enumerate(lines):
        if any(stop.match(line) for stop in STOPS):
            return lines[: at + 1]
    return lines
