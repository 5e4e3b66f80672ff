"""Several invocations at a time (AWS_LAMBDA_MAX_CONCURRENCY, Lambda Managed Instances): a process for each, as on AWS.

Used by emu_runtime_loop before anything else is loaded, so that every process initialises for itself.
"""

import os
import signal


def divide(count):
    """Returns in each of `count` new processes. This one watches: the first that ends ends the environment."""
    for _ in range(count):
        if os.fork() == 0:
            return
    _, status = os.wait()
    if os.WIFSIGNALED(status):
        if os.WTERMSIG(status) != signal.SIGKILL:
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL)
        os.kill(os.getpid(), os.WTERMSIG(status))
    os._exit(os.WEXITSTATUS(status))
