"""What an error looks like to the caller of a function and in its log; used by the other emu_runtime modules.

Key order and wording are AWS's. `traceback` is imported only when something has failed: it costs 5 ms.
"""

import os
import sys
import time

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_NBSP = "\u00a0"


class Fault(Exception):
    """A failure that the runtime itself has found; its type begins with "Runtime."."""

    def __init__(self, error_type, message, stack_trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.stack_trace = list(stack_trace)


def error_body(error_type, message, stack_trace, request_id):
    return {
        "errorMessage": message or "",
        "errorType": error_type or "",
        "requestId": request_id or "",
        "stackTrace": stack_trace or [],
    }


def describe(error, request_id=None):
    """The body for an exception: frames of the runtime itself are left out at the top, as AWS does."""
    if isinstance(error, Fault):
        return error_body(error.error_type, error.message, error.stack_trace, request_id)
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    first = next((i for i, frame in enumerate(frames) if not frame.filename.startswith(_HERE)), 0)
    # Built from plain tuples: a FrameSummary adds lines of carets that AWS does not have.
    plain = [(frame.filename, frame.lineno, frame.name, frame.line) for frame in frames[first:]]
    return error_body(type(error).__name__, str(error), traceback.format_list(plain), request_id)


def error_text(body):
    """The text record: heading, then the trace with its indentation in no-break spaces; lines still to be joined."""
    heading = "[ERROR]"
    if body["errorType"]:
        heading += " " + body["errorType"]
    if body["errorMessage"]:
        heading += (":" if body["errorType"] else "") + " " + body["errorMessage"]
    lines = [heading, "Traceback (most recent call last):"]
    for entry in body["stackTrace"]:
        for line in entry.splitlines() or [""]:
            text = line.lstrip(" ")
            lines.append(_NBSP * (len(line) - len(text)) + text)
    return lines


def log_error(sink, body):
    if sink.json:
        from emu_runtime_json import to_json

        # AWS names the level "log_level" in this record alone.
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        sink.write_error([to_json({"timestamp": stamp, "log_level": "ERROR", **body})])
    else:
        sink.write_error(error_text(body))


class StdoutSink:
    """Log records as lines on stdout; a record of several lines has them parted by carriage returns."""

    def __init__(self, json):
        self.json = json

    def write(self, record, level=0):
        sys.stdout.write(record)

    def write_error(self, lines):
        sys.stdout.write("\r".join(lines) + "\n")


class FrameSink:
    """Log records as frames on a descriptor: type and level, length, microseconds since the epoch, text; big-endian."""

    def __init__(self, json, descriptor):
        self.json = json
        self._file = os.fdopen(descriptor, "wb", 0)

    def write(self, record, level=0):
        data = record.encode("utf-8", "replace")
        kind = (0xA55A0002 if self.json else 0xA55A0003) | (level // 10 + 1 << 2 if level else 0)
        micros = time.time_ns() // 1000
        self._file.write(kind.to_bytes(4, "big") + len(data).to_bytes(4, "big") + micros.to_bytes(8, "big") + data)

    def write_error(self, lines):
        self.write("\n".join(lines), 40)


def make_sink():
    json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
    descriptor = os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD", None)
    return StdoutSink(json) if descriptor is None else FrameSink(json, int(descriptor))
