#!/usr/bin/python3
"""Holds the project to its shape: layers, sizes, one place for time, disk and sockets. Prints what is wrong and what
to do about it, one line each. The rules are docs/architecture.md (layers) and docs/style.md (the rest).

    .ci/check.py [ROOT]
"""
import ast
import re
import subprocess
import sys
from pathlib import Path

MAX_FILE, MAX_FUNCTION = 500, 70
CPP, SCRIPT = {".cpp", ".hpp"}, {".js", ".mjs", ".cjs", ".ts"}

# Folder -> folders it may include, beside itself. The longest matching folder decides; what is not named here
# (tests, bench, sample functions) may include anything.
BELOW_SERVICES = ["emulator/base", "emulator/source", "storage", "emulator/http", "emulator/wire", "emulator/api"]
BELOW_APP = BELOW_SERVICES + ["runtime-api", "emulator/services"]
LAYERS = {
    "emulator/base": [],
    "emulator/source": ["emulator/base"],
    "storage": [],
    "emulator/http": ["emulator/base"],
    "emulator/wire": ["emulator/base", "emulator/http"],
    "runtime-api": ["emulator/base", "emulator/http"],
    "runtime-api/client": [],
    "emulator/api": ["emulator/base", "emulator/http", "emulator/wire", "storage"],
    "emulator/services": BELOW_SERVICES,
    "emulator/services/lambda": BELOW_SERVICES + ["runtime-api"],
    "emulator/services/gateway": BELOW_SERVICES + ["runtime-api"],
    "emulator/deploy": BELOW_APP,
    "emulator": BELOW_APP + ["emulator/deploy"],
    "emulator/cli": BELOW_APP + ["emulator/deploy", "emulator"],
}
MAIN = "emulator/main.cpp"

# What may be written in a few files only: pattern, where it may be (a name ending in / is a folder), what it is,
# what to do instead.
ONLY_IN = [
    (r"\b(?:system|steady|high_resolution)_clock::now\(", ["emulator/base/clock.cpp", "runtime-api/client/", "tests/", "bench/"],
     "reads the machine's clock", "ask the Clock given in the constructor"),
    (r"#include <rocksdb/", ["storage/rocks_engine.cpp", "storage/appended_rows.hpp"], "includes RocksDB", "use storage::Engine"),
    (r"#include <boost/beast", ["emulator/http/", "emulator/base/compiled.cpp", "runtime-api/client/"],
     "includes Beast",
     "use emulator/http/message.hpp"),
    (r"#include <simdjson", ["emulator/wire/document.cpp", "bench/web_handler.cpp"], "includes simdjson", "use emulator/wire/document.hpp"),
    (r"#include <yaml-cpp/", ["emulator/source/yaml_source.cpp"], "includes yaml-cpp", "use emulator/source/source.hpp"),
]
# What may be nowhere in the project.
NOWHERE = [
    (r"(?<![\w.~-])/(?:home|root|work|Users)/\w", "names a path of one machine", "make it relative, or find it at run time"),
    (r"https?://[\w.-]*(?:registry|npmjs|pypi|mirror)[\w.-]*\.\w", "names a package registry",
     "leave the choice to the machine's configuration"),
    (r"\b(?:TO[D]O|FIX[M]E)\b", "leaves work behind", "do it, or open an issue"),
]
BAD_STEMS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
CONTROL = re.compile(r"^\s*(?:\}\s*)?(?:if|else|for|while|switch|catch|do|try|return|co_return)\b")
# Code that is kept as its authors wrote it.
FOREIGN = ("sample-functions/orders",)


def project_files(root):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=root, capture_output=True, check=True)
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return sorted(name for name in set(names) if (root / name).is_file())


def inside(name, folder):
    return name == folder or name.startswith(folder.rstrip("/") + "/")


def layer_of(name):
    return max((folder for folder in LAYERS if inside(name, folder)), key=len, default=None)


def service_of(name):
    parts = name.split("/")
    return parts[2] if name.startswith("emulator/services/") and len(parts) > 3 else None


