"""For a Python that the daemon has started ahead of need (`bootstrap.py --wait`): waits on standard input to be told which
function it is: its directory and its variables, each followed by a NUL. Imports only what reads no variable."""

import importlib
import json  # noqa: F401
import os
import sys

import emu_runtime_connection  # noqa: F401
import emu_runtime_errors  # noqa: F401


def wait():
    del sys.argv[1]
    with open(0, "rb", closefd=False) as told:
        directory, *variables = os.fsdecode(told.read()).split("\0")
    if not variables:  # nobody needed it
        sys.exit(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.environ.clear()
    os.environ.update(variable.split("=", 1) for variable in variables if variable)
    os.chdir(directory)
    importlib.invalidate_caches()
