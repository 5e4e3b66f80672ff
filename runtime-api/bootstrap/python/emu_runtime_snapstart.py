"""SnapStart's hooks around the snapshot; emu_runtime_loop uses it for functions started with snap-start.

A function that registers no hooks goes straight on to its first invocation, which the Runtime API takes for "no hooks".
The exit statuses are AWS's: 64 if a hook fails before the snapshot, 65 if one fails after the restore.
"""

import sys

from emu_runtime_errors import describe, log_error
from emu_runtime_json import to_json


def _report(error, connection, sink, path, error_type):
    body = describe(error)
    log_error(sink, body)
    connection.post(path, to_json(body).encode(), error_type=error_type)


def run_hooks(connection, sink):
    hooks = sys.modules.get("snapshot_restore_py")
    if hooks is None:
        return
    try:
        before = hooks.get_before_snapshot()
        while before:  # last registered, first run
            function, arguments, named = before.pop()
            function(*arguments, **named)
        connection.get("restore/next")
    except BaseException as error:
        _report(error, connection, sink, "init/error", "Runtime.BeforeSnapshotError")
        sys.exit(64)
    try:
        for function, arguments, named in hooks.get_after_restore():
            function(*arguments, **named)
    except BaseException as error:
        _report(error, connection, sink, "restore/error", "Runtime.AfterRestoreError")
        sys.exit(65)
