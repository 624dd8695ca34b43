"""The abstract settings of an estate, and the ladder of steps in three-valued logic.

Nothing here reads files. Y, N, O are yes, no, open.
A place that can be read in two ways is a `reading`; `predict` gives every acceptable result.
"""
import itertools, re
from dataclasses import dataclass, field

Y, N, O = "yes", "no", "open"


def AND(*xs):
    if N in xs: return N
    return O if O in xs else Y


def OR(*xs):
    if Y in xs: return Y
    return O if O in xs else N


def NOT(x):
    return {Y: N, N: Y, O: O}[x]


def yn(b):
    return Y if b else N


# ---- truth ---------------------------------------------------------------------------------------

@dataclass
class App:
    path: str
    pool: str = None


@dataclass
class Site:
    name: str
    id: int
    autostart: bool = None            # None: not set
    bindings: list = field(default_factory=list)   # (protocol, bindingInformation)
    apps: list = field(default_factory=list)
    default_pool: str = None          # applicationDefaults of the site


@dataclass
class Iis:
    full: bool = True                 # has <configSections>
    sites: list = field(default_factory=list)
    pools: dict = field(default_factory=dict)      # name -> None | True | False
    default_pool: str = None          # applicationDefaults of all sites
    settings: dict = field(default_factory=dict)   # level ("" is the server) -> section -> {attr: value, "ops": [...]}

    def chain(self, site, path):
        return ["", site.name.lower(), (site.name + "/" + path).lower()]

    def scalar(self, site, path, section, attribute):
        """(value, was it set): nearest level that sets it."""
        got = None
        for level in self.chain(site, path):
            it = self.settings.get(level, {}).get(section, {})
            if it.get(attribute) is not None:
                got = it[attribute]
        return got

    def ops(self, site, path, section):
        out = []
        for level in self.chain(site, path):
            out += self.settings.get(level, {}).get(section, {}).get("ops", [])
        return out


@dataclass
class Vdir:
    label: str                        # what we call it
    identity: str = None              # the exported Identity, if any
    internal: tuple = ("absent",)     # ("known", url) ("empty",) ("absent",) ("conflict",)
    external: tuple = ("absent",)
    methods: tuple = ("absent",)      # ("known", [..]) ("trunc", [..]) ("absent",) ("conflict",)
    site_id: int = None               # from MetabasePath
    site_name: str = None             # from WebSite, else brackets
    path: str = "owa"


@dataclass
class Server:
    name: str
    fqdn: str = None
    site: str = None
    version: str = None               # "2007" "2010" "2013" None
    redirect: object = None           # True False None(not exported)
    vdirs: list = field(default_factory=list)
    addresses: list = None
    optin: object = None              # True False None(not known)
    iis: Iis = None


# ---- URL -----------------------------------------------------------------------------------------

URL = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$")


def parse_url(text):
    """None, or (scheme, host, port, path, query) of an absolute http/https URL."""
    m = URL.match(text)
    if not m or m[1].lower() not in ("http", "https") or not m[2]:
        return None
    scheme, authority = m[1].lower(), m[2]
    m2 = re.match(r"^(\[[^\]]*\]|[^:]*)(?::(\d+))?$", authority)
    if not m2 or not m2[1]:
        return None
    port = int(m2[2]) if m2[2] else {"http": 80, "https": 443}[scheme]
    return scheme, m2[1].lower(), port, m[3], m[4]


# ---- the ladder ----------------------------------------------------------------------------------

EVENT = {3: 41, 4: 38, 5: 42, 6: 39, 7: 42, 8: 42, 9: 42, 11: 71, 12: 42, 14: 42}
OUTCOME = {0: "not-applicable", 1: "same-site", 2: "redirect", 3: "no-candidate", 4: "bad-url", 5: "blocked-plain-http", 6: "unreachable",
           7: "forbidden", 8: "forbidden", 9: "forbidden", 10: "silent-redirect", 11: "unauthorised", 12: "forbidden", 13: "silent-404",
           14: "forbidden", 15: "proxied"}
