"""The Python runtime client: the program the daemon starts for a python function (`python3 <runtime dir>/bootstrap.py`).

Kept to a few lines because Python never caches the compiled form of the file it is started with. The modules beside it
carry the prefix emu_runtime_ so that no module of a user's function can stand in their way.
"""

import sys

if sys.argv[1:] == ["--wait"]:
    from emu_runtime_waiting import wait

    wait()

from emu_runtime_loop import main  # noqa: E402

if __name__ == "__main__":
    main()
