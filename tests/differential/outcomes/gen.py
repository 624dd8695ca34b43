"""Random estates: the abstract truth (model.py) and the files that say it. Deterministic by seed."""
import os, random, re
from model import *

OWA = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\MSExchange OWA"
NAMES = ["CAS1", "CAS2", "CAS3", "CAS4", "EX-HQ", "MBX7", "Lyon", "KIEV01", "casnorth", "EXCH-B2", "Tokyo9", "PARIS"]
DOMAINS = ["corp.example.com", "branch.example.net"]
SITES = ["HQ", "Branch", "Lab"]


def chance(rng, p):
    return rng.random() < p


def recase(rng, text):
    return rng.choice([text, text, text.lower(), text.upper(), text.title()])


class Estate:
    def __init__(self):
        self.servers = []
        self.files = {}            # path -> bytes
        self.text = {}             # path -> decoded text with its line ends
        self.owner = {}            # path -> server, for IIS and registry files
        self.kind = {}             # path -> "list" "iis" "reg" "estate" "noise"
        self.bad_input = False     # something in it deserves an INP error
        self.notes = []


# ---- writing -------------------------------------------------------------------------------------

def put(rng, e, path, text, kind, owner=None, plain=False):
    eol = rng.choice(["\r\n", "\r\n", "\r\n", "\n", "\n", "\r", "mixed"])
    if plain:
        eol = rng.choice(["\r\n", "\n"])
    if eol == "mixed":
        text = "".join(c if c != "\n" else rng.choice(["\r\n", "\n"]) for c in text)
    else:
        text = text.replace("\n", eol)
    ascii_only = all(ord(c) < 128 for c in text)
    choices = [("utf-8", b"")] * 4 + [("utf-8", b"\xef\xbb\xbf")] * 2
    if not plain:
        choices += [("utf-16-le", b"\xff\xfe")] * 3 + [("utf-16-be", b"\xfe\xff")] + [("utf-16-le", b""), ("utf-16-be", b"")]
    else:
        choices = [("utf-8", b"")]
    if not ascii_only and kind == "list" and not plain:
        try:
            text.encode("cp1252")
            choices += [("cp1252", b"")] * 2
        except UnicodeEncodeError:
            pass
    encoding, bom = rng.choice(choices)
    assert path not in e.files, path
    e.files[path] = bom + text.encode(encoding)
    e.text[path] = text
    e.kind[path] = kind
    e.owner[path] = owner


def wrap(text, F, hard):
    """the physical lines of one value in a field of F cells (one cell a character here)."""
    if len(text) <= F:
        return [text]
    if hard:
        return [text[i:i + F] for i in range(0, len(text), F)]
    words, word = [], ""
    for c in text:
        word += c
        if c in " \t":
            words.append(word)
            word = ""
    if word:
        words.append(word)
    lines, line = [], ""
    for word in words:
        if len(word) > F:
            for c in word:
                if len(line) == F:
                    lines.append(line)
                    line = ""
                line += c
        elif len(word) > F - len(line):
            lines.append(line)
            line = word
        else:
            line += word
    lines.append(line)
    return lines


def format_list(rng, records, command="Get-OwaVirtualDirectory"):
    """Format-List text of records, each a list of (name, value)."""
    width = rng.choice([None, None, 79, 119])
    hard = chance(rng, 0.2)
    trim = width is None and chance(rng, 0.25)
    out = rng.choice(["\n\n", "\n", f"[PS] C:\\Windows\\system32>{command} | fl\n\n\n", "\n\n"])
    for record in records:
        L = max(len(name) for name, _ in record)
        for name, value in record:
            lines = [value] if width is None else wrap(value, width - (L + 3), hard)
            text = name.ljust(L) + " : " + ("\n" + " " * (L + 3)).join(lines)
            out += (text.rstrip(" ") if trim else text) + "\n"
        out += "\n"
    return out + rng.choice(["\n\n", "", "\n"])


# ---- URLs ----------------------------------------------------------------------------------------

def make_url(rng, server, p_http=0.25):
    host = rng.choice([server.fqdn] * 6 + [server.fqdn.upper(), server.name.lower(), server.name, "nlb.corp.example.com", "owa.example.org"])
    if chance(rng, 0.06):
        host = rng.choice(["10.1.2.3", "192.168.7.20", "[fe80::1]", "[2001:db8::7]", "localhost", "127.0.0.1"])
    scheme = rng.choice(["http", "http", "http", "HTTP", "Http"]) if chance(rng, p_http) else rng.choice(["https"] * 5 + ["HTTPS", "Https"])
    port = ""
    if chance(rng, 0.12):
        port = rng.choice([":8443", ":8080", ":444"])
    elif chance(rng, 0.1):
        port = {"http": ":80", "https": ":443"}[scheme.lower()]
    path = rng.choice(["/owa"] * 7 + ["/owa/", "/OWA", "/Owa/", "/oWa"])
    if chance(rng, 0.1):
        path = rng.choice(["", "/", "/exchange", "/owa/auth", "/owa2", "/ow", "/owa/owa", "/owa?x=1", "/owa/?layout=light", "/ecp", "/owa/corp.example.com", "/mail/owa", "/OWA.aspx"])
    url = f"{scheme}://{host}{port}{path}"
    if chance(rng, 0.035):
        url = rng.choice([f"ftp://{host}/owa", "/owa", "owa", f"{host.strip('[]')}/owa" if ":" not in host else "/owa", f"//{host}/owa", f"net.tcp://{host}/owa", "https://", "mailto:owa@example.com"])
    return url


# ---- IIS -----------------------------------------------------------------------------------------

FLAGS = {"site": [None, None, "Ssl, Ssl128", "Ssl, Ssl128", "Ssl", "None", "ssl,SSL128", "Ssl, SslNegotiateCert"],
         "vdir": [None] * 9 + ["None", "None", "Ssl", "Ssl, Ssl128", "Ssl128", "Ssl, SslNegotiateCert, Ssl128", "Ssl, SslNegotiateCert, SslRequireCert", "sslrequirecert", "SslNegotiateCert"],
         "root": ["None", "None", None, "None", "Ssl", "Ssl, SslNegotiateCert, SslRequireCert"]}
RANGES = [("10.0.0.0", "255.0.0.0"), ("10.1.0.0", "255.255.0.0"), ("10.1.1.0", "255.255.255.0"), ("10.1.1.1", None), ("10.1.1.2", "255.255.255.255"), ("192.168.0.0", "255.255.0.0"),
          ("192.168.7.20", None), ("172.16.0.0", "255.240.0.0"), ("10.2.0.9", None), ("10.2.0.0", "255.255.255.0"), ("10.1.1.128", "255.255.255.128")]
ADDRESSES = ["10.1.1.1", "10.1.1.2", "10.1.9.9", "10.2.0.9", "192.168.7.20", "172.20.1.1", "203.0.113.5", "10.1.1.200"]


