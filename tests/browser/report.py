"""Tries the HTML report in a real browser: it renders, its filters work, nothing is logged, hostile values stay text.

    python3 tests/browser/report.py --bin target/release/owalint [--shots FOLDER]

Needs Chromium and its driver (Debian: chromium, chromium-driver); the standard library does the rest.
"""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

OPTIONS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]


class Browser:
    """One session of a browser, driven over WebDriver on this machine."""

    def __init__(self, width=1200, height=1600):
        self.folder = tempfile.mkdtemp(prefix="owalint-browser-")
        port = "9617"
        self.driver = subprocess.Popen(["chromedriver", f"--port={port}", "--silent"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base = f"http://127.0.0.1:{port}/session"
        capabilities = {
            "browserName": "chrome",
            "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": {"args": OPTIONS + [f"--user-data-dir={self.folder}", f"--window-size={width},{height}"]},
        }
        for _ in range(100):
            try:
                made = self.call("POST", "", {"capabilities": {"alwaysMatch": capabilities}})
                break
            except OSError:
                time.sleep(0.1)
        self.base += "/" + made["sessionId"]

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, path):
        self.call("POST", "/url", {"url": "file://" + os.path.abspath(path)})

    def run(self, script):
        return self.call("POST", "/execute/sync", {"script": script, "args": []})

    def logged(self):
        return self.call("POST", "/se/log", {"type": "browser"})

    def dark(self, value):
        feature = {"name": "prefers-color-scheme", "value": value}
        self.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"features": [feature]}})

    def width(self, pixels):
        params = {"width": pixels, "height": 1400, "deviceScaleFactor": 1, "mobile": False}
        self.call("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": params})

    def shot(self, path):
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.call("GET", "/screenshot")))

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            shutil.rmtree(self.folder, ignore_errors=True)


HOSTILE = '"><script>document.title="taken"</script><img src=x onerror="document.title=\'taken\'">'

# Texts whose contrast is below 4.5, which is what WCAG asks of level AA.
FAINT = """
const light = (c) => { const f = (x) => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
const parsed = (text) => { const parts = text.match(/[\\d.]+/g).map(Number); return parts.length < 4 ? [...parts, 1] : parts; };
const behind = (it) => { for (; it; it = it.parentElement) { const c = parsed(getComputedStyle(it).backgroundColor); if (c[3] > 0) return c; } return [255, 255, 255, 1]; };
const faint = new Set();
for (const it of document.querySelectorAll("body *:not(script):not(style):not(title)")) {
  if (![...it.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) continue;
  const drawn = it instanceof SVGElement;
  const one = light(parsed(drawn ? getComputedStyle(it).fill : getComputedStyle(it).color));
  const other = light(drawn ? parsed(getComputedStyle(document.querySelector("svg rect")).fill) : behind(it));
  const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  if (ratio < 4.5) faint.add(`${it.tagName} ${it.getAttribute("class")} ${ratio.toFixed(2)}`);
}
return [...faint];
"""

VDIR = """
Name                          : owa (Default Web Site)
InternalAuthenticationMethods : {{Ntlm, WindowsIntegrated}}
MetabasePath                  : IIS://{name}.corp.example.com/W3SVC/1/ROOT/owa
Server                        : {name}
InternalUrl                   : {url}
ExternalUrl                   :
Identity                      : {name}\\owa (Default Web Site)
RedirectToOptimalOWAServer    : True
DefaultDomain                 : {hostile}

"""


def snapshot(root, servers):
    """An estate in which each third server is addressed over http, and every server has a hostile value."""
    os.makedirs(root)
    with open(os.path.join(root, "owa.txt"), "w") as out:
        for number in range(servers):
            name = f"CAS{number:03}"
            scheme = "http" if number % 3 == 1 else "https"
            host = "a<script>alert(1)</script>" if number % 5 == 1 else f"{name.lower()}.corp.example.com"
            out.write(VDIR.format(name=name, url=f"{scheme}://{host}/owa", hostile=HOSTILE))
    with open(os.path.join(root, "owalint-estate.toml"), "w") as out:
        for number in range(servers):
            out.write(f'[servers.CAS{number:03}]\nsite = "Site <b>{number % 12}</b>"\n')


