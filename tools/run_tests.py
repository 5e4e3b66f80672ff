#!/usr/bin/python3
"""Runs every test and counts cases: doctest programs, Python unittest files, Node test files.

    tools/run_tests.py BUILD_DIR [unit|bootstrap|tools|compat]…

One line per program as it ends; a failing one is printed whole. The last line is "N passed, N failed", and the
exit status says whether any failed. A program that ends without its summary, or not at all, is one failed case.
"""
import json
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"  # the one that sees Debian's boto3
LONG = re.compile("chaos|durability|event_sources|dynamodb$")
GROUPS = ["unit", "bootstrap", "tools", "compat"]


@dataclass
class Job:
    name: str
    command: list
    parse: object  # output -> Count or None
    limit: int  # seconds
    environment: dict = field(default_factory=dict)


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other):
        return Count(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


def doctest_count(output):
    found = re.search(r"^\[doctest\] test cases: +(\d+) \| +(\d+) passed \| +(\d+) failed \| +(\d+) skipped", output, re.M)
    return found and Count(int(found[2]), int(found[3]), int(found[4]))


def unittest_count(output):
    ran = re.search(r"^Ran (\d+) tests? in ", output, re.M)
    end = re.search(r"^(?:OK|FAILED)(?: \((.*)\))?$", output, re.M)
    if not ran or not end:
        return None
    parts = dict(part.rsplit("=", 1) for part in (end[1] or "").split(", ") if part)
    number = lambda key: int(parts.get(key, 0))
    bad = number("failures") + number("errors") + number("unexpected successes")
    # A failing setUpClass is an error of its own, not of a test that ran.
    outside = len(re.findall(r"^ERROR: (?:setUp|tearDown)(?:Class|Module) ", output, re.M))
    good = int(ran[1]) - (bad - outside) - number("skipped")
    return Count(max(good, 0), bad, number("skipped"))


def node_count(output):
    numbers = dict(re.findall(r"^# (pass|fail|cancelled|skipped|todo) (\d+)$", output, re.M))
    if "pass" not in numbers:
        return None
    return Count(int(numbers["pass"]), int(numbers["fail"]) + int(numbers["cancelled"]), int(numbers["skipped"]))


def unit_jobs(build):
    listing = subprocess.run(["ctest", "--test-dir", str(build), "--show-only=json-v1"], capture_output=True, text=True)
    if listing.returncode != 0:
        sys.exit(f"run_tests: {build} is not configured: {listing.stderr.strip()}")
    for test in json.loads(listing.stdout)["tests"]:
        program = test.get("command", [str(build / f"test_{test['name']}")])
        yield Job(f"unit {test['name']}", program + ["--no-colors"], doctest_count, 300)


def python_jobs(group, folder, limit, environment):
    for path in sorted((ROOT / folder).glob("*_test.py")):
        command = [PYTHON, "-B", "-W", "ignore::ResourceWarning", "-m", "unittest", path.stem]
        yield Job(f"{group} {path.name}", command, unittest_count, limit, {**environment, "PYTHONPATH": str(path.parent)})


def node_jobs(group, folder, limit, environment):
    for path in sorted((ROOT / folder).glob("*.test.mjs")):
        yield Job(f"{group} {path.name}", ["node", "--test", "--test-reporter=tap", str(path)], node_count, limit, environment)


def jobs(build, groups):
    emu = {"EMU": str(build / "emu")}
    if "unit" in groups:
        yield from unit_jobs(build)
    if "bootstrap" in groups:
        yield from python_jobs("bootstrap", "tests/runtime-api/bootstrap", 300, {})
    if "tools" in groups:
        yield from python_jobs("tools", "tools", 60, {})
        yield from python_jobs("tools", ".ci", 60, {})
    if "compat" in groups:
        yield from python_jobs("compat", "tests/compat", 300, emu)
        yield from node_jobs("compat", "tests/compat/node", 300, emu)


def run(job):
    start = time.monotonic()
    try:
        process = subprocess.Popen(
            job.command, cwd=ROOT, env={**os.environ, **job.environment}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    except OSError as error:
        return Count(failed=1), 0.0, f"cannot run {job.command[0]}: {error.strerror}\n"
    try:
        output = process.communicate(timeout=job.limit)[0].decode(errors="replace")
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output = process.communicate()[0].decode(errors="replace")
        return Count(failed=1), job.limit, output + f"\nstill running after {job.limit} s\n"
    count = job.parse(output)
    if count is None:
        count, output = Count(failed=1), output + f"\nended without a summary, status {process.returncode}\n"
    elif process.returncode != 0 and count.failed == 0:  # a sanitizer's report at exit, for instance
        count, output = count + Count(failed=1), output + f"\nexit status {process.returncode}\n"
    return count, time.monotonic() - start, output


def main(arguments):
    if not arguments or not set(arguments[1:]) <= set(GROUPS):
        sys.exit(__doc__)
    todo = list(jobs(Path(arguments[0]).resolve(), arguments[1:] or GROUPS))
    todo.sort(key=lambda job: not LONG.search(job.name))  # so that none of them ends long after all others
    workers = max(2, os.cpu_count() or 2) + 1  # half of a test's time is waiting
    print(f"== tests: {len(todo)} programs, {workers} at a time", flush=True)
    start, total, failures = time.monotonic(), Count(), []
    with ThreadPoolExecutor(workers) as pool:
        running = {pool.submit(run, job): job for job in todo}
        for ended, future in enumerate(as_completed(running), 1):
            job, (count, seconds, output) = running[future], future.result()
            total += count
            verdict = f"{count.failed} FAILED" if count.failed else "ok"
            print(f"[{ended:2}/{len(todo)}] {job.name:40} {count.passed:4} passed {seconds:6.1f} s  {verdict}", flush=True)
            if count.failed:
                failures.append(job.name)
                print("".join(f"    {line}\n" for line in output.splitlines()), flush=True)
    print(f"== tests: {time.monotonic() - start:.1f} s" + (f", {total.skipped} skipped" if total.skipped else ""))
    if failures:
        print("failed: " + ", ".join(failures))
    print(f"{total.passed} passed, {total.failed} failed")
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
