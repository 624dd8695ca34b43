#!/usr/bin/env python3
"""An independent oracle for owalint: random estates, predicted outcomes, and a runner.

    oracle.py --bin PATH --seeds 0-2000 [--keep] [--max N] [--jobs 2] [--only WORD,...] [--skip WORD,...]
    oracle.py --write SEED DIR          write one estate and print what is predicted for it

Categories of a mismatch: run pair span cause contradiction exit same summary order inputs inp facts
"""
import argparse, collections, json, multiprocessing, os, re, shutil, subprocess, sys, tempfile
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gen, model
from model import Y, N, O

FAIL = ("no-candidate", "bad-url", "blocked-plain-http", "unreachable", "forbidden", "unauthorised", "silent-redirect", "silent-404")


# ---- what is wanted ------------------------------------------------------------------------------

def pairs_of(e):
    """[(S, T, v, accepted)]"""
    return [(S, T, v, model.predict(S, T, v)) for S in e.servers for T in e.servers if S is not T for v in T.vdirs]


def dump(S, T, v):
    """The settings of a pair, in short."""
    out = [f"S {S.name}: site={S.site} version={S.version} redirect={S.redirect if S.vdirs else 'no vdir'} optin={S.optin} addresses={S.addresses}",
           f"T {T.name}: site={T.site} version={T.version} internal={v.internal} external={v.external} methods={v.methods[:2]} MetabasePath-id={v.site_id} site-name={v.site_name} path={v.path}"]
    iis = T.iis
    if iis is None:
        out.append("no applicationHost.config")
    else:
        site = model.find_site(iis, v)
        if site is None:
            out.append(f"no such site; full={iis.full} sites={[(s.id, s.name) for s in iis.sites]}")
        else:
            out.append(f"full={iis.full} site={site.id}:{site.name} autostart={site.autostart} bindings={site.bindings} apps={[(a.path, a.pool) for a in site.apps]} defaults={site.default_pool}/{iis.default_pool} pools={iis.pools}")
            for level in iis.chain(site, v.path):
                if level in iis.settings:
                    out.append(f"[{level or 'server'}] {iis.settings[level]}")
    steps = model.steps(S, T, v, {"fragment_lists_open": False, "shadowed_entries_count": True})
    out.append("steps " + " ".join(f"{n}:{a}" for n, a in steps.items() if a != N))
    return "\n      ".join(out)


def info_allowed(e, S, T, v):
    """Severities that are right for a no-candidate finding."""
    maybe = False
    for X in e.servers:
        if X is not T and not (X.site and T.site and X.site.lower() == T.site.lower()):
            continue
        for w in X.vdirs:
            if w is v:
                continue
            for reading in ({"fragment_lists_open": False, "shadowed_entries_count": True},):
                a = model.steps(S, X, w, reading)
                if a[3] == N and X.version != "2013" and w.external == ("empty",) and a[4] == N and X is not S:
                    return {"info"}
                if a[3] != Y:
                    maybe = True
    return {"error", "info"} if maybe else {"error"}


# ---- looking at what the linter says ---------------------------------------------------------------

class Texts:
    def __init__(self, e):
        self.e, self.starts = e, {}

    def check(self, place):
        """None, or what is wrong with a LOCATION."""
        path = place["path"]
        try:
            (l1, c1), (l2, c2) = [(place[k]["line"], place[k]["column"]) for k in ("start", "end")]
        except (KeyError, TypeError):
            return f"malformed {place}"
        if (l1, c1) > (l2, c2):
            return f"start after end {place}"
        if path not in self.e.text:
            return None if (l1, c1, l2, c2, place["text"]) == (1, 1, 1, 1, "") else f"no such file {place}"
        text = self.e.text[path]
        if path not in self.starts:
            starts = [0]
            for m in re.finditer("\r\n|\r|\n", text):
                starts.append(m.end())
            self.starts[path] = starts
        starts = self.starts[path]
        if l2 > len(starts):
            return f"line {l2} of {len(starts)}: {place}"
        ends = starts[1:] + [len(text)]
        if min(l1, c1, l2, c2) < 1 or starts[l1 - 1] + c1 - 1 > ends[l1 - 1] or starts[l2 - 1] + c2 - 1 > ends[l2 - 1]:
            return f"outside the line: {place}"
        seen = text[starts[l1 - 1] + c1 - 1:starts[l2 - 1] + c2 - 1]
        if seen != place["text"]:
            return f"{path}:{l1}:{c1}-{l2}:{c2} says {place['text']!r}, the file has {seen!r}"
        return None


