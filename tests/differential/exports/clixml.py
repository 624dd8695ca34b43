#!/usr/bin/env python3
"""A second reader of Export-Clixml and ConvertTo-Xml, compared with what `owalint facts` says of the same files.

It is built on the XML parser of Python's library, and reads the format by its grammar: which values an object has of
its own, what each prints as, what a reference means. It compares names, states and values of every property of every
OWA virtual directory, in real files (`--files`, which may be given more than once) and in random ones (`--seeds`):

    cargo build && python3 tests/differential/exports/clixml.py --bin target/debug/owalint --seeds 0-300

A difference is printed with its file, and the exit code is 1.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://schemas.microsoft.com/powershell/2004/04"
VDIR = "Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory"
CONTAINERS = {"LST", "IE", "STK", "QUE"}
NUMBERS = {"By", "SB", "U16", "I16", "U32", "I32", "U64", "I64", "Sg", "Db", "D"}
PLAIN = {"G", "URI", "DT", "TS", "Version", "SemanticVersion"}
# What implicit remoting adds to every object; `facts` leaves it out.
ADDED = {"PSComputerName", "PSShowComputerName"}
ESCAPED = {"S", "XD", "SBK"}

EMPTY = ("empty", None)
UNREADABLE = ("unreadable", None)
RECORD = ("record", None)


def decode(text):
    """The escapes of CLIXML, by way of units of UTF-16."""

    def unit(match):
        number = int(match.group(1), 16)
        if len(match.group(1)) == 8:
            return chr(number) if 0x10000 <= number <= 0x10FFFF else match.group(0)
        return chr(number)

    units = re.sub(r"_[Xx]([0-9A-Fa-f]{4}|[0-9A-Fa-f]{8})_", unit, text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def is_type_name(text):
    return re.match(r"(Deserialized\.)?(System|Microsoft\.Exchange|Microsoft\.PowerShell)\.[\w.+]+([\[`]|$)", text)


def local(element):
    return element.tag.rsplit("}", 1)[-1]


class Clixml:
    """One file; objects by their ids, and the names of types by theirs."""

    def __init__(self, root):
        self.objects, self.names = {}, {}
        self.root = root
        for element in root.iter():
            if local(element) == "Obj" and "RefId" in element.attrib:
                self.objects[element.get("RefId")] = element
            elif local(element) == "TN":
                self.names[element.get("RefId")] = element

    def part(self, element, *names):
        return next((child for child in element if local(child) in names), None)

    def type_name(self, element):
        names = self.part(element, "TN", "TNRef")
        if names is None:
            return ""
        if local(names) == "TNRef":
            names = self.names[names.get("RefId")]
        return decode(self.part(names, "T").text or "").rsplit(".", 1)[-1]

    def vdirs(self):
        pending, seen, found = list(reversed(self.root)), set(), []
        while pending:
            element = pending.pop()
            if local(element) == "Ref":
                element = self.objects[element.get("RefId")]
            if id(element) in seen:
                continue
            seen.add(id(element))
            container = self.part(element, *CONTAINERS) if local(element) == "Obj" else element
            if container is not None and local(container) in CONTAINERS:
                pending.extend(reversed(container))
            elif self.type_name(element) == "ADOwaVirtualDirectory":
                found.append(self.properties(element))
        return found

    def properties(self, element):
        found = {}
        for holder in element:
            if local(holder) in ("Props", "MS"):
                for member in holder:
                    name = decode(member.get("N", ""))
                    if local(member) != "MS" and name != "SerializationData":
                        found[name] = self.value(name, member)
        return found

    def value(self, name, element):
        tag = local(element)
        if tag == "Ref":
            return self.value(name, self.objects[element.get("RefId")])
        if tag == "Nil":
            return EMPTY
        if tag in CONTAINERS:
            return self.items(element)
        if tag == "Obj":
            return self.object(name, element)
        if tag in ("BA", "SS"):
            return UNREADABLE
        text = element.text or ""
        if tag in ESCAPED:
            return known(name, decode(text))
        text = text.strip()
        if tag == "B":
            text = {"true": "True", "1": "True", "false": "False", "0": "False"}[text]
        elif tag == "C":
            text = decode(f"_x{int(text):04X}_")
        return known(name, text)

    def object(self, name, element):
        container = self.part(element, *CONTAINERS)
        if container is not None:
            return self.items(container)
        printed = self.part(element, "ToString")
        base = self.part(element, *NUMBERS, *PLAIN, *ESCAPED, "B", "C")
        if printed is not None and (printed.text or "").strip() and not is_type_name(decode(printed.text)):
            return known(name, decode(printed.text))
        if base is not None:
            return self.value(name, base)
        if printed is not None and not (printed.text or "").strip():
            return EMPTY
        return RECORD

    def items(self, container):
        found, whole = [], True
        for child in container:
            if local(child) == "Nil":
                continue
            meant = self.objects[child.get("RefId")] if local(child) == "Ref" else child
            is_list = local(meant) == "Obj" and self.part(meant, *CONTAINERS) is not None
            state, value = RECORD if is_list else self.value("", meant)
            value = "" if state == "empty" else value
            if isinstance(value, str):
                found.append(value.strip())
            else:
                whole = False
        return ("known" if whole else "truncated", found)


class ConvertToXml:
    """One file of `Object` and `Property` elements."""

    def __init__(self, root):
        self.root = root

    def vdirs(self):
        pending, found = list(reversed(self.root)), []
        while pending:
            element = pending.pop()
            if len(element) and element[0].get("Name") is None:
                pending.extend(reversed(element))
            else:
                properties = {child.get("Name"): self.value(child.get("Name"), child) for child in element}
                classes = properties.get("ObjectClass", ("", []))[1]
                if element.get("Type", "").endswith("ADOwaVirtualDirectory") or "msExchOWAVirtualDirectory" in classes:
                    found.append(properties)
        return found

    def value(self, name, element):
        if not len(element):
            return known(name, element.text or "")
        if element[0].get("Name") is not None:
            return RECORD
        texts = [child.text or "" for child in element if not len(child)]
        whole = len(texts) == len(element) and not any(is_type_name(text) for text in texts)
        return ("known" if whole else "truncated", [text.strip() for text in texts if not is_type_name(text)])


def known(name, text):
    if is_type_name(text):
        return UNREADABLE
    if not text.strip():
        return EMPTY
    if name.lower().endswith("authenticationmethods"):
        return ("known", [word for word in re.split("[ ,;]", text) if word])
    return ("known", text)


def expected(path):
    root = ElementTree.parse(path).getroot()
    reader = Clixml(root) if local(root) == "Objs" else ConvertToXml(root)
    return {vdir["Identity"][1]: vdir for vdir in reader.vdirs()}


def actual(binary, path):
    run = subprocess.run([binary, "facts", "--format", "json", str(path)], capture_output=True, text=True, check=False)
    found = {}
    for server in json.loads(run.stdout)["servers"]:
        for vdir in server["vdirs"]:
            found[vdir["identity"]] = {it["name"]: (it["state"], it["value"]) for it in vdir["properties"]}
            for it in vdir["properties"]:
                check_place(path, it)
    return found


def check_place(path, fact):
    """A plain value stands where its location says; texts that were escaped are shown as they stand in the file."""
    text = fact["at"]["text"]
    value = fact["value"]
    if isinstance(value, str) and value not in ("True", "False") and not re.search(r"_x|&|\ufffd|\r", text):
        if text != value and "<" not in text and not text.isdigit():
            print(f"{path}: {fact['name']} is {value!r} and points at {text!r}")
            sys.exit(1)


def compare(binary, path):
    """How many properties were compared, and how many differ."""
    wanted, found = expected(path), actual(binary, path)
    differences = []
    if wanted.keys() != found.keys():
        differences.append(f"virtual directories {sorted(wanted)} and {sorted(found)}")
    count = 0
    for identity in wanted.keys() & found.keys():
        mine = {name: value for name, value in wanted[identity].items() if name not in ADDED}
        theirs = found[identity]
        if mine.keys() != theirs.keys():
            differences.append(f"names {sorted(mine.keys() ^ theirs.keys())}")
        for name in mine.keys() & theirs.keys():
            count += 1
            if mine[name] == RECORD:
                continue
            if mine[name] != theirs[name]:
                differences.append(f"{name}: {mine[name]} and {theirs[name]}")
    for difference in differences:
        print(f"{path}: {difference}")
    return count, len(differences)


class Writer:
    """Writes random exports as PowerShell would, and some that it would read although it does not write them."""

    WORDS = ["owa", "https://x/owa", "Münster", "a_x0041_b", "_", "_x", "😀", "a & b", "<i>", "\r\n", "\t", " y ", "1", "]]>", "_x005F_"]

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.ids = 0
        self.types = []
        self.objects = []

    def text(self):
        return "".join(self.random.choice(self.WORDS) for _ in range(self.random.randint(0, 4)))

    def encoded(self, text, damaged=True):
        units = text.encode("utf-16-le", "surrogatepass")
        units = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
        if damaged and self.random.random() < 0.05:
            units.insert(self.random.randint(0, len(units)), self.random.choice([0xD83D, 0xDE00, 0x0, 0x1B]))
        out = ""
        for at, unit in enumerate(units):
            before_x = at + 1 < len(units) and units[at + 1] in (0x58, 0x78)
            if unit < 0x20 or 0x7F <= unit < 0xA0 or 0xD800 <= unit < 0xE000 or (unit == 0x5F and before_x):
                out += f"_x{unit:04X}_"
            else:
                out += chr(unit)
        return escape(out)

    def tag(self, kind, name, inside, extra=""):
        attribute = f" N={quoteattr(name)}" if name else ""
        if not inside:
            return self.random.choice([f"<{kind}{attribute}{extra} />", f"<{kind}{attribute}{extra}></{kind}>"])
        return f"<{kind}{attribute}{extra}>{inside}</{kind}>"

    def primitive(self, name):
        number = str(self.random.randint(-9, 999))
        kind, inside = self.random.choice(
            [
                ("S", self.encoded(self.text())),
                ("S", self.encoded(self.text())),
                ("URI", "https://cas1/owa"),
                ("B", self.random.choice(["true", "false", "1", "0"])),
                ("I32", number),
                ("I64", number),
                ("Db", "1.5"),
                ("C", str(self.random.randint(33, 255))),
                ("DT", "2014-06-30T16:07:20-05:00"),
                ("TS", "PT8H"),
                ("G", "61dbac96-580b-5526-a79d-5b5cb28c2900"),
                ("Version", "14.3.123.4"),
                ("BA", "AAEAAAD/////"),
                ("S", "System.Object[]"),
                ("SBK", self.encoded("exit 1")),
            ]
        )
        return self.tag(kind, name, inside)

    def names(self, first):
        known = [identity for identity, name in self.types if name == first]
        if known and self.random.random() < 0.7:
            return f'<TNRef RefId="{known[0]}" />'
        self.ids += 1
        self.types.append((self.ids, first))
        return f'<TN RefId="{self.ids}"><T>{escape(first)}</T><T>System.Object</T></TN>'

    def obj(self, name, parts):
        """The parts are functions, called in the order of the file, since a reference may only look back."""
        self.ids += 1
        mine = self.ids
        self.objects.append(mine)
        parts = self.random.sample(parts, len(parts)) if self.random.random() < 0.3 else parts
        return self.tag("Obj", name, "\n".join(part() for part in parts), f' RefId="{mine}"')

    def enumeration(self, name):
        word = self.random.choice(["Basic", "Fba", "Ntlm"])
        return self.obj(
            name, [lambda: self.names("A.Method"), lambda: f"<ToString>{word}</ToString>", lambda: "<I32>0</I32>"]
        )

    def identity(self, name, printed):
        return self.obj(
            name,
            [
                lambda: self.names("A.ADObjectId"),
                lambda: self.tag("ToString", "", self.encoded(printed, damaged=name != "Identity")),
                lambda: f'<Props><S N="Name">wrong</S><S N="InternalUrl">wrong</S>{self.value("Inner", 3)}</Props>',
                lambda: '<MS><BA N="SerializationData">AAEA</BA><MS N="Set"><S N="InternalUrl">wrong</S></MS></MS>',
            ],
        )

    def methods(self):
        items = lambda: "".join(self.enumeration("") for _ in range(self.random.randint(0, 3)))
        parts = [lambda: self.names("A.List"), lambda: self.tag("LST", "", items())]
        return self.obj("InternalAuthenticationMethods", parts)

    def list(self, name, depth):
        kind = self.random.choice(["LST", "IE", "STK", "QUE"])
        count = self.random.randint(0, 4)
        items = lambda: "".join(self.value("", depth + 1) for _ in range(count))
        return self.obj(name, [lambda: self.names("A.List`1[[System.String, x]]"), lambda: self.tag(kind, "", items())])

    def value(self, name, depth=0):
        choice = self.random.random()
        if choice < 0.5 or depth > 3:
            return self.primitive(name)
        if choice < 0.6:
            return self.tag("Nil", name, "")
        if choice < 0.7:
            return self.enumeration(name)
        if choice < 0.85:
            return self.list(name, depth)
        if choice < 0.93 and self.objects:
            return self.tag("Ref", name, "", f' RefId="{self.random.choice(self.objects)}"')
        return self.identity(name, self.text())

    def vdir(self, number):
        identity = f"CAS{number}\\owa (Default Web Site)"
        values = [lambda at=at: self.value(f"Value{at}") for at in range(self.random.randint(0, 12))]
        values += [
            self.random.choice(
                [lambda: self.identity("Identity", identity), lambda: f'<S N="Identity">{identity}</S>']
            ),
            self.random.choice([lambda: '<S N="InternalAuthenticationMethods">Basic Fba</S>', self.methods]),
            lambda: f'<URI N="InternalUrl">http://cas{number}/owa</URI>',
        ]
        self.random.shuffle(values)
        prefix = self.random.choice(["", "Deserialized."])
        return self.obj(
            "",
            [
                lambda: self.names(prefix + VDIR),
                lambda: f"<ToString>{identity}</ToString>",
                lambda: "<Props>\n" + "\n".join(value() for value in values) + "\n</Props>",
                lambda: '<MS><S N="Note">x</S><MS N="Set"><S N="InternalUrl">wrong</S></MS></MS>',
            ],
        )

    def clixml(self):
        objects = [self.vdir(number) for number in range(1, self.random.randint(2, 4))]
        if self.random.random() < 0.3:
            objects = ['<Obj RefId="all"><LST>', *objects, "</LST></Obj>"]
        return f'<Objs Version="1.1.0.1" xmlns="{NAMESPACE}">\n' + "\n".join(objects) + "\n</Objs>"

    def converted(self):
        types = self.random.random() < 0.5
        kind = lambda name: f' Type="{name}"' if types else ""
        objects = []
        for number in range(1, self.random.randint(2, 4)):
            identity = f"CAS{number}\\owa (Default Web Site)"
            values = [("Identity", identity), ("InternalUrl", f"http://cas{number}/owa")]
            values += [("ObjectClass", ["top", "msExchOWAVirtualDirectory"])]
            values += [
                (f"Value{at}", self.random.choice([self.text(), [self.text() for _ in range(self.random.randint(1, 4))]]))
                for at in range(self.random.randint(0, 8))
            ]
            inside = ""
            for name, value in values:
                start = f'<Property Name="{name}"{kind("System.Object")}'
                if isinstance(value, list):
                    items = "".join(f"\n<Property{kind('A.B')}>{escape(it)}</Property>" for it in value)
                    inside += f"{start}>{items}\n</Property>\n"
                elif value:
                    inside += f"{start}>{escape(value)}</Property>\n"
                else:
                    inside += f"{start} />\n"
            objects.append(f"<Object{kind(VDIR)}>\n{inside}</Object>")
        return '<?xml version="1.0" encoding="utf-8"?>\n<Objects>\n' + "\n".join(objects) + "\n</Objects>"

    def file(self):
        is_clixml = self.random.random() < 0.75
        text = self.clixml() if is_clixml else self.converted()
        if self.random.random() < 0.5:
            text = text.replace("\r\n", "\n").replace("\n", "\r\n")
        if is_clixml and self.random.random() < 0.5:
            mark = "\ufeff" + text
            return mark.encode(self.random.choice(["utf-8", "utf-16-le", "utf-16-be"]))
        return text.encode("utf-8")


def is_export(path):
    """Whether a file is one of ours; a folder holds other XML too, and XML that is broken."""
    try:
        return local(ElementTree.parse(path).getroot()) in ("Objs", "Objects")
    except ElementTree.ParseError:
        return False


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bin", required=True)
    arguments.add_argument("--seeds", default="0-300")
    arguments.add_argument("--files", action="append", default=[], help="a file, or a folder of them")
    options = arguments.parse_args()
    count = files = failures = 0
    for given in map(pathlib.Path, options.files):
        for path in sorted(given.rglob("*.xml")) if given.is_dir() else [given]:
            if not is_export(path):
                continue
            compared, differing = compare(options.bin, path)
            files, count, failures = files + 1, count + compared, failures + differing
            print(f"{path}: {compared} properties, {differing} differ")
    first, last = map(int, options.seeds.split("-"))
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(first, last):
            path = pathlib.Path(folder) / f"seed{seed}.xml"
            path.write_bytes(Writer(seed).file())
            compared, differing = compare(options.bin, path)
            files, count, failures = files + 1, count + compared, failures + differing
            if differing:
                print(path.read_bytes().decode("utf-8", "replace")[:4000])
                break
    print(f"{files} files, {count} properties compared, {failures} differ")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
