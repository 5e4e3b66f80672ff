"""HTTP load by wrk, and what it measured. Every case of a run uses the same connections and duration."""
import pathlib
import re
import statistics
import subprocess

HERE = pathlib.Path(__file__).parent
CONNECTIONS = 16
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


class Measured:
    def __init__(self, text):
        self.per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
        value, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)\b", text).groups()
        self.p50_ms = float(value) * UNITS[unit]
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        self.refused = int(bad.group(1)) if bad else 0


def wrk(url, seconds, connections=CONNECTIONS, script=None, environment=None):
    """Loads url for `seconds`; fails loudly if any reply was not 2xx."""
    command = ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{seconds}s"]
    if script:
        command += ["-s", str(HERE / "lua" / script)]
    done = subprocess.run(command + [url], capture_output=True, text=True, check=True,
                          env={"PATH": "/usr/bin:/bin", **(environment or {})})
    measured = Measured(done.stdout)
    if measured.refused:
        raise SystemExit(f"{url} ({script}): {measured.refused} replies were not 2xx")
    return measured


class Baseline:
    """The empty handler, measured for a second before and after every case it is compared with: a shared machine speeds up
    and slows down within a run, and a baseline taken once would say more of that than of emu."""

    ROUNDS = 3

    def __init__(self, url):
        self.url = url
        self.last = self._measure()

    def _measure(self):
        return wrk(self.url, 1, script="post.lua").per_second

    def beside(self, case, seconds):
        """The median round of case(seconds): what it measured and its share of the empty handler."""
        rounds = []
        for _ in range(self.ROUNDS):
            before, measured = self._measure(), case(seconds)
            self.last = self._measure()
            rounds.append((2 * measured.per_second / (before + self.last), measured))
        share = statistics.median_low(share for share, _ in rounds)
        return next((measured, share) for part, measured in rounds if part == share)