def make_bindings(rng, url):
    it = parse_url(url) if url else None
    noise = [("http", "*:80:"), ("https", ":443:"), ("net.tcp", "808:*"), ("net.pipe", "*"), ("http", "127.0.0.1:81:"), ("net.msmq", "localhost"), ("https", "*:444:"),
             ("https", "127.0.0.1:443:"), ("http", ":80:other.example.com"), ("https", "[::1]:9443:")]
    if it is None:
        out = [("http", "*:80:"), ("https", "*:443:")] + rng.sample(noise[2:], rng.randrange(3))
    else:
        scheme, host, port = it[:3]
        literal = host.startswith("[") or re.match(r"^[\d.]+$", host)
        if chance(rng, 0.9):
            address = rng.choice(["*", "", "", "*", "10.1.2.3", "[::1]", "0.0.0.0", "127.0.0.1"])
            name = "" if literal else rng.choice([""] * 6 + [host, host.upper()])
            out = [(scheme, f"{address}:{port}:{name}")] + [x for x in rng.sample(noise, rng.randrange(4))]
        else:
            other = {"http": "https", "https": "http"}[scheme]
            out = rng.choice([
                [],
                [(other, f"*:{port}:")],
                [(scheme, f"*:{port + 1000}:")],
                [(scheme, f"*:{port}:wrong.example.com")],
                [(scheme, f"*:{port}:wrong.example.com"), (scheme, f"*:{port + 1}:"), (other, "*:81:"), ("net.tcp", "808:*")],
            ])
    rng.shuffle(out)
    return list(dict.fromkeys(out))


def bad_pool(rng, pools):
    if chance(rng, 0.5):
        return "MissingPool"
    pools["StoppedPool"] = False
    return "StoppedPool"


def make_iis(rng, server, judged, targets_http, addresses_known):
    """The truth of one applicationHost.config. `judged`: {site name: url} of the server's vdirs."""
    iis = Iis()
    iis.pools = {"DefaultAppPool": rng.choice([None, True]), "MSExchangeOWAAppPool": rng.choice([None, True, True])}
    ids = {"Default Web Site": 1, "OWA Internal": 2, "Sales & Web": 5, "Other Site": 7}
    if chance(rng, 0.1):
        ids = {"Default Web Site": 3, "OWA Internal": 4, "Sales & Web": 12, "Other Site": 1}
    names = list(dict.fromkeys(list(judged) or ["Default Web Site"]))
    others = [x for x in ids if x not in names]
    for x in others:
        if chance(rng, 0.35):
            names.append(x)
    rng.shuffle(names)
    owner_path = {}
    for v in server.vdirs:
        owner_path[v.site_truth] = v.path
    for name in names:
        site = Site(name=name, id=ids[name])
        site.autostart = rng.choice([None, None, True]) if not chance(rng, 0.05) else False
        site.bindings = make_bindings(rng, judged.get(name)) if name in judged or chance(rng, 0.5) else [("https", "*:8443:"), ("http", "*:8080:")]
        path = owner_path.get(name, "owa")
        site.apps = [App("/", rng.choice([None, None, "DefaultAppPool"]))]
        how = rng.random()
        if how < 0.62:
            pool = "MSExchangeOWAAppPool" if chance(rng, 0.8) else "msexchangeowaapppool"
        elif how < 0.74:
            pool = bad_pool(rng, iis.pools) if chance(rng, 0.6) else "MSExchangeOWAAppPool"
        else:
            pool = None
        if chance(rng, 0.93):
            site.apps.append(App("/" + recase(rng, path) if chance(rng, 0.3) else "/" + path, pool))
        if chance(rng, 0.4):
            site.apps.append(App("/ecp", "MSExchangeOWAAppPool"))
        if chance(rng, 0.2):
            site.apps.append(App("/owa2", "DefaultAppPool"))
        if chance(rng, 0.15):
            site.default_pool = rng.choice(["DefaultAppPool", "MSExchangeOWAAppPool", bad_pool(rng, iis.pools)])
        rng.shuffle(site.apps)
        iis.sites.append(site)
    if chance(rng, 0.15):
        iis.default_pool = rng.choice(["DefaultAppPool", "MSExchangeOWAAppPool", bad_pool(rng, iis.pools)])
    # an application that is missing leaves the question which pool serves /owa: keep all good then
    for site in iis.sites:
        if not any(a.path.lower() == "/" + owner_path.get(site.name, "owa").lower() for a in site.apps):
            site.default_pool = None
            iis.default_pool = None
    used_bad = {a.pool for s in iis.sites for a in s.apps} | {s.default_pool for s in iis.sites} | {iis.default_pool}
    if "StoppedPool" not in used_bad:
        iis.pools.pop("StoppedPool", None)

    def setting(level, section, **attributes):
        it = iis.settings.setdefault(level.lower(), {}).setdefault(section, {})
        it.update({k: v for k, v in attributes.items() if v is not None})
        return it

    # server level
    setting("", "access", sslFlags=rng.choice(FLAGS["root"][:4]) if chance(rng, 0.93) else rng.choice(FLAGS["root"]))
    setting("", "anonymousAuthentication", enabled=rng.choice([True, True, None, False]))
    root_windows = setting("", "windowsAuthentication", enabled=rng.choice([False, False, None, True]))
    base_providers = rng.choice([["Negotiate", "NTLM"]] * 4 + [["NTLM"], None, None])
    if base_providers:
        root_windows["ops"] = [("add", x) for x in base_providers]
    setting("", "handlers", accessPolicy=rng.choice(["Read, Script", "Read, Script", None, "Read", "Read,Execute,Script"]))
    setting("", "httpRedirect", enabled=rng.choice([False, False, None, None]))
    if chance(rng, 0.02):
        setting("", "httpRedirect", enabled=True)
    ip_here = chance(rng, 0.3)
    taken = []

    def ip_ops(level, p):
        """Random ipSecurity of one level; keys are never added twice."""
        nonlocal taken
        if not chance(rng, p):
            return
        ops = []
        if chance(rng, 0.2):
            ops.append(("clear",))
            taken = []
        for key in [k for k in taken if chance(rng, 0.25)]:
            ops.append(("remove", key[0], key[1]))
            taken.remove(key)
        for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
            key = rng.choice(RANGES)
            if (key[0], key[1] or "255.255.255.255") in [(k[0], k[1] or "255.255.255.255") for k in taken]:
                continue
            taken = taken + [key]
            ops.append(("add", key[0], key[1], chance(rng, 0.5)))
        it = setting(level, "ipSecurity", allowUnlisted=rng.choice([None, None, True, True, False]))
        it["ops"] = ops

    if ip_here:
        ip_ops("", 0.4)
    root_taken = list(taken)
    for site in iis.sites:
        name, path = site.name, owner_path.get(site.name, "owa")
        http = targets_http.get(name, False)
        level = name + "/" + path
        if chance(rng, 0.75):
            setting(name, "access", sslFlags=rng.choice(FLAGS["site"]) if not (http and chance(rng, 0.5)) else "None")
        flag = rng.choice(FLAGS["vdir"])
        if flag and "require" in flag.lower() and chance(rng, 0.5):
            flag = None
        if http and chance(rng, 0.45):
            flag = rng.choice(["None", "None", "Ssl128"])
        if flag or chance(rng, 0.1):
            setting(level, "access", sslFlags=flag)
        if chance(rng, 0.2):
            setting(name, "anonymousAuthentication", enabled=rng.choice([True, False, None]))
        if chance(rng, 0.94):
            setting(level, "anonymousAuthentication", enabled=False if chance(rng, 0.93) else True)
        providers_known = bool(base_providers)
        current = list(base_providers or [])

        def provider_ops(where, p):
            nonlocal providers_known, current
            if not chance(rng, p):
                return
            ops = []
            if not providers_known or chance(rng, 0.5):
                ops.append(("clear",))
                current = []
                providers_known = True
            elif chance(rng, 0.3) and current:
                gone = rng.choice(current)
                ops.append(("remove", gone))
                current.remove(gone)
            for x in rng.choice([["Negotiate", "NTLM"], ["Negotiate", "NTLM"], ["Negotiate"], ["Negotiate:Kerberos"], ["NTLM", "Negotiate"], ["NTLM"], []]):
                if x not in current and not (x.startswith("Negotiate") and any(c.startswith("Negotiate") for c in current)):
                    current.append(x)
                    ops.append(("add", x))
            if ops:
                iis.settings.setdefault(where.lower(), {}).setdefault("windowsAuthentication", {})["ops"] = ops
        if chance(rng, 0.15):
            setting(name, "windowsAuthentication", enabled=rng.choice([True, False, None]))
        provider_ops(name, 0.12)
        if chance(rng, 0.95):
            setting(level, "windowsAuthentication", enabled=True if chance(rng, 0.93) else False)
        provider_ops(level, 0.4)
        if chance(rng, 0.3):
            setting(name, "handlers", accessPolicy=rng.choice(["Read, Script", "Read", None, "Read, Execute, Script"]))
        if chance(rng, 0.85):
            setting(level, "handlers", accessPolicy=rng.choice(["Read, Script"] * 9 + ["Read,Script,Execute", "script", "Script, Read, NoRemoteRead", "Read", "None", "Read, Script, NoRemoteScript", "Read, NoRemoteWrite, Script", None]))
        if chance(rng, 0.15):
            setting(name, "httpRedirect", enabled=rng.choice([True, True, False, None]))
        redirected = iis.settings.get(name.lower(), {}).get("httpRedirect", {}).get("enabled") or iis.settings[""]["httpRedirect"].get("enabled")
        if redirected and chance(rng, 0.6):
            setting(level, "httpRedirect", enabled=False)
        elif chance(rng, 0.08):
            setting(level, "httpRedirect", enabled=rng.choice([True, False, None]))
        taken = list(root_taken)
        if ip_here:
            ip_ops(name, 0.4)
            ip_ops(level, 0.5)
    return iis


