"""Lambda's handler on the root logger; emu_runtime_loop arranges for it when `logging` is first imported.

AWS installs it before user code runs. Nobody can tell the difference, and a function that never logs through
`logging` saves the 9 ms that importing it takes.
"""

import os
import sys


def when_logging_is_imported(install):
    if "logging" in sys.modules:
        install()
    else:
        sys.meta_path.insert(0, _Watcher(install))


class _Watcher:
    """A finder that lets the real ones find `logging`, and runs `install` once it is loaded."""

    def __init__(self, install):
        self._install = install

    def find_spec(self, name, path=None, target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(self)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                spec.loader = _Loader(spec.loader, self._install)
                return spec
        return None


class _Loader:
    def __init__(self, loader, install):
        self._loader = loader
        self._install = install

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._install()


_OWN_FIELDS = frozenset(
    "name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName created "
    "msecs relativeCreated thread threadName processName process taskName aws_request_id tenant_id".split()
)


def _level_of(record):
    return min(50, max(0, record.levelno)) // 10 * 10


def install(sink, current):
    import logging
    import time

    # On AWS this holds for every formatter of the process.
    logging.Formatter.converter = time.gmtime

    class Formatter(logging.Formatter):
        """One JSON object a line; what `extra=` adds is included, what is not known is left out."""

        def format(self, record):
            import json

            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            error = record.exc_info or None
            fields = {
                "timestamp": "%s.%03dZ" % (stamp, record.msecs),
                "level": logging.getLevelName(_level_of(record)),
                "message": record.getMessage(),
                "logger": record.name,
                "stackTrace": _frames(error),
                "errorType": error and error[0].__name__,
                "errorMessage": error and str(error[1]),
                "requestId": record.aws_request_id,
                "location": error and f"{record.pathname}:{record.funcName}:{record.lineno}",
                "tenantId": record.tenant_id,
            }
            fields.update((k, v) for k, v in record.__dict__.items() if k not in _OWN_FIELDS and k not in fields)
            return json.dumps({k: v for k, v in fields.items() if v is not None}, ensure_ascii=False) + "\n"

    class Handler(logging.Handler):
        log_sink = sink

        def emit(self, record):
            sink.write(self.format(record), _level_of(record))

    class Filter(logging.Filter):
        def filter(self, record):
            record.aws_request_id = current.request_id or ""
            record.tenant_id = current.tenant_id
            return True

    handler = Handler()
    text = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
    handler.setFormatter(Formatter() if sink.json else logging.Formatter(text, "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(Filter())
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = {"TRACE": "DEBUG"}.get(level, level)
    if level in ("DEBUG", "INFO", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL"):
        root.setLevel(level)


def _frames(error):
    if not error:
        return None
    import traceback

    return traceback.format_tb(error[2])
