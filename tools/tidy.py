#!/usr/bin/python3
"""clang-tidy over every C++ file of ours in BUILD_DIR/compile_commands.json, in parallel, with a memory.

    tools/tidy.py BUILD_DIR [FILE…]

Tests only where they are named: they would take as long again, and run under ASan and UBSan.

A file that passed is not looked at again until it, a header of ours that it includes, its compile command, .clang-tidy
or clang-tidy itself changes: BUILD_DIR/tidy/ holds one stamp per file, named by the hash of all of these.
"""
import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import alike

ROOT = Path(__file__).resolve().parent.parent
TIDY = "clang-tidy-19"
GROUP = 12
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


def flags(entry):
    """What the file is compiled with, without its own name and its object's."""
    words = shlex.split(entry["command"])
    for option in ("-o", "-c"):
        at = words.index(option)
        del words[at:at + 2]
    return words[1:]


def compiled(build):
    """An entry of compile_commands.json for every file, also for those that are compiled several as one."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if not Path(entry["file"]).match("Unity/unity_*"):
            yield entry
            continue
        for file in INCLUDE.findall(Path(entry["file"]).read_text()):
            yield {**entry, "file": file, "command": entry["command"].replace(entry["file"], file)}


def groups(entries):
    by_file = {entry["file"]: entry for entry in entries}
    return [[by_file[file] for file in group]
            for group in alike.groups(by_file, GROUP, lambda file: flags(by_file[file]))]


def look(entries, build):
    """clang-tidy over the files as one translation unit: (what it found, the files that passed)."""
    text = "".join(f'#include "{entry["file"]}"  // NOLINT\n' for entry in entries)
    unit = build / "tidy" / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.cpp"
    unit.write_text(text)
    command = [TIDY, "--quiet", str(unit), "--", *flags(entries[0])]
    done = subprocess.run(command, capture_output=True, text=True, cwd=entries[0]["directory"])
    unit.unlink()
    if done.returncode == 0:
        return "", entries
    if len(entries) == 1:  # "N warnings generated." counts those in system headers, which are not shown
        return f"{done.stdout}{done.stderr}", []
    # Either it finds something, or two files use one name: a smaller group tells.
    named = [entry for entry in entries if f"{entry['file']}:" in done.stdout]
    if not 0 < len(named) < len(entries):
        named = entries[len(entries) // 2:]
    (left, first), (right, second) = (look(part, build) for part in ([e for e in entries if e not in named], named))
    return left + right, first + second


def check(entries, build):
    start = time.monotonic()
    found, passed = look(entries, build)
    return found, passed, time.monotonic() - start


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
    for entry in compiled(build):
        ours = Path(entry["file"]).is_relative_to(ROOT) and not Path(entry["file"]).is_relative_to(ROOT / "build")
        wanted = entry["file"] in chosen if chosen else not Path(entry["file"]).is_relative_to(ROOT / "tests")
        if not ours or not wanted or not Path(entry["file"]).exists():
            continue
        name = stamp_name(entry, ground)
        known.add(name)
        if not (stamps / name).exists():
            todo[entry["file"]] = (entry, stamps / name)
    print(f"clang-tidy: {len(todo)} of {len(known)} files changed", flush=True)
    ended = failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(check, group, build): group for group in groups([entry for entry, _ in todo.values()])}
        for future in as_completed(running):
            group, (found, passed, seconds) = running[future], future.result()
            for entry in passed:
                todo[entry["file"]][1].touch()
            ended, failed = ended + len(group), failed + len(group) - len(passed)
            first = Path(group[0]["file"]).relative_to(ROOT)
            others = f" and {len(group) - 1} like it" if len(group) > 1 else ""
            verdict = "" if len(passed) == len(group) else "  FAILED"
            print(f"[{ended:3}/{len(todo)}] {seconds:5.1f} s {first}{others}{verdict}\n{found}", end="", flush=True)
    if not chosen:
        for old in stamps.iterdir():
            if old.name not in known:
                old.unlink()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
