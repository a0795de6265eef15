#!/usr/bin/env python3
"""Makes the outputs of this folder with a build of an earlier version, as its users left them.

    python3 make.py path/to/earlier/laion-stream.dll path/to/Demo

The second argument is the folder with pictures/ and models/tinyclip/ beside the executable. Each output of scenarios.json is written under
/tmp/laion-0.1.0 (the paths that the state files hold), then packed as NAME.zip; expected-KIND.jsonl holds the rows of a run that nothing
disturbed. Input files are packed as inputs.zip. Standard library only.
"""
import glob, gzip, http.server, json, os, shutil, signal, subprocess, sys, threading, time, zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = "/tmp/laion-0.1.0"
DLL, DEMO = sys.argv[1:3]
PICTURES = sorted(n for n in os.listdir(f"{DEMO}/pictures") if n.endswith((".jpg", ".webp")))
PAIRS = dict(line.rstrip("\n").split("\t")[:2] for line in open(f"{DEMO}/pictures/pairs.tsv"))
CONFIG = json.load(open(f"{HERE}/scenarios.json"))
LINKS = 60
delay = 0.0


class Web(http.server.BaseHTTPRequestHandler):
    """Serves the demo's pictures by the last part of the path; everything else is 404."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep(delay)
        path = f"{DEMO}/pictures/{self.path.split('?')[0].rsplit('/', 1)[-1]}"
        body = open(path, "rb").read() if os.path.exists(path) else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass  # a killed client breaks its connections


def link(file, i):
    """Address and caption of a link: most are good, some hosts can be down, some fail for good."""
    n = file * LINKS + i
    name = PICTURES[n % len(PICTURES)]
    host, caption = f"h{n % 4}", f"{PAIRS[name]}, number {n}"
    match i % 10:
        case 0: caption = None
        case 1 if i > 10: return link(file, i - 6)  # the link five before the last full ten, again
        case 2: host = "down"
        case 3: host = "slow"
        case 4: name = "missing.jpg"
        case 6: caption = "cat"
    return f"http://{host}.fixture.example/{n}/{name}", caption


def record(kind, address, block):
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2024-05-31T01:17:49Z\r\nContent-Type: application/json\r\nContent-Length: {len(block)}\r\n\r\n"
    return gzip.compress(head.encode() + block + b"\r\n\r\n", mtime=0)


def write_inputs():
    for file in range(3):
        with open(f"{ROOT}/in-{file}.warc.wat.gz", "wb") as out:
            for first in range(0, LINKS, 20):
                links = [{"path": "IMG@/src", "url": u, **({"alt": c} if c else {})} for u, c in (link(file, i) for i in range(first, first + 20))]
                page = f"http://www.fixture.example/{file}/{first}"
                envelope = {"Payload-Metadata": {"Actual-Content-Type": "application/http; msgtype=response", "HTTP-Response-Metadata": {
                    "Headers": {"Content-Type": "text/html"}, "HTML-Metadata": {"Head": {}, "Links": links}}},
                    "WARC-Header-Metadata": {"WARC-Type": "response", "WARC-Target-URI": page}}
                out.write(record("metadata", page, json.dumps({"Envelope": envelope}).encode()))
    for file in range(2):
        with open(f"{ROOT}/list-{file}.jsonl", "w") as out:
            for i in range(LINKS):
                url, caption = link(file, i)
                row = {"url": url, "caption": caption, "item": file * LINKS + i, "price": i / 4, "tag": f"tag {i % 3}" if i % 5 else None, "fresh": i % 2 == 0}
                out.write(json.dumps(row) + "\n")


def keys(kind, output, port, down):
    k = CONFIG["kinds"][kind]
    all_keys = CONFIG["settings"] | k["settings"] | {"Laion:Writing:Path": output, "Laion:Download:Resolve:*": f"127.0.0.1:{port}"}
    all_keys |= {f"Laion:Download:Resolve:{host}.fixture.example": "127.0.0.1:1" for host in down}
    if k.get("models"): all_keys["Laion:Models:Path"] = f"{DEMO}/models/tinyclip"
    return [f"--{key}={value}" for key, value in all_keys.items()]


def start(verb, kind, output, port, down):
    inputs = [x for name in CONFIG["kinds"][kind]["inputs"] for x in ("--input", f"{ROOT}/{name}")] if verb != "retry" else []
    return subprocess.Popen(["dotnet", DLL, verb, *inputs, *keys(kind, output, port, down)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)


def run(*what):
    if code := start(*what).wait(): sys.exit(f"{what}: exit {code}")


def lines(path):
    return sum(1 for _ in open(path)) if os.path.exists(path) else 0


def half_way(output, commits):
    """Rows are committed and others are in an open temp file."""
    return lines(f"{output}/state/manifest.jsonl") >= commits and glob.glob(f"{output}/**/.*laion-tmp", recursive=True)


def disturbed(verb, kind, output, port, sign, commits):
    global delay
    commits += lines(f"{output}/state/manifest.jsonl")
    delay = 0.05
    process = start(verb, kind, output, port, [])
    while process.poll() is None and not half_way(output, commits): time.sleep(0.005)
    process.send_signal(sign)
    print(f"  {verb} of {os.path.basename(output)} ended with {process.wait()}")
    delay = 0.0


def pack(name, folder):
    with zipfile.ZipFile(f"{HERE}/{name}.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(glob.glob(f"{folder}/**", recursive=True, include_hidden=True)):
            if os.path.isfile(path) and "/logs/" not in path: out.writestr(zipfile.ZipInfo(os.path.relpath(path, folder)), open(path, "rb").read(), zipfile.ZIP_DEFLATED)


def main():
    shutil.rmtree(ROOT, ignore_errors=True)
    os.makedirs(ROOT)
    write_inputs()
    pack("inputs", ROOT)
    server = Server(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.server_port
    for kind in CONFIG["kinds"]:
        run(CONFIG["kinds"][kind]["verb"], kind, f"{ROOT}/whole-{kind}", port, [])
        rows = subprocess.run(["dotnet", DLL, "inspect", f"{ROOT}/whole-{kind}", "--rows", "100000"], capture_output=True, text=True, check=True).stdout
        with open(f"{HERE}/expected-{kind}.jsonl", "w") as out: out.writelines(sorted(line + "\n" for line in rows.splitlines() if line.startswith("{")))
    for name, made in CONFIG["outputs"].items():
        kind, output, kill = made["kind"], f"{ROOT}/{name}", made.get("kill")
        verb = CONFIG["kinds"][kind]["verb"]
        if kill in ("run", "stop"): disturbed(verb, kind, output, port, signal.SIGKILL if kill == "run" else signal.SIGINT, made["commits"])
        else: run(verb, kind, output, port, made.get("down", []))
        if kill == "retry": disturbed("retry", kind, output, port, signal.SIGKILL, made["commits"])
        elif "retry" in made: run("retry", kind, output, port, made["retry"])
        pack(name, output)
        print(name, os.path.getsize(f"{HERE}/{name}.zip"))
    server.shutdown()


main()