def report(binary, root, page):
    """Writes the page, and gives the findings of the same run."""
    done = subprocess.run(
        [binary, "check", root, "--format", "json", "--output", f"html={page}"], stdout=subprocess.PIPE, check=False
    )
    assert done.returncode in (1, 3), done.returncode
    return json.loads(done.stdout)["findings"]


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def try_page(browser, page, findings, many):
    browser.open(page)
    count = "return document.querySelectorAll('article:not([hidden])').length"
    check(browser.run(count) == len(findings), "every finding is there")
    check(browser.run("return document.title") == "owalint report", "a value has run as script")
    check(browser.run("return document.querySelectorAll('img, b b, script:not(:last-of-type)').length") == 0, "a value has become markup")
    check("<script>" in browser.run("return document.body.textContent"), "the hostile value is shown as text")
    check(not browser.run("return document.getElementById('filters').hidden"), "the filters are there")
    choose = "const s = document.querySelector('select[name={0}]'); s.value = {1}; s.dispatchEvent(new Event('change', {{bubbles: true}}));"
    for field, of in (("severity", lambda it: {it["severity"]}), ("rule", lambda it: {it["rule"]}), ("server", lambda it: set(it["sources"] + it["targets"]))):
        values = browser.run(f"return Array.from(document.querySelector('select[name={field}]').options).map(it => it.value)")[1:]
        check(values, f"there is something to choose for {field}")
        browser.run(choose.format(field, json.dumps(values[0])))
        wanted = sum(values[0] in of(it) for it in findings)
        check(browser.run(count) == wanted, f"{field} {values[0]}: {browser.run(count)} findings, not {wanted}")
        browser.run("document.querySelector('button[type=reset]').click()")
        time.sleep(0.05)
        check(browser.run(count) == len(findings), "resetting shows all again")
    browser.run("document.getElementById('open-all').click()")
    check(browser.run("return document.querySelectorAll('table.grid td').length") > 1, "the grid is there")
    check(browser.run("return document.querySelector('svg') !== null") != many, "few sites are a picture, many are not")
    rows = browser.run("return document.querySelectorAll('table.grid tbody tr').length")
    check(rows == 12 if many else rows > 1, f"{rows} rows of the grid")
    check(browser.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"), "the page is not wider than the window")
    check(browser.run("return document.querySelectorAll('p ~ details.names, p details').length") == 0, "nothing has been torn out of its paragraph")
    check(browser.run("return Array.from(document.querySelectorAll('nav a, article a')).every(it => document.querySelector(it.getAttribute('href')))"), "every link of the page leads somewhere")
    explained = browser.run("return Array.from(document.querySelectorAll('section.rule')).map(it => it.id.slice(5))")
    check(explained == sorted({it["rule"] for it in findings}), f"each rule is explained once: {explained}")
    browser.run("document.querySelectorAll('details[open]').forEach(it => { it.open = false })")
    browser.run("dispatchEvent(new Event('beforeprint'))")
    check(browser.run("return document.querySelectorAll('article > details:not([open])').length") == 0, "on paper every finding is open")
    browser.run("dispatchEvent(new Event('afterprint'))")
    check(browser.run("return document.querySelectorAll('details[open]').length") == 0, "printing leaves the page as it was")
    for width in (400, 1200):
        browser.width(width)
        browser.run("document.querySelectorAll('details').forEach(it => { it.open = true })")
        check(browser.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"), f"nothing is wider than {width} pixels")
    for scheme in ("light", "dark"):
        browser.dark(scheme)
        check(browser.run(FAINT) == [], f"all text can be read in the {scheme} page: {browser.run(FAINT)}")
    check(browser.logged() == [], f"the console: {browser.logged()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="target/release/owalint")
    parser.add_argument("--shots", default="", help="a folder to put pictures of the pages into")
    args = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="owalint-page-")
    browser = Browser()
    try:
        for servers in (3, 200):
            root, page = os.path.join(folder, f"{servers}"), os.path.join(folder, f"{servers}.html")
            snapshot(root, servers)
            findings = report(os.path.abspath(args.bin), root, page)
            try_page(browser, page, findings, servers == 200)
            print(f"pass {servers} servers, {len(findings)} findings, {os.path.getsize(page)} bytes")
            if args.shots:
                os.makedirs(args.shots, exist_ok=True)
                browser.shot(os.path.join(args.shots, f"{servers}-light.png"))
                browser.dark("dark")
                browser.shot(os.path.join(args.shots, f"{servers}-dark.png"))
                browser.dark("light")
    finally:
        browser.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