def make_fragment(rng, iis):
    """Turns a truth into one without configSections, in which what is there is set outright."""
    iis.full = False
    shape = rng.choice(["no sites", "explicit", "explicit"])
    if shape == "no sites":
        iis.sites, iis.pools, iis.default_pool = [], {}, None
    else:
        for site in iis.sites:
            if site.autostart is None: site.autostart = True
            names = {a.path.lower() for a in site.apps}
            for path in sorted({"/owa"} | {"/" + lv.split("/")[1] for lv in iis.settings if lv.startswith(site.name.lower() + "/")}):
                if path not in names:
                    site.apps.append(App(path, "MSExchangeOWAAppPool"))
            for a in site.apps:
                if a.pool is None or a.pool == "MissingPool": a.pool = "MSExchangeOWAAppPool"
            site.default_pool = None
        iis.default_pool = None
        for name in iis.pools:
            if iis.pools[name] is None: iis.pools[name] = True
    for level in iis.settings.values():
        level.get("ipSecurity", {}).pop("ops", None)
        for section in list(level):
            if chance(rng, 0.2):
                del level[section]
        # providers: either whole (cleared first) or not at all
        ops = level.get("windowsAuthentication", {}).get("ops")
        if ops:
            if chance(rng, 0.5):
                level["windowsAuthentication"]["ops"] = [("clear",)] + [o for o in ops if o[0] == "add"]
            else:
                del level["windowsAuthentication"]["ops"]
    return iis