def places(value):
    if isinstance(value, dict):
        if "path" in value and "start" in value and "text" in value:
            yield value
        for it in value.values():
            yield from places(it)
    elif isinstance(value, list):
        for it in value:
            yield from places(it)


def run(binary, *args):
    return subprocess.run([binary, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, cwd="/", env={**os.environ, "NO_COLOR": "1"})


def compare(binary, e, root):
    """[(category, message)]"""
    bad = []
    say = lambda category, message: bad.append((category, message))
    documents = {}
    for command, codes in (("paths", (0,)), ("check", (0, 1, 3)), ("facts", (0,))):
        it = run(binary, command, root, "--format", "json")
        if it.returncode not in codes:
            say("run", f"{command} exits {it.returncode}: {it.stderr.decode(errors='replace')[:600]}")
        try:
            documents[command] = json.loads(it.stdout.decode("utf-8"))
        except ValueError as x:
            say("run", f"{command} prints no JSON ({x}): {it.stdout[:200]!r} {it.stderr.decode(errors='replace')[:600]}")
            return bad
        if command == "check":
            code, out = it.returncode, it.stdout
    paths, report, facts = documents["paths"]["paths"], documents["check"], documents["facts"]

    # (a) pairs
    wanted = pairs_of(e)
    rows = collections.defaultdict(list)
    many = {T.name.lower(): len(T.vdirs) > 1 for T in e.servers}
    for row in paths:
        t = row["target"].lower()
        rows[(row["source"].lower(), t, row["vdir"].lower() if many.get(t) else "")].append(row)
    outcomes = collections.defaultdict(set)
    got_unknown = False
    for S, T, v, accepted in wanted:
        key = (S.name.lower(), T.name.lower(), v.identity.lower() if many[T.name.lower()] else "")
        got = rows.pop(key, [])
        if len(got) != 1:
            say("pair", f"{S.name} -> {v.label}: {len(got)} rows\n      {dump(S, T, v)}")
            continue
        row = got[0]
        outcomes[(S.name.lower(), T.name.lower())].add((row["outcome"], row["event"]))
        got_unknown |= row["outcome"] == "unknown"
        seen = (row["outcome"], row["status"], row["event"])
        if not any(seen[0] == o and seen[1] in st and seen[2] == ev for o, st, ev, _ in accepted):
            say("pair", f"{S.name} -> {v.label}: got {seen[0]}/{seen[1]}/{seen[2]}, wanted {' or '.join(f'{o}/{st[0]}/{ev} (step {n})' for o, st, ev, n in accepted)}; missing {row.get('missing')}\n      {dump(S, T, v)}")
        if row["site"] != model.site_known(S, T):
            say("pair", f"{S.name} -> {v.label}: site {row['site']}, wanted {model.site_known(S, T)} ({S.site}, {T.site})")
        if row["outcome"] in FAIL and not row["because"]:
            say("pair", f"{S.name} -> {v.label}: {row['outcome']} with nothing in because")
        if row["outcome"] == "unknown" and not row["missing"]:
            say("pair", f"{S.name} -> {v.label}: unknown with nothing in missing")
        # (c) its finding
        if row["outcome"] in FAIL:
            hits = [f for f in report["findings"] if f["rule"].startswith(("P42-", "PRX-")) and f["event"] == row["event"]
                    and (S.name.lower() in map(str.lower, f["sources"]) or f.get("sources_total", 0) > 100) and T.name.lower() in map(str.lower, f["targets"])]
            allowed = info_allowed(e, S, T, v) if row["outcome"] == "no-candidate" else {"error"}
            if not hits:
                say("cause", f"{S.name} -> {v.label}: {row['outcome']}/{row['event']} has no P42 or PRX finding\n      {dump(S, T, v)}")
            elif not any(f["severity"] in allowed for f in hits):
                say("cause", f"{S.name} -> {v.label}: {row['outcome']}/{row['event']} has findings {[(f['rule'], f['severity']) for f in hits]}, wanted severity {'/'.join(sorted(allowed))}\n      {dump(S, T, v)}")
    for key, got in rows.items():
        say("pair", f"a row that no pair asks for: {key} x{len(got)}")

    # contradictions: an error of family P42 for a pair that has been decided otherwise
    for f in report["findings"]:
        if f["rule"].startswith("P42-") and f["severity"] == "error" and f.get("sources_total", 0) <= 100:
            for s in f["sources"]:
                for t in f["targets"]:
                    seen = outcomes.get((s.lower(), t.lower()))
                    if seen and not any(ev == 42 or o == "unknown" for o, ev in seen):
                        say("contradiction", f"{f['rule']} (error) names {s} -> {t}, predicted {sorted(map(str, seen))}: {f['message'][:200]}")

    # (b) locations
    texts = Texts(e)
    n = 0
    for command, document in documents.items():
        for place in places(document):
            n += 1
            wrong = texts.check(place)
            if wrong:
                say("span", f"{command}: {wrong}")

    # (d) exit code and verdict
    errors = sum(f["severity"] == "error" for f in report["findings"])
    want = 1 if errors else 3 if report["open"] else 0
    if (code, report["exit_code"]) != (want, want):
        say("exit", f"check exits {code}, says {report['exit_code']}, wanted {want} with {errors} errors and {len(report['open'])} open")
    if report["verdict"] != {0: "clean", 1: "findings", 3: "incomplete"}[want]:
        say("exit", f"verdict {report['verdict']} with {errors} errors and {len(report['open'])} open")
    if got_unknown and code == 0:
        say("exit", "exit 0 though an outcome is unknown")
    if got_unknown and not report["open"]:
        say("exit", "an outcome is unknown and open is empty")
    must_open = [f"{s.name} has no OWA virtual directory" for s in e.servers if not s.vdirs]
    must_open += [f"{s.name} has no registry export" for s in e.servers if not s.reg_files and any(o[0] not in ("not-applicable", "same-site") for S, T, v, a in wanted if S is s for o in a[:1])]
    must_open += [f"{t.name} has no applicationHost.config" for t in e.servers if t.iis is None and t.vdirs and any(o[0] not in ("not-applicable", "same-site") for S, T, v, a in wanted if T is t for o in a[:1])]
    for what in must_open:
        who = what.split(" ")[0].lower()
        if not any(who in map(str.lower, it["servers"]) for it in report["open"]):
            say("exit", f"open has no entry for {what}")

    # (e) the same bytes
    for extra in ((), ("--threads", "1"), ("--threads", "3")):
        it = run(binary, "check", root, "--format", "json", *extra)
        if it.stdout != out or it.returncode != code:
            say("same", f"check {' '.join(extra) or 'again'} differs")

    # (f) summary
    summary = report["summary"]
    for severity in ("error", "warning", "info"):
        n = sum(f["severity"] == severity for f in report["findings"])
        if summary["findings"][severity] != n:
            say("summary", f"{severity}: {summary['findings'][severity]}, the list has {n}")
    if summary["open"] != len(report["open"]):
        say("summary", f"open: {summary['open']}, the list has {len(report['open'])}")
    for status, key in (("read", "read"), ("partly-read", "partly_read"), ("refused", "refused"), ("ignored", "ignored")):
        n = sum(it["status"] == status for it in report["inputs"])
        if summary["files"][key] != n:
            say("summary", f"files {status}: {summary['files'][key]}, the list has {n}")
    if summary["servers"] != len(e.servers) or len(facts["servers"]) != len(e.servers):
        say("summary", f"servers: summary {summary['servers']}, facts {[s['name'] for s in facts['servers']]}, wanted {[s.name for s in e.servers]}")
    applicable = sum(row["outcome"] != "not-applicable" for row in paths)
    if summary["pairs"] not in (len(paths), applicable):
        say("summary", f"pairs: {summary['pairs']}, paths has {len(paths)} ({applicable} applicable)")
    for f in report["findings"]:
        for k in ("sources", "targets"):
            if f[k] != sorted(set(f[k]), key=str.encode):
                say("order", f"{f['rule']}: {k} {f[k]}")

    # order
    def sorted_by(name, items, key):
        keys = [key(x) for x in items]
        for a, b in zip(keys, keys[1:]):
            if a > b:
                say("order", f"{name}: {a} before {b}")
                return
    sorted_by("paths", paths, lambda r: (r["source"].encode(), r["target"].encode(), r["vdir"].encode()))
    sorted_by("inputs", report["inputs"], lambda r: r["path"].encode())
    sorted_by("findings", report["findings"], lambda f: (f["primary"]["path"].encode(), f["primary"]["start"]["line"], f["primary"]["start"]["column"], f["primary"]["end"]["line"], f["primary"]["end"]["column"], f["rule"]))
    sorted_by("open", [x for x in report["open"] if x["rule"]], lambda x: (x["rule"], x["reason"].encode()))

    # inputs: every file is there, read, and its server's
    seen = {it["path"]: it for it in report["inputs"]}
    for path in e.files:
        it = seen.pop(path, None)
        kind = e.kind[path]
        if it is None:
            say("inputs", f"{path} is not in inputs")
        elif kind in ("noise", "history"):
            if it["status"] != "ignored":
                say("inputs", f"{path}: {it['status']}, wanted ignored")
        elif it["status"] in ("refused", "ignored") or (it["status"] == "partly-read" and not e.bad_input and kind not in ("list", "servers")):
            say("inputs", f"{path}: {it['status']} ({it['reason']}), wanted read")
        elif kind in ("iis", "reg") and (it["server"] or "").lower() != e.owner[path].lower():
            say("inputs", f"{path}: server {it['server']}, wanted {e.owner[path]}")
    for path in seen:
        say("inputs", f"{path}: no such file was written")
    if not e.bad_input:
        for f in report["findings"]:
            if f["rule"].startswith("INP-") and f["severity"] == "error":
                say("inp", f"{f['rule']} {f['severity']} {f['primary']['path']}:{f['primary']['start']['line']}: {f['message'][:300]}")

    # facts: a few values
    by_name = {s["name"].lower(): s for s in facts["servers"]}
    for s in e.servers:
        it = by_name.get(s.name.lower())
        if it is None:
            say("facts", f"{s.name} is missing")
            continue
        if (it["site"] or "").lower() != (s.site or "").lower():
            say("facts", f"{s.name}: site {it['site']}, wanted {s.site}")
        if len(it["vdirs"]) != len(s.vdirs):
            say("facts", f"{s.name}: vdirs {[x['identity'] for x in it['vdirs']]}, wanted {[v.label for v in s.vdirs]}")
            continue
        for v in s.vdirs:
            shown = it["vdirs"][0] if len(s.vdirs) == 1 else next((x for x in it["vdirs"] if x["identity"].lower() == v.identity.lower()), None)
            if shown is None:
                say("facts", f"{v.identity} is missing")
                continue
            props = {p["name"].lower(): p for p in shown["properties"]}
            for prop, truth in (("InternalUrl", v.internal), ("ExternalUrl", v.external), ("InternalAuthenticationMethods", v.methods)):
                p = props.get(prop.lower())
                want = {"known": ("known", truth[1] if len(truth) > 1 else None), "empty": ("empty", None), "absent": None, "conflict": ("conflicting", None), "trunc": ("truncated", truth[1] if len(truth) > 1 else None)}[truth[0]]
                got = p and (p["state"], p["value"])
                if want is None and got is not None or want is not None and (got is None or got != want):
                    say("facts", f"{v.label} {prop}: {got}, wanted {want}")
            site = model.find_site(s.iis, v) if s.iis else None
            if site is None:
                continue
            at = {(x["path"].lower(), x["section"].rpartition("/")[2].lower(), x["attribute"].lower()): x for x in it["iis"]}
            for section, attribute, default in (("access", "sslFlags", "None"), ("httpRedirect", "enabled", False), ("anonymousAuthentication", "enabled", True), ("windowsAuthentication", "enabled", False),
                                                ("handlers", "accessPolicy", "Read"), ("ipSecurity", "allowUnlisted", True)):
                x = at.get((f"{site.name}/{v.path}".lower(), section.lower(), attribute.lower()))
                truth = s.iis.scalar(site, v.path, section, attribute)
                if x is None or (truth is None and not s.iis.full):
                    continue
                truth = default if truth is None else truth
                got = str(x["value"]).lower()
                same = got == str(truth).lower() if isinstance(truth, bool) else model.flags(got) == model.flags(truth)
                if not same:
                    say("facts", f"{v.label} {section}@{attribute}: {x['value']} ({x['origin']}), wanted {truth}")
        opt = [x for x in it["registry"] if x["name"].lower() == "allowproxyingwithoutssl" and x["key"].lower() == gen.OWA.lower()]
        on = [x for x in opt if x["type"] == "REG_DWORD" and re.match(r"^0x[0-9a-f]{8}$", str(x["value"])) and int(x["value"], 16)]
        if bool(on) != (s.optin is True) or len(opt) > 1:
            say("facts", f"{s.name}: AllowProxyingWithoutSsl {[(x['type'], x['value']) for x in opt]}, wanted opt-in {s.optin}")
    return bad


def one(task):
    binary, seed, keep, only, skip = task
    e = gen.make(seed)
    base = tempfile.mkdtemp(prefix=f"oracle-{seed}-")
    root = os.path.join(base, "snapshot")
    os.makedirs(root)
    gen.write(e, root)
    try:
        bad = compare(binary, e, root)
    except subprocess.TimeoutExpired as x:
        bad = [("run", f"timeout: {x.cmd}")]
    except Exception as x:  # a document of another shape
        import traceback
        bad = [("run", f"{type(x).__name__}: {x}; {traceback.format_exc().splitlines()[-3].strip()}")]
    bad = [b for b in bad if (not only or b[0] in only) and b[0] not in skip]
    if not (bad and keep):
        shutil.rmtree(base)
        root = None
    return seed, bad, root, len(pairs_of(e))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bin", default="target/release/owalint")
    p.add_argument("--seeds", default="0-200", help="A-B, or A,B,C")
    p.add_argument("--keep", action="store_true", help="keep the estates that fail, and say where")
    p.add_argument("--max", type=int, default=40, help="mismatches to print")
    p.add_argument("--per-kind", type=int, default=1000000, help="mismatches to print of one category")
    p.add_argument("--jobs", type=int, default=2)
    p.add_argument("--only", default="", help="categories")
    p.add_argument("--skip", default="", help="categories")
    p.add_argument("--write", nargs=2, metavar=("SEED", "DIR"))
    args = p.parse_args()
    if args.write:
        e = gen.make(int(args.write[0]))
        gen.write(e, args.write[1])
        for path in sorted(e.files):
            print(f"{path}  {e.kind[path]} {e.owner[path] or ''}")
        for S, T, v, accepted in pairs_of(e):
            print(f"{S.name} -> {v.label} ({v.identity}): {' or '.join(f'{o}/{st[0]}/{ev}' for o, st, ev, _ in accepted)}\n      {dump(S, T, v)}")
        return 0
    seeds = []
    for part in args.seeds.split(","):
        a, _, b = part.partition("-")
        seeds += range(int(a), int(b or a) + 1)
    split = lambda text: {x for x in text.split(",") if x}
    tasks = [(os.path.abspath(args.bin), s, args.keep, split(args.only), split(args.skip)) for s in seeds]
    passed = failed = printed = pairs = 0
    kinds = collections.Counter()
    with multiprocessing.Pool(args.jobs) as pool:
        for seed, bad, root, n in pool.imap(one, tasks, chunksize=4):
            pairs += n
            if not bad:
                passed += 1
                continue
            failed += 1
            for category, message in bad:
                kinds[category] += 1
                if printed < args.max and kinds[category] <= args.per_kind:
                    printed += 1
                    print(f"seed {seed} [{category}] {message}", flush=True)
            if root and printed < args.max:
                print(f"  kept in {root}", flush=True)
    print(f"{pairs} pairs; mismatches: {dict(kinds) or 'none'}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
