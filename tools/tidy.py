#!/usr/bin/python3
"""clang-tidy over every C++ file of ours in BUILD_DIR/compile_commands.json, in parallel, with a memory.

    tools/tidy.py BUILD_DIR [FILE…]

A file that passed is not looked at again until it, a header of ours that it includes, its compile command, .clang-tidy
or clang-tidy itself changes: BUILD_DIR/tidy/ holds one stamp per file, named by the hash of all of these.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TIDY = "clang-tidy-19"
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)


def included(path, seen):
    """Adds to `seen` every file of ours that `path` reaches by #include "…", which is written from the root."""
    if path in seen or not path.is_file():
        return seen
    seen.add(path)
    for name in INCLUDE.findall(path.read_text(errors="replace")):
        included(ROOT / name, seen)
    return seen


def stamp_name(entry, ground):
    digest = hashlib.sha256(ground)
    digest.update(entry["command"].encode())
    for path in sorted(included(Path(entry["file"]), set())):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def check(entry, build):
    start = time.monotonic()
    done = subprocess.run([TIDY, "-p", str(build), "--quiet", entry["file"]], capture_output=True, text=True)
    # "N warnings generated." counts those in system headers, which are not shown.
    return done.returncode, time.monotonic() - start, done.stdout + ("" if done.returncode == 0 else done.stderr)


def main(arguments):
    if not arguments:
        sys.exit(__doc__)
    build = Path(arguments[0]).resolve()
    chosen = {str(Path(f).resolve()) for f in arguments[1:]}
    stamps = build / "tidy"
    stamps.mkdir(exist_ok=True)
    version = subprocess.run([TIDY, "--version"], capture_output=True, check=True).stdout
    ground = version + (ROOT / ".clang-tidy").read_bytes()
    todo, known = {}, set()
    for entry in json.loads((build / "compile_commands.json").read_text()):
        ours = Path(entry["file"]).is_relative_to(ROOT) and not Path(entry["file"]).is_relative_to(ROOT / "build")
        if not ours or not Path(entry["file"]).exists() or (chosen and entry["file"] not in chosen):
            continue
        name = stamp_name(entry, ground)
        known.add(name)
        if not (stamps / name).exists():
            todo[entry["file"]] = (entry, stamps / name)
    print(f"clang-tidy: {len(todo)} of {len(known)} files changed", flush=True)
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(check, entry, build): (Path(file), stamp) for file, (entry, stamp) in todo.items()}
        for ended, future in enumerate(as_completed(running), 1):
            (file, stamp), (status, seconds, output) = running[future], future.result()
            print(f"[{ended:3}/{len(todo)}] {seconds:5.1f} s {file.relative_to(ROOT)}{'' if status == 0 else '  FAILED'}")
            if status == 0:
                stamp.touch()
            else:
                failed += 1
                print(output)
            sys.stdout.flush()
    if not chosen:
        for old in stamps.iterdir():
            if old.name not in known:
                old.unlink()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
