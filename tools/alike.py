#!/usr/bin/python3
"""Which C++ files can be read by the compiler as one: most of its time goes to the headers and templates they share.

    tools/alike.py MOST FILE…

prints each file behind the number of its group of at most MOST files. No two files of a group define one name, most names being in unnamed
namespaces, and all open the same namespaces to themselves. Used by tidy.py and by builds with EMU_UNITY (cmake/unity.cmake).
"""
import re
import sys
from pathlib import Path

DEFINED = re.compile(r'^(?!namespace|using|//|#)(?:\[\[\w+\]\] )?\w[^(={;\n]*?\b(\w*[a-z]\w*)(?:\[\w*\])?(?=\s*[(={;]|$)', re.M)
USING = re.compile(r'^using namespace .*', re.M)


def own_names(text):
    """What the file defines at the left margin, most of it in an unnamed namespace; a guess is good enough."""
    return set(DEFINED.findall(text))


def groups(files, most, around=lambda file: None):
    """Lists of files; around(file) is what those of one list must have in common beside that."""
    made = []
    for file in sorted(files):
        text = Path(file).read_text(errors="replace")
        names, how = own_names(text), (around(file), set(USING.findall(text)))
        for group in made:
            if group["around"] == how and len(group["files"]) < most and not group["names"] & names:
                break
        else:
            group = {"around": how, "files": [], "names": set()}
            made.append(group)
        group["files"].append(file)
        group["names"] |= names
    return [group["files"] for group in made]


if __name__ == "__main__":
    for number, group in enumerate(groups(sys.argv[2:], int(sys.argv[1]))):
        for file in group:
            print(number, file)
