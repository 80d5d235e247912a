"""Run a command that dies with its parent, also when the parent is killed: `tether.py PARENT-PID COMMAND ARG...`.

Run by path with `python -I -S`: it asks Linux for SIGKILL at the parent's death and becomes the command, which keeps
that wish. (Elsewhere there is no such wish; the next start ends what was left.) SIGKILL, because the engines lose
nothing by it and an orderly end that hangs would hold the data and the ports for ever.
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != int(sys.argv[1]):
            sys.exit(1)  # the parent died before the wish was heard
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606
