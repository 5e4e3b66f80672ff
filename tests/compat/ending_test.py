"""How emu ends: with little, with much to clean up, and with a command that has its own mind about ending."""
import os
import signal
import subprocess
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from daemon import EMU, PATIENCE, Daemon, running, until
from functions import WithFunctions

LITTERS = """
import os, subprocess
def handler(event, context):
    for n in range(20000):
        open(f"/tmp/{n}", "w").close()
    hidden = subprocess.Popen(["/usr/bin/env", "-i", "sleep", "1000"], start_new_session=True)
    return hidden.pid
"""

NAPS = """
import time
def handler(event, context):
    time.sleep(1)
    return event
"""


class Scarce(Daemon):
    """A daemon that starts with few file descriptors, and may take more."""

    def command(self):
        return ["prlimit", "--nofile=100:4096", *super().command()]


class FewDescriptors(WithFunctions):
    @classmethod
    def daemon(cls):
        return Scarce()

    def test_a_low_soft_limit_of_descriptors_is_raised(self):
        name = self.function("naps", files={"app.py": NAPS}, Timeout=60)
        with ThreadPoolExecutor(40) as pool:
            self.assertEqual(list(pool.map(lambda n: self.invoke(name, n), range(40))), list(range(40)))


class MuchToCleanUp(WithFunctions):
    def test_a_function_that_leaves_files_and_a_nameless_process_does_not_delay_the_end(self):
        name = self.function("litters", files={"app.py": LITTERS}, Timeout=60)
        pid = self.invoke(name)
        folder = Path(self.emu.status()["logs"]).parent
        self.assertTrue(running(pid))
        start = time.monotonic()
        self.assertEqual(self.emu.stop(), 0)
        self.assertLess(time.monotonic() - start, 1.0)
        self.assertFalse(running(pid))
        until("its files are gone", lambda: not folder.exists())


class EndingACommand(unittest.TestCase):
    def run_until_started(self, script, shell="sh"):
        folder = tempfile.TemporaryDirectory(prefix="emu-ending-")
        self.addCleanup(folder.cleanup)
        self.output = Path(folder.name) / "output"
        with open(self.output, "wb") as output:
            process = subprocess.Popen([EMU, "run", folder.name, "--", shell, "-c", script], stdout=output,
                                       stdin=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(process.kill)
        until("the command runs", lambda: "\n" in self.output.read_text())
        return process

    def test_a_command_that_cleans_up_meets_a_daemon_that_still_answers(self):
        # Without a process of its own, which a busy machine starts too late.
        process = self.run_until_started(
            "clean() { exec 3<>/dev/tcp/127.0.0.1/${AWS_ENDPOINT_URL##*:};"
            r" printf 'GET /_emu/health HTTP/1.1\r\nHost: localhost\r\n\r\n' >&3; read -r _ status _ <&3; printf %s $status; exit 5; };"
            "trap clean TERM; echo started; while :; do sleep 0.02; done", "bash")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 128 + signal.SIGTERM)
        self.assertEqual(self.output.read_text(), "started\n200")

    def test_ctrl_c_reaches_the_command_once(self):
        process = self.run_until_started(
            "trap 'echo interrupted; sleep 0.1; echo done; exit 5' INT; trap 'echo terminated' TERM;"
            "echo started; while :; do sleep 0.02; done")
        os.killpg(process.pid, signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), 128 + signal.SIGINT)
        self.assertEqual(self.output.read_text(), "started\ninterrupted\ndone\n")

    def test_a_command_that_does_not_want_to_end_does_not_outlive_emu(self):
        process = self.run_until_started("trap '' TERM INT; echo $$; exec sleep 1000")
        pid = int(self.output.read_text())
        start = time.monotonic()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 128 + signal.SIGTERM)
        self.assertLess(time.monotonic() - start, 1.0)
        self.assertFalse(running(pid))


if __name__ == "__main__":
    unittest.main()
