"""Makes a virtual environment: `python3 deploy/setup.py run|test|peer`. Standard library only; made for fresh machines.

`run` and `test` share `.venv`; `peer` is what benchmarks compare with, in `.venv-bench`, since its dependencies differ.

A stamp of what was installed makes the second call a matter of milliseconds and needs no network; a lock lets two
calls at once wait for each other; what was interrupted is made anew.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {"run": "requirements.lock", "test": "requirements-test.lock", "peer": "tests/benchmarks/peer.lock"}


def main() -> int:
    what = sys.argv[1] if len(sys.argv) == 2 and sys.argv[1] in LOCKS else None  # noqa: PLR2004
    if what is None:
        return fail("usage: python3 deploy/setup.py run|test|peer")
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return fail(f"Python's ensurepip is missing. On Debian and Ubuntu: apt-get install python{version}-venv")
    enough = ("run", "test") if what == "run" else (what,)
    try:
        lock = (ROOT / ".venv.lock").open("w")
    except OSError as error:
        if any(stamp(name) == stamp_of(name) for name in enough):
            return 0  # made before the folder became one that is only read
        return fail(f"{ROOT} cannot be written ({error.strerror}): make a copy of it in a folder of your own")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if any(stamp(name) == stamp_of(name) for name in enough):
            return 0
        return install(what, stamp_of(what))


def venv_of(what: str) -> Path:
    """Where it is installed."""
    return ROOT / (".venv-bench" if what == "peer" else ".venv")


def install(what: str, stamp: str) -> int:
    """Install one lock, hashes checked; the project itself, editable, but for the peer."""
    venv = venv_of(what)
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    if not (venv / "made").exists():
        shutil.rmtree(venv, ignore_errors=True)
        say(f"Making the virtual environment {venv.name}")
        if subprocess.call([sys.executable, "-m", "venv", str(venv)]):
            return fail("The virtual environment could not be made; see above.")
        (venv / "made").touch()
    say(f"Installing {LOCKS[what]} (once; hashes are checked)")
    locked, project = (
        ["--require-hashes", "-r", str(ROOT / LOCKS[what])],
        ["--no-build-isolation", "--no-deps", "-e", "."],
    )
    for more in (locked,) if what == "peer" else (locked, project):
        if subprocess.call(pip + more, cwd=ROOT, env=environment):
            return fail("The packages could not be installed; see above. Is there a network?")
    (venv / f"installed-{what}").write_text(stamp)
    return 0


def stamp_of(what: str) -> str:
    """What was installed is known by the lock, the project's own metadata and the Python."""
    parts = [(ROOT / LOCKS[what]).read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp(what: str) -> str:
    with contextlib.suppress(OSError):
        return (venv_of(what) / f"installed-{what}").read_text()
    return ""


def say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def fail(line: str) -> int:
    say(line)
    return 2


if __name__ == "__main__":
    sys.exit(main())