STATUS = {7: ["403.4"], 8: ["403.7"], 9: ["403.6"], 11: ["401"], 12: ["403"], 14: ["403.1"],
          # these steps have no status of their own; the obvious one passes too
          6: [None, "503"], 10: [None, "301", "302", "307", "308"], 13: [None, "404"]}

READINGS = ("fragment_lists_open", "shadowed_entries_count")


def ip(text):
    n = 0
    for part in text.split("."):
        n = n * 256 + int(part)
    return n


def ip_entries(ops):
    out = []
    for op in ops:
        if op[0] == "clear":
            out = []
        elif op[0] == "remove":
            out = [it for it in out if it[:2] != (op[1], op[2])]
        else:
            out.append((op[1], op[2], op[3]))       # address, mask, allowed
    return out


def matches(entry, address):
    mask = ip(entry[1] or "255.255.255.255")
    return ip(entry[0]) & mask == ip(address) & mask


def shadowed(entry, earlier):
    """Is the whole range of `entry` within the range of an earlier entry?"""
    mask = ip(entry[1] or "255.255.255.255")
    for it in earlier:
        other = ip(it[1] or "255.255.255.255")
        if other & mask == other and ip(it[0]) & other == ip(entry[0]) & other:
            return True
    return False


def ip_denies(iis, site, path, addresses, reading):
    allow = iis.scalar(site, path, "ipSecurity", "allowUnlisted")
    entries = ip_entries(iis.ops(site, path, "ipSecurity"))
    if allow is None:
        if not iis.full:
            assert not entries, "the generator makes no entries in fragments"
            return O
        allow = True
    if not iis.full and reading["fragment_lists_open"]:
        return O
    live = [e for n, e in enumerate(entries) if reading["shadowed_entries_count"] or not shadowed(e, entries[:n])]
    if not allow and not any(e[2] for e in live):
        return Y                                     # denies all, whoever S is
    if addresses:
        denied = []
        for address in addresses:
            for entry in entries:
                if matches(entry, address):
                    denied.append(not entry[2])
                    break
            else:
                denied.append(not allow)
        return Y if all(denied) else O if any(denied) else N
    if allow and not any(not e[2] for e in live):
        return N
    return O


def providers(iis, site, path):
    """(list, is there an unknown base)"""
    ops = iis.ops(site, path, "windowsAuthentication")
    if not ops:
        return (["Negotiate", "NTLM"], False) if iis.full else ([], True)
    got, unknown = [], not iis.full
    for op in ops:
        if op[0] == "clear":
            got, unknown = [], False
        elif op[0] == "remove":
            got = [it for it in got if it.lower() != op[1].lower()]
        else:
            got.append(op[1])
    return got, unknown


def flags(text):
    return {it.strip().lower() for it in text.split(",")}


def find_site(iis, v):
    if v.site_id is not None:
        hits = [s for s in iis.sites if s.id == v.site_id]
    elif v.site_name is not None:
        hits = [s for s in iis.sites if s.name.lower() == v.site_name.lower()]
    else:
        hits = []
    return hits[0] if hits else None


