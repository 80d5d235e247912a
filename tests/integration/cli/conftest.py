import pytest

from tests.integration.cli.installation import Up, free_port


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def up(home):
    """Starts an installation on `home`; whatever becomes of the test, none of its processes is left."""
    started = []

    def start(*options, port=None):
        started.append(Up(home, port or free_port(), *options))
        return started[-1]

    yield start
    for each in started:
        each.kill_everything()
        each.process.stderr.close()
