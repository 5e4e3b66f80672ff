"""A function that fails in the way its event names, to see what a caller gets: {"mode": "raise"}."""

import ctypes
import os
import sys
import time


def _raise(event):
    raise KeyError("no such order")


def _set(event):
    return {"cannot", "be", "JSON"}


def _exit(event):
    sys.exit(event.get("status", 0))


def _crash(event):
    ctypes.string_at(0)


def _abort(event):
    os.abort()


def _sleep(event):
    time.sleep(event.get("ms", 1000) / 1000)
    return "awake"


def _oversize(event):
    return "x" * 7_000_000  # 6,291,556 bytes are allowed


MODES = {
    "raise": _raise,
    "set": _set,
    "exit": _exit,
    "crash": _crash,
    "abort": _abort,
    "sleep": _sleep,
    "oversize": _oversize,
}


def handler(event, context):
    mode = MODES.get(event.get("mode"))
    return mode(event) if mode else sorted(MODES)
