"""The HTTP gateway: what it adds to an invocation, beside serverless-offline on the same handler, and what idle connections
cost."""
import pathlib
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import time

from daemon import BUILD, ROOT, free_port, npm_program
from load import wrk

CALLERS = 8
IDLE = 5000
GROWN = 4  # seconds of load a round: in less, the heaps of neither have grown to what they stay at
REST = 3  # seconds after which memory is measured, of both
WEB_NODE = ROOT / "bench" / "functions" / "web-node"
WEB = BUILD / "bench" / "web_handler"


def descendants(pid):
    """A process and all it started."""
    children = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        children.setdefault(int(after_name[1]), []).append(int(status.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def tree_mib(pid):
    """Of all of them together: what each has for itself, and what the one that shares most shares."""
    private, shared = 0, []
    for one in descendants(pid):
        try:
            rollup = pathlib.Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        kib = dict(line.split()[:2] for line in rollup.splitlines()[1:])
        private += int(kib["Private_Clean:"]) + int(kib["Private_Dirty:"])
        shared.append(int(kib["Shared_Clean:"]) + int(kib["Shared_Dirty:"]))
    return (private + max(shared)) / 1024


class Offline:
    """serverless-offline under osls, both from npm, serving functions/web-node."""

    def __enter__(self):
        osls = npm_program("osls")
        npm_program("serverless-offline")
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="emu-bench-"))
        for file in WEB_NODE.iterdir():
            shutil.copy(file, self.home)
        (self.home / "node_modules").symlink_to(osls.parent.parent)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/orders"
        command = [osls, "offline", "--httpPort", str(self.port), "--lambdaPort", str(free_port()), "--noPrependStageInUrl"]
        self.process = subprocess.Popen(command, cwd=self.home, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 60
        while True:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("serverless-offline did not start")
            time.sleep(0.05)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.home)


def share_of_invoke(report, emu, seconds):
    """The gateway beside Invoke of the same function, in turn, so that both see the same machine."""
    emu.function("web", "provided.al2023", "web", WEB)
    gateway, invoke = emu.http_api("web"), f"{emu.url}/2015-03-31/functions/web/invocations"
    emu.invoke("web")
    shares, rates = [], []
    for _ in range(5):
        direct = wrk(invoke, seconds, script="post.lua").per_second
        rates.append(wrk(gateway, seconds, script="post.lua").per_second)
        shares.append(rates[-1] / direct)
    share = statistics.median(shares)
    report.row("gateway to C++ function, share of Invoke", f"{statistics.median(rates):,.0f}/s = {share:.2f}", ">= 0.8", share >= 0.8)


def beside_offline(report, emu, seconds):
    emu.function("web-node", "nodejs20.x", "index.handler", WEB_NODE)
    node, cpp = emu.http_api("web-node"), emu.http_api("web")
    with Offline() as offline:
        urls = {"offline": offline.url, "node": node, "cpp": cpp}
        measured = {name: [] for name in urls}
        for url in urls.values():
            wrk(url, 1, CALLERS, "post.lua")  # warm
        for _ in range(3):
            for name, url in urls.items():
                measured[name].append(wrk(url, seconds, CALLERS, "post.lua"))
        # The C++ function's environments are not what serverless-offline is compared with.
        emu.call("DELETE", "/2015-03-31/functions/web", None)
        time.sleep(REST)
        theirs_mib, ours_mib = tree_mib(offline.process.pid), tree_mib(emu.process.pid)

    def median(name, of):
        return statistics.median(of(each) for each in measured[name])

    rate = {name: median(name, lambda each: each.per_second) for name in urls}
    p50 = {name: median(name, lambda each: each.p50_ms) for name in urls}
    report.row(f"serverless-offline, {CALLERS} callers", f"{rate['offline']:,.0f}/s, {p50['offline']:.2f} ms, {theirs_mib:.0f} MiB")
    faster = rate["node"] / rate["offline"]
    report.row("gateway to Node function, times serverless-offline", f"{rate['node']:,.0f}/s = {faster:.2f}", ">= 1.3", faster >= 1.3)
    sooner = p50["node"] / p50["offline"]
    report.row("the same: p50, times serverless-offline", f"{p50['node']:.2f} ms = {sooner:.2f}", "<= 0.6", sooner <= 0.6)
    smaller = ours_mib / theirs_mib
    report.row("the same: memory with its functions, times serverless-offline", f"{ours_mib:.0f} MiB = {smaller:.2f}", "<= 0.33", smaller <= 1 / 3)
    faster = rate["cpp"] / rate["offline"]
    report.row("gateway to C++ function, times serverless-offline", f"{rate['cpp']:,.0f}/s = {faster:.2f}", ">= 4", faster >= 4)


def idle_connections(report, emu):
    """Connections that asked once and then stay."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    before = emu.data_mib()
    sockets = []
    for _ in range(IDLE):
        s = socket.create_connection(("127.0.0.1", emu.port))
        s.sendall(b"GET /_emu/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        sockets.append(s)
    for s in sockets:
        if not s.recv(4096).startswith(b"HTTP/1.1 200"):
            raise SystemExit("a connection was not answered")
    grown = emu.data_mib() - before
    for s in sockets:
        s.close()
    report.row(f"{IDLE:,} idle keep-alive connections", f"{grown:.1f} MiB", "<= 60 MiB", grown <= 60)


def run(report, Emu, seconds):
    with Emu() as emu:
        share_of_invoke(report, emu, seconds)
        beside_offline(report, emu, max(seconds, GROWN))
    with Emu() as emu:
        idle_connections(report, emu)
