"""Many environments at once: all of an account's, cold starts that come together, and more requests than reserved concurrency
lets in, which the function itself counts.

    EMU_LOAD=1 tests/compat/load_test.py     # 1,000 environments, 200 cold starts of Node, ten times as long
"""
import collections
import json
import os
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from daemon import EMU, request, until
from functions import WithFunctions

LONG = bool(os.environ.get("EMU_LOAD"))
ENVIRONMENTS = 1000 if LONG else 60
COLD_STARTS = 200 if LONG else 20
RESERVED, OVERLOAD, SECONDS = (20, 10, 30) if LONG else (5, 10, 3)
NAPS = "exports.handler = async (n) => { await new Promise((done) => setTimeout(done, 500)); return { n, pid: process.pid }; };"


class Load(WithFunctions):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="emu-load-", dir=Path(EMU).parent)  # /tmp is each environment's own
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def meeting(self, name, timeout=300):
        program = (Path(EMU).parent / "meeting_function").read_bytes()
        return self.function(name, "bootstrap", "provided.al2023", {"bootstrap": program}, Timeout=timeout,
                             Environment={"Variables": {"COUNTER": str(self.folder / "counter")}})

    def post(self, name, event):
        reply = request(self.emu.port, "POST", f"/2015-03-31/functions/{name}/invocations", json.dumps(event), timeout=280)
        return reply.status, reply.json()

    def states(self, name):
        environments = self.emu.request("GET", "/_emu/environments").json()["environments"]
        return collections.Counter(e["state"] for e in environments if e["function"] == name)

    def all_at_once(self, name, events):
        """[(status, answer)] of as many requests at once, and the seconds they took."""
        start = time.monotonic()
        with ThreadPoolExecutor(len(events)) as pool:
            return list(pool.map(lambda event: self.post(name, event), events)), time.monotonic() - start

    def test_all_environments_of_an_account_live_and_are_invoked_together(self):
        name, pids = self.meeting("meeting"), []
        for _ in range(2):  # all cold, and all warm
            (self.folder / "counter").write_bytes(b"")
            answers, seconds = self.all_at_once(name, [ENVIRONMENTS] * ENVIRONMENTS)
            self.assertEqual(collections.Counter(status for status, _ in answers), {200: ENVIRONMENTS}, answers[0])
            pids.append({answer["pid"] for _, answer in answers})
            self.assertEqual((len(pids[-1]), max(answer["most"] for _, answer in answers)), (ENVIRONMENTS, ENVIRONMENTS))
            print(f"{ENVIRONMENTS} environments at once: {seconds:.1f} s", flush=True)
            until("all to be idle", lambda: self.states(name) == {"idle": ENVIRONMENTS})
        self.assertEqual(pids[0], pids[1])

    def test_cold_starts_of_node_that_come_together_all_end(self):
        name = self.function("node", "app.handler", "nodejs20.x", {"app.js": NAPS}, Timeout=120)
        answers, seconds = self.all_at_once(name, range(COLD_STARTS))
        self.assertEqual([(status, answer.get("n")) for status, answer in answers], [(200, n) for n in range(COLD_STARTS)])
        print(f"{COLD_STARTS} invocations of Node at once in {len({a['pid'] for _, a in answers})} environments: {seconds:.1f} s", flush=True)

    def test_reserved_concurrency_is_never_exceeded(self):
        name = self.meeting("reserved", timeout=30)
        self.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=RESERVED)
        counts, end = collections.Counter(), time.monotonic() + SECONDS
        lock = threading.Lock()

        def hammer(_):
            while time.monotonic() < end:
                status, answer = self.post(name, 0)
                with lock:
                    counts[status] += 1
                    counts["most"] = max(counts["most"], answer.get("most", 0))

        with ThreadPoolExecutor(RESERVED * OVERLOAD) as pool:
            list(pool.map(hammer, range(RESERVED * OVERLOAD)))
        print(f"reserved {RESERVED}: {dict(counts)}", flush=True)
        self.assertEqual(set(counts), {200, 429, "most"}, counts)
        self.assertLessEqual(counts["most"], RESERVED, counts)
        self.assertGreater(counts["most"], RESERVED // 2, counts)


if __name__ == "__main__":
    unittest.main()
