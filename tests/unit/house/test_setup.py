"""Setting up on machines that lack something."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
NAMES = ("python3.13", "python3.12", "python3.11", "python3", "python")


@pytest.fixture
def setup(tmp_path, monkeypatch):
    """The program as a module, at work in a folder of its own; `installed` is what it would install."""
    spec = importlib.util.spec_from_file_location("chengxin_setup", ROOT / "deploy" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    for lock in module.LOCKS.values():
        (tmp_path / lock).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / lock).write_text(lock)
    (tmp_path / "pyproject.toml").write_text("")
    module.installed = []

    def install(what, stamp):
        module.installed.append(what)
        module.venv_of(what).mkdir(exist_ok=True)
        (module.venv_of(what) / f"installed-{what}").write_text(stamp)
        return 0

    monkeypatch.setattr(module, "install", install)

    def call(what):
        monkeypatch.setattr(sys, "argv", ["setup.py", what])
        return module.main()

    module.call = call
    return module


def test_running_does_not_install_what_tests_need_and_is_done_once(setup):
    assert [setup.call("run"), setup.call("run")] == [0, 0]
    assert setup.installed == ["run"]
    setup.call("test")
    assert setup.installed == ["run", "test"]


def test_what_tests_need_is_enough_for_running(setup):
    setup.call("test")
    setup.call("run")
    assert setup.installed == ["test"]


def test_a_changed_lock_is_installed_anew(setup, tmp_path):
    setup.call("run")
    (tmp_path / "requirements.lock").write_text("changed")
    setup.call("run")
    assert setup.installed == ["run", "run"]


def test_the_peer_lives_apart(setup, tmp_path):
    setup.call("peer")
    assert setup.installed == ["peer"]
    assert not (tmp_path / ".venv").exists()


def test_debian_s_python_without_ensurepip_is_told_the_package_in_one_line(tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, str(ROOT / "deploy" / "setup.py"), "run"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert f"apt-get install python{sys.version_info.major}.{sys.version_info.minor}-venv" in line


def test_a_folder_that_cannot_be_written_is_told_in_one_line(setup, tmp_path, capsys):
    (tmp_path / ".venv.lock").mkdir()  # cannot be opened, whoever asks
    assert setup.call("run") == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"{tmp_path} cannot be written (Is a directory): ")


def test_where_all_is_installed_the_folder_need_not_be_written(setup, tmp_path):
    setup.call("run")
    (tmp_path / ".venv.lock").unlink()
    (tmp_path / ".venv.lock").mkdir()
    assert setup.call("run") == 0


def make(folder, working, *arguments):
    """Make with Pythons of which only some work; the others are there and fail, as a pyenv shim does."""
    for name in NAMES:
        shim = folder / name
        shim.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n' if name in working else "#!/bin/sh\nexit 127\n")
        shim.chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    return subprocess.run(["make", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_python_that_is_there_and_fails_is_passed_over(tmp_path):
    done = make(tmp_path, {"python3"}, "-n", "setup")
    assert "\npython3 deploy/setup.py run" in done.stdout


def test_no_python_at_all_is_told_in_one_line(tmp_path):
    done = make(tmp_path, set(), "setup")
    assert done.returncode == 2
    assert "Python 3.11 or newer is needed" in done.stderr
