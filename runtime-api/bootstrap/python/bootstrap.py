"""The Python runtime client: the program the daemon starts for a python function (`python3 <runtime dir>/bootstrap.py`).

Kept to a few lines because Python never caches the compiled form of the file it is started with. The modules beside it
carry the prefix emu_runtime_ so that no module of a user's function can stand in their way.
"""

from emu_runtime_loop import main

if __name__ == "__main__":
    main()