def esc(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def element(rng, name, attributes, body=None, indent=""):
    items = [(k, v) for k, v in attributes.items() if v is not None]
    if chance(rng, 0.2):
        rng.shuffle(items)
    q = "'" if chance(rng, 0.1) else '"'
    sep = "\n" + indent + "    " if len(items) > 1 and chance(rng, 0.05) else " "
    text = indent + "<" + name + "".join(f"{sep}{k}={q}{esc(str(v))}{q}" for k, v in items)
    if body:
        return text + ">\n" + body + indent + "</" + name + ">\n"
    return text + rng.choice([" />\n", "/>\n", f"></{name}>\n"])


def b(value):
    return None if value is None else "true" if value else "false"


SECTIONS = ["access", "ipSecurity", "httpRedirect", "anonymousAuthentication", "windowsAuthentication", "handlers"]


def webserver(rng, settings, indent):
    """<system.webServer> with some sections."""
    i2, i3, i4 = indent + "  ", indent + "    ", indent + "      "
    top, security, auth = "", "", ""
    for section in rng.sample(SECTIONS, len(SECTIONS)):
        if section not in settings:
            continue
        it = settings[section]
        ops = it.get("ops", [])
        if section == "access":
            security += element(rng, "access", {"sslFlags": it.get("sslFlags")}, None, i3)
        elif section == "ipSecurity":
            body = ""
            for op in ops:
                if op[0] == "clear": body += element(rng, "clear", {}, None, i4)
                elif op[0] == "remove": body += element(rng, "remove", {"ipAddress": op[1], "subnetMask": op[2]}, None, i4)
                else: body += element(rng, "add", {"ipAddress": op[1], "subnetMask": op[2], "allowed": b(op[3]) if op[3] or chance(rng, 0.6) else None}, None, i4)
            security += element(rng, "ipSecurity", {"allowUnlisted": b(it.get("allowUnlisted"))}, body, i3)
        elif section == "httpRedirect":
            extra = {"destination": "/owa"} if it.get("enabled") or chance(rng, 0.5) else {}
            if it.get("enabled") and chance(rng, 0.3): extra["childOnly"] = "true"
            top += element(rng, "httpRedirect", {"enabled": b(it.get("enabled")), **extra}, None, i2)
        elif section == "handlers":
            body = ""
            if chance(rng, 0.3):
                body = element(rng, "add", {"name": "owa-" + str(rng.randrange(99)), "path": "*.owa", "verb": "*", "type": "Some.Handler"}, None, i3)
            top += element(rng, "handlers", {"accessPolicy": it.get("accessPolicy")}, body, i2)
        elif section == "anonymousAuthentication":
            auth += element(rng, section, {"enabled": b(it.get("enabled")), "userName": rng.choice([None, "IUSR"])}, None, i4)
        else:
            body = ""
            if ops:
                inner = "".join(element(rng, op[0], {"value": op[1]} if len(op) > 1 else {}, None, i4 + "    ") for op in ops)
                body = element(rng, "providers", {}, inner, i4 + "  ")
            if chance(rng, 0.2):
                body += element(rng, "extendedProtection", {"tokenChecking": "None"}, None, i4 + "  ")
            auth += element(rng, section, {"enabled": b(it.get("enabled")), "useKernelMode": rng.choice([None, None, "false"])}, body, i4)
    if auth:
        security += element(rng, "authentication", {}, auth, i3)
    if security:
        top += element(rng, "security", {}, security, i2)
    return element(rng, "system.webServer", {}, top, indent) if top else ""


def split_settings(rng, settings):
    """The sections of one level as one part, or (each section once) as two."""
    parts = [settings]
    if len(settings) > 1 and chance(rng, 0.25):
        names = list(settings)
        rng.shuffle(names)
        cut = rng.randrange(1, len(names))
        parts = [{n: settings[n] for n in names[:cut]}, {n: settings[n] for n in names[cut:]}]
    return [p for p in parts if p]


def fake(rng, site):
    text = '<location path="' + esc(site) + rng.choice(["/owa", "", "/OWA"]) + '"><system.webServer><handlers accessPolicy="None" /><httpRedirect enabled="true" destination="/x" /><security><access sslFlags="Ssl, SslNegotiateCert, SslRequireCert" /><ipSecurity allowUnlisted="false" /></security></system.webServer></location>'
    if chance(rng, 0.3):
        text = text.replace("><", ">\n  <")
    return f"<!-- {text} -->\n"


NOISE = {"access": {"sslFlags": "Ssl, SslNegotiateCert, SslRequireCert"}, "handlers": {"accessPolicy": "None"}, "anonymousAuthentication": {"enabled": True},
         "httpRedirect": {"enabled": True}, "windowsAuthentication": {"enabled": False}, "ipSecurity": {"allowUnlisted": False}}


def render_iis(rng, iis, version="2010", root_name="configuration"):
    names = [s.name for s in iis.sites] or ["Default Web Site"]
    folder = {"2007": "", "2013": "V15\\"}.get(version, "V14\\")
    out = ""
    if chance(rng, 0.8):
        out += '<?xml version="1.0" encoding="UTF-8"?>\n'
    if chance(rng, 0.5):
        out += fake(rng, rng.choice(names))
    body = ""
    if iis.full:
        deny = lambda: rng.choice(["Deny", "Deny", "Allow"])
        body += f'''  <configSections>
    <sectionGroup name="system.applicationHost">
      <section name="applicationPools" allowDefinition="AppHostOnly" overrideModeDefault="Deny" />
      <section name="sites" allowDefinition="AppHostOnly" overrideModeDefault="Deny" />
    </sectionGroup>
    <sectionGroup name="system.webServer">
      <section name="handlers" overrideModeDefault="{deny()}" />
      <section name="httpRedirect" overrideModeDefault="{rng.choice(["Allow", "Allow", "Deny"])}" />
      <section name="defaultDocument" overrideModeDefault="Allow" />
      <sectionGroup name="security">
        <section name="access" overrideModeDefault="{deny()}" />
        <section name="ipSecurity" overrideModeDefault="{deny()}" />
        <sectionGroup name="authentication">
          <section name="anonymousAuthentication" overrideModeDefault="{deny()}" />
          <section name="windowsAuthentication" overrideModeDefault="{deny()}" />
        </sectionGroup>
      </sectionGroup>
    </sectionGroup>
  </configSections>
'''
    if iis.sites or iis.pools:
        pools = "".join(element(rng, "add", {"name": n, "autoStart": b(a), "managedRuntimeVersion": rng.choice([None, "v2.0"])}, None, "      ") for n, a in rng.sample(list(iis.pools.items()), len(iis.pools)))
        sites = ""
        for site in iis.sites:
            parts = []
            for a in site.apps:
                where = f"C:\\Program Files\\Microsoft\\Exchange Server\\{folder}ClientAccess\\owa" if a.path != "/" else "%SystemDrive%\\inetpub\\wwwroot"
                parts.append(element(rng, "application", {"path": a.path, "applicationPool": a.pool}, element(rng, "virtualDirectory", {"path": "/", "physicalPath": where}, None, "          "), "        "))
            if site.default_pool:
                parts.append(element(rng, "applicationDefaults", {"applicationPool": site.default_pool}, None, "        "))
            rng.shuffle(parts)
            bindings = "".join(element(rng, "binding", {"protocol": p, "bindingInformation": i}, None, "          ") for p, i in site.bindings)
            if bindings or chance(rng, 0.5):
                parts.insert(rng.randrange(len(parts) + 1), element(rng, "bindings", {}, bindings, "        "))
            if chance(rng, 0.15):
                parts.append("        <!-- <bindings><binding protocol=\"https\" bindingInformation=\"*:443:\" /></bindings> -->\n")
            sites += element(rng, "site", {"name": site.name, "id": site.id, "serverAutoStart": b(site.autostart)}, "".join(parts), "      ")
        if iis.default_pool:
            sites += element(rng, "applicationDefaults", {"applicationPool": iis.default_pool}, None, "      ")
        blocks = [element(rng, "applicationPools", {}, pools, "    ") if pools else "", element(rng, "sites", {}, sites, "    ") if sites else ""]
        rng.shuffle(blocks)
        body += element(rng, "system.applicationHost", {}, "".join(blocks), "  ")
    parts = []
    real = {}
    for name in names:
        real[name.lower()] = name
    levels = dict(iis.settings)
    root = levels.pop("", {})
    pieces = split_settings(rng, root)
    if pieces:
        parts.append(webserver(rng, pieces[0], "  "))
        for piece in pieces[1:]:
            inner = webserver(rng, piece, "    ")
            if inner:
                path = rng.choice(['path=""', 'path="."', ""])
                parts.append(f"  <location {path}>\n".replace(" >", ">") + inner + "  </location>\n")
    for level, settings in levels.items():
        site, _, rest = level.partition("/")
        full = real.get(site, site) + ("/" + rest if rest else "")
        for piece in split_settings(rng, settings):
            inner = webserver(rng, piece, "    ")
            if inner:
                parts.append(element(rng, "location", {"path": recase(rng, full), "overrideMode": rng.choice([None, None, None, "Inherit", "Allow"])}, inner, "  "))
    # places that do not count for any vdir
    taken = set()
    vdirs = [lv for lv in levels if "/" in lv] or [names[0].lower() + "/owa"]
    for _ in range(rng.randrange(4)):
        lv = rng.choice(vdirs)
        site, _, rest = lv.partition("/")
        path = rng.choice([f"{site}/{rest}/auth", f"{site}/{rest}/Calendar", f"{site}/{rest}x", f"{site}/ecp", "No Such Site", "No Such Site/owa", f"{site}/{rest[:-1]}", f"{rest}", f"{site}2/{rest}"])
        if path.lower() in levels or path.lower() in taken:
            continue
        taken.add(path.lower())
        picked = {n: NOISE[n] for n in rng.sample(list(NOISE), rng.randrange(1, 4))}
        parts.append(f'  <location path="{esc(path)}">\n' + webserver(rng, picked, "    ") + "  </location>\n")
    if chance(rng, 0.5):
        parts.append("  " + fake(rng, rng.choice(names)))
    # the body's own system.webServer stays first or goes anywhere: order is irrelevant
    if chance(rng, 0.5):
        rng.shuffle(parts)
    return out + f"<{root_name}>\n" + body + "".join(parts) + f"</{root_name}>\n"


# ---- registry ------------------------------------------------------------------------------------

VALUE_OPS = [
    ('dword:00000001', ("set", 1)), ('dword:00000001', ("set", 1)), ('dword:00000001', ("set", 1)), ('dword:1', ("set", 1)), ('dword:ffffffff', ("set", 1)), ('dword:00000002 ; on', ("set", 1)),
    ('hex(4):01,00,00,00', ("set", 1)), ('hex(4):00,00,00,01', ("set", 1)), ('hex(4):01,00,\\\n  00,00', ("set", 1)),
    ('dword:00000000', ("set", 0)), ('dword:0', ("set", 0)), ('hex(4):00,00,00,00', ("set", 0)),
    ('"1"', ("set", None)), ('hex:01,00,00,00', ("set", None)), ('hex(b):01,00,00,00,00,00,00,00', ("set", None)), ('hex(4):01,00', ("set", None)), ('hex(4):01,00,00,00,00,00,00,00', ("set", None)),
    ('hex(4):', ("set", None)), ('hex(2):31,00,00,00', ("set", None)), ('"true"', ("set", None)),
    ('-', ("del",)), ('- ; gone', ("del",)),
]
BAD_VALUES = ['dword:00000001 #on', 'dword:000000001', 'dword:0x1', 'dword:', 'dword:yes', '1', '"1" #on', 'hex(4):01,00,00,00 # on']


def key_text(rng, key, deletes=False):
    root, _, rest = key.partition("\\")
    if root == "HKEY_LOCAL_MACHINE" and chance(rng, 0.15):
        root = rng.choice(["HKLM", "hklm"])
    text = root + ("\\" + rest if rest else "")
    return rng.choice([text] * 6 + [text.lower(), text.upper(), text if deletes else text + "\\"])


def owa_ops(rng, want):
    """One block on the OWA key (or about it): list of ("key"|"delkey", key, [(name, text, effect)])."""
    values = []
    for name in ["SSLOffloaded", "AllowInternalUntrustedCerts"]:
        if chance(rng, 0.4):
            values.append((name, f"dword:0000000{1 if name[0] == 'A' else 0}", None))
    if want is not None:
        pool = [x for x in VALUE_OPS if (x[1] == ("set", 1)) == want]
        text, effect = rng.choice(pool)
        name = rng.choice(["AllowProxyingWithoutSsl"] * 4 + ["AllowProxyingWithoutSSL", "allowproxyingwithoutssl"])
        if chance(rng, 0.08):
            values.append((name, "dword:00000001" if not want else "dword:00000000", ("set", int(not want))))
        values.append((name, text, effect))
    return values


def make_reg(rng, e, n_files):
    """(files: list of op lists in order, optin truth)"""
    files = []
    for _ in range(n_files):
        ops = []
        how = rng.random()
        if how < 0.40:
            ops.append(("key", OWA, owa_ops(rng, rng.choice([True, True, True, False]))))
        elif how < 0.58:
            ops.append(("key", OWA, owa_ops(rng, None)))
        elif how < 0.68:
            parent = rng.choice([OWA.rpartition("\\")[0], OWA.rpartition("\\")[0].rpartition("\\")[0], r"HKEY_LOCAL_MACHINE\SYSTEM"])
            ops.append(("key", parent, [("x", "dword:00000001", None)] if chance(rng, 0.5) else []))
            if chance(rng, 0.5):
                ops.append(("key", OWA.rpartition("\\")[0] + r"\W3SVC", [("Start", "dword:00000002", None)]))
            if chance(rng, 0.3):
                ops.append(("key", OWA, owa_ops(rng, rng.choice([True, None]))))
        elif how < 0.78:
            ops.append(("delkey", OWA if chance(rng, 0.8) else OWA.rpartition("\\")[0], []))
            if chance(rng, 0.4):
                ops.append(("key", OWA, owa_ops(rng, rng.choice([True, False, None]))))
        else:
            other = rng.choice([OWA.rpartition("\\")[0] + r"\W3SVC", OWA.rpartition("\\")[0] + r"\MSExchange ECP", OWA.rpartition("\\")[0] + r"\MSExchangeOWA",
                                OWA.replace("HKEY_LOCAL_MACHINE", "HKEY_CURRENT_USER"), r"HKEY_LOCAL_MACHINE\SOFTWARE\Wow6432Node\MSExchange OWA", OWA + r"\SMime"])
            ops.append(("key", other, [("AllowProxyingWithoutSsl", "dword:00000001", None)] if chance(rng, 0.5) else [("Start", "dword:00000002", None)]))
        if chance(rng, 0.06) and ops[-1][0] == "key" and ops[-1][1] == OWA:
            ops[-1][2].append(("AllowProxyingWithoutSsl", rng.choice(BAD_VALUES), ("bad",)))
            e.bad_input = True
        if chance(rng, 0.2):
            ops.insert(rng.randrange(len(ops) + 1), ("key", r"HKEY_LOCAL_MACHINE\SOFTWARE\Contoso", [("AllowProxyingWithoutSsl", "dword:00000001", None), ("@", '"text"', None)]))
        files.append(ops)
    return files


def reg_state(files):
    """What stands after importing the files in order: True, False, or None (not known)."""
    covered, value = False, None
    for ops in files:
        for kind, key, values in ops:
            above = OWA.lower() == key.lower() or OWA.lower().startswith(key.lower() + "\\")
            if above:
                covered = True
            if kind == "delkey":
                if above:
                    value = None
                continue
            if key.lower() != OWA.lower():
                continue
            for name, text, effect in values:
                if name.lower() != "allowproxyingwithoutssl" or effect is None:
                    continue
                if effect[0] == "set":
                    value = effect[1]
                elif effect[0] == "del":
                    value = None
    return (value == 1) if covered else None


def render_reg(rng, ops, identity=None):
    out = "  " * chance(rng, 0.05) + rng.choice(["Windows Registry Editor Version 5.00", "Windows Registry Editor Version 5.00", "REGEDIT4"]) + "\n\n"
    if identity:
        block = ""
        for key, values in identity:
            block += f"[{key}]\n" + "".join(f'"{n}"="{v}"\n' for n, v in values) + "\n"
        if chance(rng, 0.5):
            out += block
            block = ""
    else:
        block = ""
    for kind, key, values in ops:
        if chance(rng, 0.15):
            out += rng.choice(["; comment\n", ";\"AllowProxyingWithoutSsl\"=dword:00000001\n", "# a remark\n", f";[{OWA}]\n", "\n"])
        out += ("[-" if kind == "delkey" else "[") + key_text(rng, key, kind == "delkey") + "]" + (" ; note" if chance(rng, 0.04) else "") + "\n"
        for name, text, _ in values:
            pad = rng.choice(["", "", "", "", "  "])
            shown = "@" if name == "@" else f'"{name}"'
            out += pad + shown + rng.choice(["=", "=", "=", " = "]) + text + "\n"
            if chance(rng, 0.08):
                out += rng.choice(["; later\n", "\n", ';"AllowProxyingWithoutSsl"=dword:00000001\n'])
        out += "\n"
    return out + block


# ---- virtual directories ---------------------------------------------------------------------------

V_PATH = {"2007": r"C:\Program Files\Microsoft\Exchange Server\ClientAccess\owa", "2010": r"C:\Program Files\Microsoft\Exchange Server\V14\ClientAccess\owa",
          "2013": r"C:\Program Files\Microsoft\Exchange Server\V15\FrontEnd\HttpProxy\owa"}
V_OWA = {"2007": "Exchange2007", "2010": "Exchange2010", "2013": "Exchange2013"}
V_ADMIN = {"2007": ["Version 8.3 (Build 83.6)", "Version 8.1 (Build 240.6)"], "2010": ["Version 14.3 (Build 123.4)", "Version 14.1 (Build 218.15)"],
           "2013": ["Version 15.0 (Build 1497.2)", "Version 15.1 (Build 2106.2)", "Version 15.2 (Build 986.5)"]}


def list_text(items, truncated=None):
    return "{" + ", ".join(items) + (truncated or "") + "}"


def version_props(rng, server, single):
    """Some of AdminDisplayVersion, OwaVersion, Path that together say the server's version."""
    version, out = server.version or "2010", {}
    other = {"2013": "2010", "2010": "2013", "2007": "2013"}[version]
    if version == "2013":
        which = rng.choice(["admin", "owa", "path", "all", "all"])
    else:
        which = rng.choice(["admin", "owa", "path", "all", "none", "owa+path", "owa+path", "owa+path"])
    if which in ("admin", "all"):
        out["AdminDisplayVersion"] = rng.choice(V_ADMIN[version])
        if which == "admin" and single and chance(rng, 0.2):
            out["OwaVersion"] = V_OWA[other]
    if which in ("owa", "all", "owa+path"):
        out["OwaVersion"] = V_OWA[version]
        if which == "owa" and single and chance(rng, 0.15):
            out["Path"] = V_PATH[other]
    if which in ("path", "all", "owa+path"):
        out["Path"] = V_PATH[version]
    return out


def vdir_props(rng, server, v, site_shown, single, vprops):
    """[(name, value)] in a random order, which say exactly the truth of v."""
    shown_name, shown_id = site_shown                 # what Name and WebSite say; site id or None
    name = f"{v.path} ({shown_name})"
    dn = f"CN={name},CN=HTTP,CN=Protocols,CN={server.name},CN=Servers,CN=Exchange Administrative Group (FYDIBOHF23SPDLT),CN=Administrative Groups,CN=First Organization,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=corp,DC=example,DC=com"
    it = {}
    who = recase(rng, server.name) if chance(rng, 0.15) else server.name
    if chance(rng, 0.85): it["Server"] = server.name
    if chance(rng, 0.3): it["ServerName"] = server.name
    if chance(rng, 0.9) or not single: it["Identity"] = f"{who if single else server.name}\\{name}"
    if chance(rng, 0.85) or ("Identity" not in it): it["Name"] = name
    if v.site_id is not None:
        host = rng.choice([server.fqdn, server.fqdn.upper(), f"{server.name}.{server.fqdn.split('.', 1)[1]}"])
        if chance(rng, 0.05): host = server.name
        it["MetabasePath"] = f"IIS://{host}/W3SVC/{v.site_id}/ROOT/{recase(rng, v.path) if chance(rng, 0.2) else v.path}"
    if chance(rng, 0.75): it["WebSite"] = shown_name if not chance(rng, 0.1) else shown_name.lower()
    if v.site_id is None and v.web_site is not None: it["WebSite"] = v.web_site
    if chance(rng, 0.5): it["DistinguishedName"] = dn
    if not ({"Server", "ServerName", "Identity", "MetabasePath", "DistinguishedName"} & set(it)):
        it["Server"] = server.name
    for prop, truth in (("InternalUrl", v.internal), ("ExternalUrl", v.external)):
        if truth[0] in ("known", "conflict"): it[prop] = truth[1]
        elif truth[0] == "empty": it[prop] = ""
    if v.methods[0] in ("known", "conflict"): it["InternalAuthenticationMethods"] = list_text(v.methods[1])
    elif v.methods[0] == "trunc": it["InternalAuthenticationMethods"] = list_text(v.methods[1], v.methods[2])
    if server.redirect is not None: it["RedirectToOptimalOWAServer"] = str(server.redirect)
    it.update(vprops)
    windows = "WindowsIntegrated" in (v.methods[1] if len(v.methods) > 1 else [])
    extra = {"RunspaceId": "f0c5c7a1-94f1-4b0e-9d9b-4a1d3b1b7c11", "BasicAuthentication": str(not windows), "WindowsAuthentication": str(windows), "DigestAuthentication": "False",
             "FormsAuthentication": str(not windows), "AdminDisplayName": "", "ExchangeVersion": "0.10 (14.0.100.0)", "Guid": "9fbe1b32-65f3-4eb1-8ed2-3f1f2f0a4f11",
             "ExternalAuthenticationMethods": "{Fba}", "ObjectCategory": "corp.example.com/Configuration/Schema/ms-Exch-OWA-Virtual-Directory", "IsValid": "True",
             "WhenChanged": "3/27/2013 10:50:11 AM", "OriginatingServer": "dc1.corp.example.com", "DefaultDomain": rng.choice(["", "b\u00fcro : x", "caf\u00e9", "b\u00fcro"]),
             "WebReadyDocumentViewingSupportedMimeTypes": "{application/msword, application/vnd.ms-excel, application/x-msexcel, application/vnd.ms-powerpoint, application/x-mspowerpoint, application/pdf...}",
             "Exchange2003Url": "", "FailbackUrl": "", "CrossSiteRedirectType": "Manual", "LogonFormat": "FullDomain", "VirtualDirectoryType": "NotSpecified", "Notes": "= { : ; }"}
    for k, x in extra.items():
        if chance(rng, 0.45): it[k] = x
    if v.path != "owa" or chance(rng, 0.5):
        it["ObjectClass"] = "{top, msExchVirtualDirectory, msExchOWAVirtualDirectory}"
    items = list(it.items())
    if chance(rng, 0.75):
        rng.shuffle(items)
    return items


def ecp_record(rng, server):
    return [("Name", "ecp (Default Web Site)"), ("Server", server.name), ("InternalUrl", f"http://{server.fqdn}/ecp"), ("ExternalUrl", "http://mail.example.com/ecp"),
            ("InternalAuthenticationMethods", "{Basic, Fba}"), ("MetabasePath", f"IIS://{server.fqdn}/W3SVC/1/ROOT/ecp"), ("Identity", f"{server.name}\\ecp (Default Web Site)"),
            ("ObjectClass", "{top, msExchVirtualDirectory, msExchECPVirtualDirectory}")]


# ---- an estate -----------------------------------------------------------------------------------

def make(seed):
    rng = random.Random(seed)
    e = Estate()
    count = rng.choice([2, 2, 2, 3, 3, 3, 4, 4, 5, 6, 7])
    all_names = rng.sample(NAMES, count)
    domain = rng.choice(DOMAINS)
    e.mode = {}
    for name in all_names:
        s = Server(name=name, fqdn=f"{name.lower()}.{domain if chance(rng, 0.9) else rng.choice(DOMAINS)}")
        s.version = rng.choice(["2010"] * 8 + ["2007", "2007"]) if not chance(rng, 0.07) else "2013"
        e.servers.append(s)

    # AD sites
    sites_mode = rng.choice(["all", "all", "some", "none"])
    sites_from = rng.choice(["estate"] * 5 + ["export"])
    for s in e.servers:
        if sites_mode == "all" or (sites_mode == "some" and chance(rng, 0.5)):
            s.site = rng.choice(SITES)
    use_estate = (sites_from == "estate" and any(s.site for s in e.servers)) or chance(rng, 0.4)
    if use_estate:
        for s in e.servers:
            if chance(rng, 0.4):
                s.addresses = rng.sample(ADDRESSES, rng.choice([1, 1, 1, 2, 3]))

    # virtual directories
    WEB = ["Default Web Site", "OWA Internal", "Sales & Web"]
    shown = {}
    for s in e.servers:
        if chance(rng, 0.1) and sum(1 for x in e.servers if x.vdirs) >= 1:
            continue                                      # known by registry or IIS only
        s.redirect = rng.choice([True] * 6 + [False, False, None])
        n = rng.choice([1] * 6 + [2, 3])
        sites = ["Default Web Site"] + rng.sample(WEB[1:], n - 1) if chance(rng, 0.9) else rng.sample(WEB, n)
        for site in sites:
            v = Vdir(label=f"{s.name}/{site}")
            v.site_truth, v.web_site = site, None
            if n == 1 and chance(rng, 0.04):
                v.path = "owa-int"
            r = rng.random()
            v.internal = ("known", make_url(rng, s)) if r < 0.92 else ("empty",) if r < 0.96 else ("absent",)
            r = rng.random()
            v.external = ("empty",) if r < 0.74 else ("known", make_url(rng, s, 0.2).replace(s.fqdn, "mail.example.com")) if r < 0.93 else ("absent",)
            r = rng.random()
            good = rng.choice([["Ntlm", "WindowsIntegrated"], ["WindowsIntegrated"], ["Basic", "Fba", "WindowsIntegrated"], ["Basic", "Ntlm", "WindowsIntegrated"]])
            bad = rng.choice([["Basic", "Fba"], ["Fba"], [], ["Basic"], ["Ntlm"], ["Digest", "Basic"]])
            dots = rng.choice(["...", "...", "\u2026"])
            if r < 0.82: v.methods = ("known", good)
            elif r < 0.91: v.methods = ("known", bad)
            elif r < 0.94: v.methods = ("trunc", rng.choice([["Basic", "Fba"], ["Basic"], ["Digest", "Ntlm", "Basic", "Fba"]]), dots)
            elif r < 0.96: v.methods = ("trunc", rng.choice([["WindowsIntegrated", "Fba"], ["Basic", "WindowsIntegrated", "Ntlm"]]), dots)
            else: v.methods = ("absent",)
            s.vdirs.append(v)

    if sum(1 for s in e.servers if s.vdirs) == 0:
        raise AssertionError

    # which URL will mostly be judged, for bindings that fit
    any_false = any(s.redirect is False for s in e.servers)
    for s in e.servers:
        # with no vdirs only IIS or the registry can make it known
        has_iis = chance(rng, 0.9) if s.vdirs else chance(rng, 0.6)
        s.has_iis = has_iis
        judged, https = {}, {}
        for v in s.vdirs:
            url = v.internal[1] if v.internal[0] == "known" else None
            if any_false and v.external[0] == "known" and chance(rng, 0.4):
                url = v.external[1]
            judged[v.site_truth] = url
            https[v.site_truth] = bool(url and url.lower().startswith("http:"))
        if has_iis:
            s.iis = make_iis(rng, s, judged, https, True)
            if s.vdirs and chance(rng, 0.07):
                make_fragment(rng, s.iis)
        # how the site is named in the export
        for v in s.vdirs:
            site = v.site_truth
            known_ids = {x.name: x.id for x in s.iis.sites} if s.iis else {}
            own_id = known_ids.get(site, {"Default Web Site": 1, "OWA Internal": 2, "Sales & Web": 5}[site])
            shown_name = site
            v.site_id, v.site_name = own_id, None
            r = rng.random()
            if r < 0.10:                                  # no MetabasePath
                v.site_id, v.site_name = None, site
                if chance(rng, 0.2) and len(s.vdirs) == 1 and len(known_ids) > 1:
                    v.web_site = site                       # WebSite right, the name in brackets wrong
                    shown_name = rng.choice([x for x in known_ids if x != site])
                elif chance(rng, 0.15):
                    v.web_site = site
            elif r < 0.14 and len(s.vdirs) == 1:            # the id and the name disagree
                shown_name = rng.choice([x for x in ["Default Web Site", "OWA Internal", "Sales & Web", "Gone Site"] if x != site])
            elif r < 0.17:                                  # no such site
                v.site_id = 99
            shown[v.label] = (shown_name, v.site_id)
            if v.path != "owa" and v.site_id is None:
                v.site_id, v.site_name = own_id, None
                v.web_site = None
                shown[v.label] = (site, own_id)

    # registry
    for s in e.servers:
        n = rng.choice([0, 0, 1, 1, 1, 1, 1, 2, 3])
        if not s.vdirs and not s.has_iis:
            n = max(n, 1)
        s.reg_files = make_reg(rng, e, n)

    # ---- files ----
    estate_entries = {}
    listed = set()
    if use_estate:
        for s in e.servers:
            it = {}
            if s.site is not None and sites_from == "estate":
                it["site"] = recase(rng, s.site) if chance(rng, 0.3) else s.site
            if s.addresses:
                it["addresses"] = s.addresses
            if chance(rng, 0.2): it["fqdn"] = s.fqdn
            if chance(rng, 0.1): it["version"] = s.version
            if chance(rng, 0.05): it["internet-facing"] = chance(rng, 0.5)
            if it:
                estate_entries[s.name] = it
    else:
        for s in e.servers:
            s.addresses = None
    for s in e.servers:
        s.in_estate = s.name in estate_entries
        if s.addresses and not s.in_estate:
            s.addresses = None
        # without a vdir only the estate file can say the version; else it counts as 2007/2010
        if not s.vdirs and "version" not in estate_entries.get(s.name, {}):
            s.version = "2010"
        s.known_elsewhere = bool(s.vdirs) or s.in_estate

    # vdir records
    export_record = {}
    groups = {}
    mode = rng.choice(["org", "server", "mixed"])
    org = rng.choice(["org/owa.txt", "owa.txt", "exports/owa/all-vdirs.txt", "org/Get-OwaVirtualDirectory.log"])
    for s in e.servers:
        single = len(s.vdirs) == 1
        vprops = version_props(rng, s, single)
        for v in s.vdirs:
            vp = vprops
            if not single and s.version != "2013" and chance(rng, 0.3):
                vp = {}
            record = vdir_props(rng, s, v, shown[v.label], single, vp)
            said = dict(record)
            v.identity = said.get("Identity")
            if "MetabasePath" in said:
                s.fqdn_known = True
            if mode == "org" or (mode == "mixed" and chance(rng, 0.5)):
                path = org
            else:
                path = rng.choice([f"{s.name}/owa.txt", f"{s.name}/owa.txt", f"exports/{s.name}/owa/vdir.txt", f"vdirs/{s.name}.txt"])
            groups.setdefault(path, []).append((s, v, record))
    for path, entries in list(groups.items()):
        records = [r for _, _, r in entries]
        if chance(rng, 0.25):
            records.insert(rng.randrange(len(records) + 1), ecp_record(rng, entries[0][0]))
        put(rng, e, path, format_list(rng, records), "list")
    # the same again: equal or in conflict
    for s in e.servers:
        for v in s.vdirs:
            if chance(rng, 0.05):
                record = next(r for g in groups.values() for x, y, r in g if y is v)
                said = dict(record)
                if "Identity" not in said:
                    continue
                keep = {"Identity", "Server", "Name", "MetabasePath", "InternalUrl", "ExternalUrl", "InternalAuthenticationMethods", "ObjectClass", "WebSite"}
                again = [(k, x) for k, x in record if k in keep]
                if chance(rng, 0.6):
                    prop = rng.choice(["InternalUrl", "InternalUrl", "ExternalUrl", "InternalAuthenticationMethods"])
                    attribute = {"InternalUrl": "internal", "ExternalUrl": "external", "InternalAuthenticationMethods": "methods"}[prop]
                    truth = getattr(v, attribute)
                    if truth[0] == "known" and not (prop == "InternalAuthenticationMethods" and not truth[1]):
                        new = "{Digest, WindowsIntegrated}" if attribute == "methods" else "https://conflict.example.com/owa"
                        if attribute == "methods" and truth[1] == ["Digest", "WindowsIntegrated"]:
                            continue
                        again = [(k, new if k == prop else x) for k, x in again]
                        setattr(v, attribute, ("conflict",))
                        e.notes.append(f"{prop} of {v.label} conflicts")
                put(rng, e, f"again/copy-{len(e.files)}.txt", format_list(rng, [again]), "list")
    for s in e.servers:
        s.fqdn_known = getattr(s, "fqdn_known", False) or "fqdn" in estate_entries.get(s.name, {})

    if sites_from == "export":
        records = []
        for s in e.servers:
            if s.site is not None and s.vdirs:
                records.append([("Name", s.name), ("Fqdn", s.fqdn), ("Site", f"corp.example.com/Configuration/Sites/{recase(rng, s.site) if chance(rng, 0.2) else s.site}"),
                                ("ServerRole", "ClientAccess"), ("Edition", "Enterprise"), ("Identity", s.name), ("ObjectClass", "{top, server, msExchExchangeServer}")])
            elif s.site is not None:
                s.site = None
        if records:
            put(rng, e, "org/servers.txt", format_list(rng, records, "Get-ExchangeServer"), "servers")

    def folder(s):
        if s.known_elsewhere:
            names = [s.name] * 5 + [s.name.lower(), s.name.upper()]
            if s.fqdn_known:
                names += [s.fqdn, s.fqdn.upper()]
            return rng.choice(names)
        return s.name

    # IIS files
    for s in e.servers:
        if not s.has_iis:
            continue
        here = folder(s)
        choices = [f"{here}/applicationHost.config"] * 3 + [f"{here}/iis/applicationHost.config", f"{here}/inetsrv/config/applicationHost.config", f"exports/{here}/iis/applicationHost.config",
                                                            f"exports/{here}/applicationhost.config", f"{here}/config/apphost.xml"]
        if s.known_elsewhere:
            stem = rng.choice([s.name, s.name.lower()])
            choices += [f"iis/{stem}-applicationHost.config", f"hosts/applicationHost.{stem}.config", f"{stem}_applicationHost.config"]
        path = rng.choice(choices)
        if not s.iis.full:
            path = f"{here}/applicationHost.config"
            if not s.known_elsewhere:
                raise AssertionError
        elif s.in_estate and chance(rng, 0.1):
            path = f"odd/place-{e.servers.index(s)}/ah.config"
            estate_entries[s.name].setdefault("files", []).append(path)
        version = s.version
        put(rng, e, path, render_iis(rng, s.iis, version), "iis", s.name)
        if chance(rng, 0.06):
            other = make_iis(rng, s, {"Default Web Site": None}, {}, False)
            put(rng, e, f"{s.name}/history/CFGHISTORY_000000001{rng.randrange(9)}/applicationHost.config", render_iis(rng, other, version), "history", s.name)

    # registry files: every file of a server applies in the order of its path
    for s in e.servers:
        paths = []
        for n, ops in enumerate(s.reg_files):
            here = folder(s)
            identity = None
            choices = ["folder"] * 4 + ["content"]
            if s.known_elsewhere: choices += ["name"]
            if s.in_estate: choices += ["glob"]
            how = rng.choice(choices)
            tag = rng.choice("abcxyz") + str(len(e.files)) + str(n)
            if how == "folder":
                path = rng.choice([f"{here}/owa-{tag}.reg", f"{here}/registry/{tag}.reg", f"exports/{here}/registry/{tag}.reg", f"{here}/reg/MSExchange OWA {tag}.reg", f"exports/{here}/{tag}.REG"])
            elif how == "name":
                stem = rng.choice([s.name, s.name.lower()])
                path = rng.choice([f"registry/{stem}-{tag}.reg", f"reg/{tag}.{stem}.reg", f"{stem}_{tag}.reg", f"misc/{tag}-{stem}.reg"])
            elif how == "glob":
                path = f"odd/reg-{e.servers.index(s)}/{tag}.reg"
                pattern = path if chance(rng, 0.5) else f"odd/reg-{e.servers.index(s)}/*.reg"
                files = estate_entries[s.name].setdefault("files", [])
                if pattern not in files: files.append(pattern)
            else:
                path = rng.choice([f"misc/{tag}.reg", f"registry/{tag}.reg", f"{tag}.reg"])
                if chance(rng, 0.7):
                    identity = [(r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\ComputerName\ComputerName", [("ComputerName", rng.choice([s.name, s.name.upper()]) if s.known_elsewhere else s.name)])]
                else:
                    identity = [(r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters", [("Hostname", s.name), ("Domain", s.fqdn.split(".", 1)[1])])]
            paths.append((path, identity, how))
        paths.sort(key=lambda x: x[0].encode())
        for ops, (path, identity, how) in zip(s.reg_files, paths):
            put(rng, e, path, render_reg(rng, ops, identity), "reg", s.name)
        s.optin = reg_state(s.reg_files)

    if use_estate and estate_entries:
        text = "# the estate\n"
        for name, it in estate_entries.items():
            text += f"[servers.{name}]\n" if re.match(r"^[A-Za-z0-9_-]+$", name) else f'[servers."{name}"]\n'
            items = list(it.items())
            rng.shuffle(items)
            for k, x in items:
                if isinstance(x, bool): shown_value = str(x).lower()
                elif isinstance(x, list): shown_value = "[" + ", ".join(f'"{y}"' for y in x) + "]"
                else: shown_value = f'"{x}"'
                text += f"{k} = {shown_value}\n"
            text += "\n"
        put(rng, e, "owalint-estate.toml", text, "estate", plain=True)
    if chance(rng, 0.15):
        put(rng, e, "notes/readme.md", "# notes\n\nnothing of ours here\n", "noise")
    return e


def write(e, root):
    for path, data in e.files.items():
        full = os.path.join(root, *path.split("/"))
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(data)
