"""The cache of the broker's jars: fetched once, repaired when damaged, whole when two fetch at once."""

import functools
import hashlib
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shared.embedded import jars
from shared.embedded.errors import EnginesError

NOWHERE = "http://127.0.0.1:9"


class Counting(SimpleHTTPRequestHandler):
    """A Maven repository that counts what it is asked for."""

    def do_GET(self):
        self.server.asked.append(self.path)
        super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def full(cache):
    """A whole cache."""
    jars.fetch(cache / "maven", progress=str)
    return cache / "maven"


@pytest.fixture
def repository(full):
    """A repository on this machine with all that the lock names."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Counting, directory=full)) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        server.address = f"http://127.0.0.1:{server.server_port}"
        yield server
        server.shutdown()
        thread.join()


def test_a_whole_cache_needs_no_network(full):
    said = []
    assert len(jars.fetch(full, progress=said.append, repository=NOWHERE)) == 46
    assert said == []


def test_two_at_once_fetch_each_jar_once(tmp_path, repository):
    with ThreadPoolExecutor(2) as pool:
        fetched = list(pool.map(lambda _: jars.fetch(tmp_path, progress=str, repository=repository.address), range(2)))
    assert fetched[0] == fetched[1]
    asked = [path for path in repository.asked if path.endswith(".jar")]
    assert len(asked) == len(set(asked)) == 46


def test_what_an_interruption_left_is_repaired(tmp_path, full, repository):
    shutil.copytree(full, tmp_path, dirs_exist_ok=True)
    half, none, whole, *_ = jars.fetch(tmp_path, progress=str)
    content = half.read_bytes()
    half.write_bytes(content[: len(content) // 2])
    none.unlink()
    jars.fetch(tmp_path, progress=str, repository=repository.address)
    assert half.read_bytes() == content
    assert none.exists()
    assert sorted(path for path in repository.asked if path.endswith(".jar")) == sorted(
        f"/{path.relative_to(tmp_path)}" for path in (half, none)
    )
    assert whole.exists()


def test_a_jar_with_another_content_is_refused(tmp_path, full, monkeypatch):
    forged = tmp_path / "forged"
    shutil.copytree(full, forged)
    jar = jars.fetch(full, progress=str)[0]
    (forged / jar.relative_to(full)).write_bytes(b"forged")
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Counting, directory=forged)) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever).start()
        with pytest.raises(EnginesError, match=f"{jar.name} cannot be fetched: its content is not what the lock says"):
            jars.fetch(tmp_path / "cache", progress=str, repository=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert not (tmp_path / "cache" / jar.relative_to(full)).exists()


def test_without_a_network_the_error_says_what_helps(tmp_path):
    with pytest.raises(EnginesError, match="The first start needs the network; or set CHENGXIN_KAFKA"):
        jars.fetch(tmp_path, progress=str, repository=NOWHERE)


def test_the_lock_has_a_sum_for_every_jar(full):
    for path in jars.fetch(full, progress=str):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in jars.LOCK.read_text()


def test_a_cache_that_cannot_be_written_names_the_setting(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(EnginesError, match=r"cannot be written.*CHENGXIN_CACHE"):
        jars.fetch(tmp_path / "file" / "maven", progress=str)
