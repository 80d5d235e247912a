import pytest


@pytest.fixture
def home(tmp_path, cache):
    (tmp_path / "home").mkdir()
    if cache.exists():
        (tmp_path / "home" / "cache").symlink_to(cache)
    return tmp_path / "home"
