"""Many at once: more requests than environments, and functions that call functions."""
import collections
import json
import socket
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

from daemon import PATIENCE, request, running
from functions import WithFunctions

NAPS = """
import os, time
def handler(event, context):
    time.sleep(0.1)
    return os.getpid()
"""

CALLS = """
import json, os, urllib.request
def handler(event, context):
    url = os.environ["AWS_ENDPOINT_URL"] + "/2015-03-31/functions/" + event["call"] + "/invocations"
    with urllib.request.urlopen(url, json.dumps(event["n"]).encode(), timeout=60) as answer:
        return {"inner": json.load(answer)}
"""

# Tells its process id to whoever listens on the port that the event names.
STUBBORN = """
import os, signal, socket, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
def handler(event, context):
    with socket.create_connection(("127.0.0.1", event)) as caller:
        caller.sendall(b"%d\\n" % os.getpid())
    time.sleep(60)
"""

DOUBLES = "def handler(event, context): return event * 2"


class Scaling(WithFunctions):
    def invoke_plainly(self, name, event):
        reply = request(self.emu.port, "POST", f"/2015-03-31/functions/{name}/invocations", json.dumps(event), timeout=90)
        return reply.status, reply.json()

    def test_five_hundred_requests_against_fifty_environments_all_get_an_answer(self):
        name = self.function("naps", files={"app.py": NAPS}, Timeout=60)
        self.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=50)
        with ThreadPoolExecutor(500) as pool:
            answers = list(pool.map(lambda n: self.invoke_plainly(name, n), range(500)))
        counts = collections.Counter(status for status, _ in answers)
        self.assertEqual(counts[200] + counts[429], 500, counts)
        self.assertGreaterEqual(counts[200], 50)
        pids = {body for status, body in answers if status == 200}
        self.assertLessEqual(len(pids), 50)
        refused = [body for status, body in answers if status == 429]
        for body in refused:
            self.assertEqual(body, {"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded", "Type": "User",
                                    "message": "Rate Exceeded."})
        self.assertNotIn("Z", self.emu.children().values())
        self.assertIsInstance(self.invoke(name), int)

    def test_a_function_with_no_concurrency_is_switched_off(self):
        name = self.function("off")
        self.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
        self.assertEqual(self.refused("TooManyRequestsException", self.functions.invoke, FunctionName=name), "Rate Exceeded.")
        self.functions.delete_function_concurrency(FunctionName=name)
        self.assertEqual(self.invoke(name)["visits"], 1)

    def test_sixty_four_handlers_that_call_another_function_do_not_deadlock(self):
        outer = self.function("outer", files={"app.py": CALLS}, Timeout=60)
        inner = self.function("inner", files={"app.py": DOUBLES}, Timeout=60)
        with ThreadPoolExecutor(64) as pool:
            answers = list(pool.map(lambda n: self.invoke_plainly(outer, {"call": inner, "n": n}), range(64)))
        self.assertEqual(answers, [(200, {"inner": 2 * n}) for n in range(64)])
        self.assertNotIn("Z", self.emu.children().values())


class Stopping(WithFunctions):
    def test_the_daemon_stops_in_under_a_second_while_functions_sleep_and_leaves_none(self):
        name = self.function("stubborn", files={"app.py": STUBBORN}, Timeout=60)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(PATIENCE)
            self.functions.invoke(FunctionName=name, InvocationType="Event", Payload=json.dumps(listener.getsockname()[1]))
            with listener.accept()[0] as function:
                pid = int(function.makefile().readline())
        start = time.monotonic()
        self.assertEqual(self.emu.stop(), 0)
        self.assertLess(time.monotonic() - start, 1.0)
        self.assertFalse(running(pid))


if __name__ == "__main__":
    unittest.main()