def steps(S, T, v, reading):
    """{step: answer} for steps 0 to 15."""
    a = {}
    a[0] = yn("2013" in (S.version, T.version))
    a[1] = yn(S.site is not None and T.site is not None and S.site.lower() == T.site.lower())
    redirect = True if not S.vdirs else S.redirect
    not_false = O if redirect is None else yn(redirect is not False)
    has_external = {"known": Y, "conflict": O, "absent": O, "empty": N}[v.external[0]]
    a[2] = AND(has_external, not_false)

    no_url = {"known": N, "empty": Y, "absent": O, "conflict": O}[v.internal[0]]
    if v.methods[0] == "known":
        lacks = yn("WindowsIntegrated" not in v.methods[1])
    elif v.methods[0] == "trunc":
        lacks = N if "WindowsIntegrated" in v.methods[1] else O
    else:
        lacks = O
    a[3] = OR(no_url, lacks)

    # which URL is judged, given that step 2 said no
    if redirect is False:
        if has_external == Y: judged = v.external
        elif has_external == N: judged = v.internal
        else: judged = ("conflict",)                    # it may be either
    else:
        judged = v.internal
    url = judged[1] if judged[0] == "known" else None
    it = parse_url(url) if url is not None else None
    if url is None:
        a[4] = O
    else:
        a[4] = yn(it is None or it[3].lower() not in ("/owa", "/owa/") or it[4] is not None)
    http = O if url is None else yn(it is not None and it[0] == "http")
    a[5] = AND(http, O if S.optin is None else yn(S.optin is not True))

    iis = T.iis
    site = find_site(iis, v) if iis is not None else None
    if site is None:
        for n in range(6, 15):
            a[n] = O
        a[15] = Y
        return a
    p = v.path
    open_if_unset = (lambda value, default: (default if iis.full else None) if value is None else value)
    frag = not iis.full

    # 6
    if it is None:
        no_binding = O
    else:
        hit = False
        for protocol, info in site.bindings:
            if protocol.lower() != it[0]: continue
            parts = info.rsplit(":", 2)
            if len(parts) != 3: continue
            if parts[1] == str(it[2]) and (parts[2] == "" or parts[2].lower() == it[1]):
                hit = True
        no_binding = N if hit else (O if frag and reading["fragment_lists_open"] else Y)
    auto = open_if_unset(site.autostart, True)
    site_down = O if auto is None else yn(not auto)
    app = next((x for x in site.apps if x.path.lower() == "/" + p.lower()), None)
    if app is None:
        assert not frag
        pool_down = N
    else:
        pool = app.pool or site.default_pool or iis.default_pool or "DefaultAppPool"
        found = [x for n, x in iis.pools.items() if n.lower() == pool.lower()]
        if not found:
            assert not frag
            pool_down = Y
        else:
            auto = open_if_unset(found[0], True)
            pool_down = O if auto is None else yn(not auto)
    a[6] = OR(no_binding, site_down, pool_down)

    # 7, 8
    text = open_if_unset(iis.scalar(site, p, "access", "sslFlags"), "None")
    has = (lambda name: O if text is None else yn(name in flags(text)))
    a[7] = AND(http, has("ssl"))
    a[8] = has("sslrequirecert")
    # 9
    a[9] = ip_denies(iis, site, p, S.addresses, reading)
    # 10
    on = open_if_unset(iis.scalar(site, p, "httpRedirect", "enabled"), False)
    a[10] = O if on is None else yn(on)
    # 11, 12
    anonymous = open_if_unset(iis.scalar(site, p, "anonymousAuthentication", "enabled"), True)
    anonymous = O if anonymous is None else yn(anonymous)
    windows = open_if_unset(iis.scalar(site, p, "windowsAuthentication", "enabled"), False)
    windows = O if windows is None else yn(windows)
    got, unknown = providers(iis, site, p)
    if {"negotiate", "negotiate:kerberos"} & {x.lower() for x in got}: lack = N
    else: lack = O if unknown else Y
    a[11] = AND(OR(NOT(windows), lack), NOT(anonymous))
    a[12] = anonymous
    # 13
    a[13] = yn(app is None)
    # 14
    policy = open_if_unset(iis.scalar(site, p, "handlers", "accessPolicy"), "Read")
    a[14] = O if policy is None else yn("script" not in flags(policy) or "noremotescript" in flags(policy))
    a[15] = Y
    return a


def decide(a):
    """(outcome, accepted statuses, event, deciding step)"""
    opens = []
    for n in range(16):
        if a[n] == Y:
            event = EVENT.get(n)
            if not opens or (event is not None and all(EVENT.get(o) == event for o in opens)):
                return OUTCOME[n], tuple(STATUS.get(n, [None])), event, n
            return "unknown", (None,), None, n
        if a[n] == O:
            opens.append(n)
    raise AssertionError


def predict(S, T, v):
    """Every acceptable (outcome, statuses, event, step)."""
    out = []
    for values in itertools.product((False, True), repeat=2):
        reading = dict(zip(READINGS, values))
        got = decide(steps(S, T, v, reading))
        if got not in out:
            out.append(got)
    return out


def site_known(S, T):
    return "known" if S.site is not None and T.site is not None else "unknown"
