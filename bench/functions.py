"""Functions: what an invocation adds to the empty handler, Node's runtime beside the least one, cold starts beside the bare
programs."""
import os
import pathlib
import re
import shutil
import statistics
import tempfile
import time

from daemon import BUILD, ROOT
from load import wrk

ECHO = BUILD / "sample-functions" / "cpp" / "echo"
SAMPLES = ROOT / "bench" / "functions"


def added_p50(empty_url, url, rounds=5):
    """What one caller waits longer than for the empty handler, in ms: the median of rounds of a second each, alternating."""
    return statistics.median(-wrk(empty_url, 1, 1, "post.lua").p50_ms + wrk(url, 1, 1, "post.lua").p50_ms for _ in range(rounds))


def warm(report, emu, empty, seconds):
    invoke = emu.url + "/2015-03-31/functions/{}/invocations"
    emu.function("echo", "provided.al2023", "echo", ECHO)
    emu.invoke("echo")
    added = added_p50(empty.url, invoke.format("echo"))
    report.row("warm invoke of C++ echo: p50 added to empty handler", f"{added:.3f} ms", "<= 0.2 ms", added <= 0.2)
    report.share("warm invoke of C++ echo", *empty.beside(lambda s: wrk(invoke.format("echo"), s, script="post.lua"), seconds), 0.15)
    emu.function("echo-node", "nodejs20.x", "index.handler", SAMPLES / "echo-node")
    emu.function("bare-node", "provided.al2023", "echo", SAMPLES / "bare-node")
    emu.invoke("echo-node"), emu.invoke("bare-node")
    rates = {name: [] for name in ("bare-node", "echo-node")}
    for _ in range(3):
        for name, measured in rates.items():
            measured.append(wrk(invoke.format(name), seconds, script="post.lua").per_second)
    bare, ours = (statistics.median(measured) for measured in rates.values())
    report.row("warm invoke of Node echo, times the least Node runtime", f"{ours:,.0f}/s = {ours / bare:.2f}", ">= 0.85", ours >= 0.85 * bare)


def run_bare(command):
    begun = time.perf_counter()
    pid = os.posix_spawn(command[0], command, {"PATH": os.environ["PATH"]},
                         file_actions=[(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    os.waitpid(pid, 0)
    return (time.perf_counter() - begun) * 1000


def cold_times(emu, name, bare, rounds, ready=lambda: None):
    """Milliseconds of the bare program, and of the first invocation of a fresh environment, in turn so that both see the same
    machine; ready() waits before each invocation."""
    times = []
    for n in range(rounds):
        plain = run_bare(bare)
        emu.make_cold(name, n)
        ready()
        begun = time.perf_counter()
        emu.invoke(name)
        times.append((plain, (time.perf_counter() - begun) * 1000))
    return times


def cold_booted(report, Emu, rounds):
    """A cold start that takes an interpreter booted ahead, beside the bare interpreter."""
    with Emu("--boot-ahead", "1") as emu:
        emu.function("hello", "nodejs20.x", "handler.hello", ROOT / "sample-functions" / "node")
        emu.invoke("hello")

        def ready():
            while not emu.booted_ahead():
                time.sleep(0.01)
            time.sleep(0.3)  # until it has booted

        times = cold_times(emu, "hello", [shutil.which("node"), "-e", "0"], rounds, ready)
    share = statistics.median(cold / plain for plain, cold in times)
    ms = statistics.median(cold for _, cold in times)
    report.row("cold start of hello on a booted interpreter, times bare node", f"{ms:.1f} ms = {share:.2f}", "<= 0.5", share <= 0.5)


MODEL = """
default: exact
before_init: {median_ms: 100, sigma: 0}
profiles:
  exact:
    sigma: 0
    runtimes:
      provided.al2023: {x86_64: 300}
"""


def cold_modelled(report, Emu, rounds):
    """Cold starts of a model that always draws the same: what is waited for, and what is reported, beside the draw."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as model:
        model.write(MODEL)
        model.flush()
        with Emu("--cold-start", "modelled", "--cold-start-model", model.name) as emu:
            emu.function("echo", "provided.al2023", "echo", ECHO)
            waited, reported = [], []
            for n in range(rounds):
                emu.make_cold("echo", n)
                begun = time.perf_counter()
                line = emu.report("echo")
                waited.append((time.perf_counter() - begun) * 1000)
                reported.append(float(re.search(r"Init Duration: ([\d.]+) ms", line)[1]))
    off = statistics.median(abs(ms - 400) for ms in waited), statistics.median(abs(ms - 300) for ms in reported)
    report.row("modelled cold start of 100 + 300 ms: waited, Init Duration off by", f"{off[0]:.2f} ms, {off[1]:.2f} ms",
               "<= 8 ms, <= 6 ms", off[0] <= 8 and off[1] <= 6)


def cold(report, emu, name, bare, most_ms, rounds):
    ms = statistics.median(cold - plain for plain, cold in cold_times(emu, name, bare, rounds))
    report.row(f"cold start of {name}: added to {pathlib.Path(bare[0]).name}", f"{ms:.1f} ms", f"<= {most_ms} ms", ms <= most_ms)


def run(report, Emu, empty, seconds, rounds):
    with Emu() as emu:
        warm(report, emu, empty, seconds)
        emu.function("hello", "nodejs20.x", "handler.hello", ROOT / "sample-functions" / "node")
        cold(report, emu, "hello", [shutil.which("node"), "-e", "0"], 15, rounds)
        cold(report, emu, "echo", [str(ECHO / "bootstrap")], 5, rounds)
    cold_booted(report, Emu, rounds)
    cold_modelled(report, Emu, rounds)