def check_include(name, included):
    """What is wrong with `name` including `included`, or None."""
    layer = layer_of(name)
    if layer is None or name == MAIN:
        return None
    target = layer_of(included)
    if target is None:
        return f'includes "{included}", which no layer holds; write the path from the repository root'
    mine, theirs = service_of(name), service_of(included)
    if theirs is not None and mine is not None and mine != theirs:
        return f"service {mine} includes service {theirs}; meet by ARN, through emulator/api/ports.hpp"
    if target == layer or (mine is not None and mine == theirs):
        return None
    if any(target == allowed or (allowed != "emulator" and inside(target, allowed)) for allowed in LAYERS[layer]):
        return None
    return f"{layer} includes {target}: up or sideways; move what is shared down, or hand it in as an interface"


def blank(text, script=False):
    """The text with comments, strings and character literals blanked, line breaks kept."""
    if script:
        pattern = r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[(,=:!&|?\[])\s*/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+/"
    else:
        pattern = r"//[^\n]*|/\*.*?\*/|R\"([^(\s]*)\(.*?\)\1\"|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'"
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)


def brace_functions(text):
    """(first line, last line) of every outermost function body, by matching braces and reading what stands before."""
    stack, start, found = [], 0, []
    for at, c in enumerate(text):
        if c in ";}":
            start = at + 1
        if c == "{":
            head = text[start:at]
            is_function = ")" in head and not CONTROL.match(head) and not any(f for f, _ in stack)
            first = text.count("\n", 0, start + len(head) - len(head.lstrip())) + 1
            stack.append((is_function, first))
            start = at + 1
        elif c == "}" and stack:
            is_function, first = stack.pop()
            if is_function:
                found.append((first, text.count("\n", 0, at) + 1))
    return found


def functions(name, text):
    suffix = Path(name).suffix
    if suffix == ".py":
        return [(node.lineno, node.end_lineno) for node in ast.walk(ast.parse(text))
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return brace_functions(blank(text, script=suffix in SCRIPT))


def check_sizes(name, text):
    lines = text.count("\n")
    if lines > MAX_FILE:
        yield MAX_FILE + 1, f"the file has {lines} lines; split it by noun or kind of operation (at most {MAX_FILE})"
    try:
        found = functions(name, text)
    except SyntaxError as error:
        yield error.lineno or 1, f"Python cannot read this ({error.msg}); mend it"
        return
    for first, last in found:
        if last - first + 1 > MAX_FUNCTION:
            yield first, f"the function has {last - first + 1} lines; split it (at most {MAX_FUNCTION})"


def check_text(name, lines):
    for number, line in enumerate(lines, 1):
        if Path(name).suffix in CPP:
            for pattern, allowed, what, instead in ONLY_IN:
                if re.search(pattern, line) and not any(inside(name, place) for place in allowed):
                    yield number, f"{what}; {instead}"
        for pattern, what, instead in NOWHERE:
            if re.search(pattern, line):
                yield number, f"{what}; {instead}"


def check_file(name, text):
    path, lines = Path(name), text.splitlines()
    if path.name == "package-lock.json":
        for number, line in enumerate(lines, 1):
            if '"resolved"' in line:
                yield number, "a lock file with addresses; write it with npm's omit-lockfile-registry-resolved"
        return
    if path.stem in BAD_STEMS:
        yield 1, f"a file named {path.stem}; name it for the noun it holds"
    yield from check_text(name, lines)
    if path.suffix in CPP:
        if path.suffix == ".hpp" and not text.startswith("//"):
            yield 1, "the header does not open with what it is, who uses it, what must stay true; say so in 2-5 lines"
        for number, line in enumerate(lines, 1):
            found = re.match(r'#include "([^"]+)"', line)
            wrong = found and check_include(name, found[1])
            if wrong:
                yield number, wrong
    if path.suffix in CPP | SCRIPT | {".py"}:
        yield from check_sizes(name, text)


def check(root):
    for name in project_files(root):
        if name.startswith(FOREIGN):
            continue
        try:
            text = (root / name).read_text()
        except UnicodeDecodeError:
            continue  # a binary file
        for number, what in check_file(name, text):
            yield f"{name}:{number}: {what}"


def main(arguments):
    root = Path(arguments[0] if arguments else Path(__file__).resolve().parent.parent)
    breaches = list(check(root))
    for breach in breaches:
        print(breach)
    print(f"check: {len(breaches)} breaches in {len(project_files(root))} files")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
