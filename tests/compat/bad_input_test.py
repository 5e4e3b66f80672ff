"""Replays docs/bad-input.md: its tables are the test data. Every row is run, and what emu prints must be what is written.

    bad_input_test.py --write     runs every row and writes down what was printed (make docs)

A cell of code stands as it is typed or printed; in it FREE is a free port, TAKEN one that something else serves, DATA a
data directory, and line breaks are <br>.
"""
import contextlib
import http.server
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from daemon import EMU, ROOT, Daemon, free_port

PAGE = ROOT / "docs/bad-input.md"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []


def code(cell):
    return cell.strip().strip("`").replace("\\|", "|")


def blocks(page):
    """The files given on the page: name -> text."""
    return dict(re.findall(r"^`(\S+)`:\n\n```\w*\n(.*?)^```$", page, re.M | re.S))


def rows(page):
    """(heading, cells, line number) of every row of every table."""
    heading = ""
    for number, line in enumerate(page.splitlines()):
        if line.startswith("## "):
            heading = line[3:]
        if line.startswith("| ") and not line.startswith("| what"):
            yield heading, re.split(r"(?<!\\)\|", line)[1:-1], number


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def raise_format(database):
    """Makes the first record of RocksDB's log, which holds the format, say 9: a checksum, a length, a type, the write."""
    log = min(database.glob("*.log"))
    bytes_ = bytearray(log.read_bytes())
    size = int.from_bytes(bytes_[4:6], "little")
    value = bytes_.index(b"format") + len(b"format")
    value = bytes_.index(b"\x011", value, 7 + size) + 1
    bytes_[value] = ord("9")
    crc = crc32c(bytes_[6:7 + size])
    bytes_[0:4] = (((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF).to_bytes(4, "little")
    log.write_bytes(bytes_)


class Elsewhere(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_error(404)

    def log_message(self, *_):
        pass


class Situation:
    """The folder a row is run in, and what its command is about."""

    def __init__(self, page, stack):
        self.stack = stack
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="emu-bad-input-")))
        self.folder.chmod(0o755)
        self.files = blocks(page)
        for name, text in self.files.items():
            (self.folder / name).write_text(text)
        self.words = {"FREE": str(free_port()), "DATA": str(self.folder / "data")}

    def taken(self):
        server = self.stack.enter_context(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.stack.callback(server.shutdown)
        self.words["TAKEN"] = str(server.server_port)

    def data(self, state):
        data = self.folder / "data"
        if state == "in a directory of root's":
            self.folder.chmod(0o555)
            return NOBODY
        if state == "another emu uses":
            self.stack.enter_context(Daemon(data=data))
            return []
        with Daemon(data=data):
            pass
        if state == "of root's":
            for path in data.rglob("*"):
                path.chmod(0o555 if path.is_dir() else 0o444)
            data.chmod(0o555)
            return NOBODY
        if state == "damaged":
            (data / "db/CURRENT").write_text("rubbish\n")
        elif state == "of a newer emu":
            raise_format(data / "db")
        else:
            raise ValueError(f"docs/bad-input.md: no data directory is {state}")
        return []

    def run(self, command, before=()):
        for word, value in self.words.items():
            command = re.sub(rf"\b{word}\b", value, command)
        program, *arguments = shlex.split(command)
        assert program == "emu", command
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "EMU_"))}
        done = subprocess.run([*before, EMU, *arguments], capture_output=True, text=True, cwd=self.folder, timeout=60,
                              stdin=subprocess.DEVNULL, env={**environment, "HOME": str(self.folder)})
        said = done.stdout + done.stderr
        for word, value in self.words.items():
            said = said.replace(value, word)
        return said.rstrip("\n").replace("\n", "<br>"), done.returncode


def on_the_command_line(it, cells):
    it.taken()
    return it.run(code(cells[1]))


def in_serverless_yml(it, cells):
    lines = it.files["serverless.yml"].splitlines()
    number = int(cells[1])
    lines[number - 1:number] = code(cells[2]).split("<br>")
    (it.folder / "serverless.yml").write_text("\n".join(lines) + "\n")
    return it.run("emu run -- true")


def in_data(it, cells):
    return it.run("emu up --port FREE --data DATA", it.data(cells[1].strip()))


def of_invocations(it, cells):
    daemon = it.stack.enter_context(Daemon(it.folder))
    it.words["FREE"] = str(daemon.port)
    daemon.address("/hello")
    return it.run(code(cells[1]))


KINDS = {"The command line": on_the_command_line, "serverless.yml": in_serverless_yml, "The data directory": in_data,
         "Functions": of_invocations}


def replay(page, heading, cells):
    with contextlib.ExitStack() as stack:
        return KINDS[heading](Situation(page, stack), cells)


class BadInput(unittest.TestCase):
    def test_every_row_prints_what_the_page_says(self):
        page, seen = PAGE.read_text(), set()
        for heading, cells, number in rows(page):
            seen.add(heading)
            with self.subTest(line=number + 1, what=cells[0].strip()):
                said, status = replay(page, heading, cells)
                self.assertEqual((said, str(status)), (code(cells[-2]), cells[-1].strip()))
        self.assertEqual(seen, set(KINDS))

    def test_what_is_refused_is_refused_in_one_line(self):
        for heading, cells, number in rows(PAGE.read_text()):
            with self.subTest(line=number + 1):
                self.assertNotIn("<br>", code(cells[-2]), heading)


def write():
    page = PAGE.read_text()
    lines = page.splitlines()
    for heading, cells, number in rows(page):
        said, status = replay(page, heading, cells)
        said = said.replace("|", "\\|")
        lines[number] = "|" + "|".join(cells[:-2] + [f" `{said}` ", f" {status} "]) + "|"
    PAGE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write() if sys.argv[1:] == ["--write"] else unittest.main()
