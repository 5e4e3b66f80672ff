"""The life of a Python function's process: load the handler, then ask, call, report, for ever. Run by bootstrap.py.

Only `Exception` is turned into an error for the caller: SystemExit and KeyboardInterrupt end the process, as on AWS,
and the platform reports the exit. Keep imports few: they are part of every cold start.
"""

import importlib
import os
import sys

from emu_runtime_connection import Connection
from emu_runtime_context import LambdaContext
from emu_runtime_errors import Fault, describe, log_error, make_sink
from emu_runtime_json import marshal, to_json, unmarshal
from emu_runtime_logging import install as install_logging
from emu_runtime_logging import when_logging_is_imported

_UNHANDLED = (
    "LAMBDA_WARNING: Unhandled exception. The most likely cause is an issue in the function code. However, in rare "
    "cases, a Lambda runtime update can cause unexpected function behavior. For functions using managed runtimes, "
    "runtime updates can be triggered by a function change, or can be applied automatically. To determine if the "
    "runtime has been updated, check the runtime version in the INIT_START log entry. If this error correlates with a "
    "change in the runtime version, you may be able to mitigate this error by temporarily rolling back to the "
    "previous runtime version. For more information, see "
    "https://docs.aws.amazon.com/lambda/latest/dg/runtimes-update.html"
)


class Current:
    """The invocation under way, for log records."""

    request_id = None
    tenant_id = None


def _set_module_path(task_root):
    """Task root, then layers, then the runtime, then Python's own: AWS's order. LAMBDA_OPT_DIR lists layer folders."""
    here = os.path.dirname(os.path.abspath(__file__))
    version = "python%d.%d" % sys.version_info[:2]
    first = [task_root]
    for layer in os.environ.get("LAMBDA_OPT_DIR", "").split(os.pathsep):
        if layer:
            first += [os.path.join(layer, "python", "lib", version, "site-packages"), os.path.join(layer, "python")]
    sys.path[:] = first + [here] + [path for path in sys.path if path not in (here, task_root, "")]


def _load_handler(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {error}") from None
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault("Runtime.BuiltInModuleConflict", message)
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise Fault("Runtime.ImportModuleError", message) from None
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]
        message = f"Syntax error in module '{module_name}': {error}"
        raise Fault("Runtime.UserCodeSyntaxError", message, trace) from None
    if not hasattr(module, function_name):
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault("Runtime.HandlerNotFound", message)
    return getattr(module, function_name)


def _fail_init(error, connection, sink):
    import logging

    logging.warning(_UNHANDLED)
    body = describe(error)
    log_error(sink, body)
    sys.stdout.flush()
    connection.post("init/error", to_json(body).encode(), error_type=body["errorType"])
    sys.exit(1)


def _serve(handler, connection, sink):
    """One invocation, from the question to the report."""
    status, headers, event_body = connection.get("invocation/next")
    if status != 200:
        sys.stderr.write(f"The Runtime API refused the next invocation: {status} {event_body!r}\n")
        sys.exit(1)
    Current.request_id = request_id = headers["lambda-runtime-aws-request-id"]
    Current.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
    trace_id = headers.get("lambda-runtime-trace-id")
    if trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    try:
        context = LambdaContext(headers)
        event = unmarshal(event_body, headers.get("content-type"))
        body, content_type = marshal(handler(event, context))
    except Exception as error:
        report = describe(error, request_id)
        log_error(sink, report)
        sys.stdout.flush()
        body = to_json(report).encode("utf-8", "replace")
        connection.post(f"invocation/{request_id}/error", body, error_type=report["errorType"])
        return
    # What was printed belongs to this invocation's log, and the caller may be told as soon as we post.
    sys.stdout.flush()
    connection.post(f"invocation/{request_id}/response", body, content_type)


def main():
    # Flushed at line ends; _serve sees to the rest. AWS's log streams are UTF-8 whatever the locale.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", line_buffering=True)
    if "AWS_LAMBDA_MAX_CONCURRENCY" in os.environ:
        from emu_runtime_workers import divide

        divide(int(os.environ["AWS_LAMBDA_MAX_CONCURRENCY"]))
    sink = make_sink()
    connection = Connection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    _set_module_path(os.environ.get("LAMBDA_TASK_ROOT", os.getcwd()))
    when_logging_is_imported(lambda: install_logging(sink, Current))
    try:
        handler = _load_handler(os.environ["_HANDLER"])
    except Exception as error:
        _fail_init(error, connection, sink)
    if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
        from emu_runtime_snapstart import run_hooks

        run_hooks(connection, sink)
    while True:
        _serve(handler, connection, sink)
