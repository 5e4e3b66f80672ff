"""Events and results as AWS's Python runtime reads and writes them; used by emu_runtime_loop.

The bytes matter, callers compare them: ", " and ": " between parts, non-ASCII escaped up to python3.11 and raw from
3.12 on. AWS encodes with simplejson, whose habits on top of `json` are kept here: a Decimal is a bare number, a
namedtuple an object.
"""

import json
import os
import re
import sys

from emu_runtime_errors import Fault

_SCALARS = frozenset((str, int, float, bool, type(None)))


def _escapes_non_ascii(execution_env):
    version = re.match(r"AWS_Lambda_python3\.(\d+)", execution_env)
    return not version or int(version[1]) < 12


_ESCAPE = _escapes_non_ascii(os.environ.get("AWS_EXECUTION_ENV", ""))


class _Encoder(json.JSONEncoder):
    """Writes a Decimal as a marked string; `mark` is stripped, with its quotes, when the text is complete."""

    def __init__(self):
        super().__init__(ensure_ascii=_ESCAPE)
        self.mark = None

    def default(self, o):
        decimal = sys.modules.get("decimal")
        if decimal is None or not isinstance(o, decimal.Decimal):
            return super().default(o)
        if o.is_nan():
            return float("nan")
        if self.mark is None:
            self.mark = "emu-decimal-" + os.urandom(8).hex()
        return f"{self.mark}{o}{self.mark}"


def _namedtuples_as_dicts(value):
    """The same value if it holds no namedtuple, otherwise a copy of the parts above it."""
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, (list, tuple)):
        if callable(getattr(value, "_asdict", None)):
            return _namedtuples_as_dicts(value._asdict())
        items = enumerate(value)
    else:
        return value
    changed = None
    for key, item in items:
        if type(item) in _SCALARS:
            continue
        plain = _namedtuples_as_dicts(item)
        if plain is not item:
            if changed is None:
                changed = dict(value) if isinstance(value, dict) else list(value)
            changed[key] = plain
    return value if changed is None else changed


def to_json(value):
    try:
        value = _namedtuples_as_dicts(value)
    except RecursionError:
        pass  # circular: the encoder says so
    encoder = _Encoder()
    text = encoder.encode(value)
    if encoder.mark is not None:
        text = text.replace('"' + encoder.mark, "").replace(encoder.mark + '"', "")
    return text


def unmarshal(body, content_type):
    if content_type != "application/json":
        return body
    try:
        return json.loads(body)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None


def marshal(result):
    """Body and content type of a handler's result."""
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return to_json(result).encode(), "application/json"
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None
