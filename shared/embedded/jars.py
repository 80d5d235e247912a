"""The broker's jars: pinned by `jars.lock.toml`, fetched once from a Maven repository, checked at every start.

The lock is jgo's own format. Its artifacts are asked for one by one, so that nothing is resolved again at run time:
no POM is read, no JDK is fetched to classify modules, and with all jars cached the network is not touched.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from shared.embedded.errors import EnginesError
from shared.embedded.locked import locked

if TYPE_CHECKING:
    from jgo.maven import Artifact

Progress = Callable[[str], None]
"""Told one plain line at each step that takes a while."""

MAVEN_CENTRAL = "https://repo.maven.apache.org/maven2"
LOCK = Path(__file__).with_name("jars.lock.toml")
BROKER, LOGGING = "org.apache.kafka:kafka_2.13:4.3.1", "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"
_LOCK = "fetch.lock"
_AT_ONCE, _ATTEMPTS, _TIMEOUT_SECONDS = 6, 3, 30


def fetch(cache: Path, *, progress: Progress, repository: str = MAVEN_CENTRAL, lock: Path = LOCK) -> list[Path]:
    """Paths of all jars of a lock under `cache`, each with its SHA-256 there. Missing or damaged ones are fetched.

    Several processes may call it at once: one fetches, the others wait. Raises `EnginesError`.
    """
    from jgo.env import LockFile
    from jgo.maven import MavenContext

    try:
        cache.mkdir(parents=True, exist_ok=True)
        (cache / _LOCK).touch()
    except OSError as error:
        raise EnginesError(
            f"{cache} cannot be written: {error.strerror}. Set CHENGXIN_CACHE to another folder."
        ) from None
    context = MavenContext(
        repo_cache=cache.absolute(), local_repos=[], remote_repos={"it": repository}, timeout=_TIMEOUT_SECONDS
    )
    wanted = {
        context.project(d.groupId, d.artifactId).at_version(d.version).artifact(): str(d.sha256)
        for d in LockFile.load(lock).dependencies
    }
    with locked(cache / _LOCK):
        missing = {artifact: sha256 for artifact, sha256 in wanted.items() if not _sound(artifact, sha256)}
        if missing:
            progress(f"Fetching Apache Kafka: {len(missing)} files, about 45 MB, this once")
            _fetch_all(missing, progress)
    return [_path(artifact) for artifact in wanted]


def _fetch_all(missing: dict[Artifact, str], progress: Progress) -> None:
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        futures = [pool.submit(_fetch_one, artifact, sha256) for artifact, sha256 in missing.items()]
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()
            if done % 10 == 0 or done == len(futures):
                progress(f"Fetched {done} of {len(futures)} files")
    finally:
        pool.shutdown(cancel_futures=True)


def _fetch_one(artifact: Artifact, sha256: str) -> None:
    """A file that an interruption left half-written is thrown away first: jgo writes in place."""
    reason = "its content is not what the lock says"
    for _ in range(_ATTEMPTS):
        _path(artifact).unlink(missing_ok=True)
        try:
            artifact.resolve()
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors
            reason = str(error)
        if _sound(artifact, sha256):
            return
    _path(artifact).unlink(missing_ok=True)
    raise EnginesError(
        f"{artifact.filename} cannot be fetched: {reason}. The first start needs the network; "
        "or set CHENGXIN_KAFKA to a broker of your own."
    )


def _sound(artifact: Artifact, sha256: str) -> bool:
    path = _path(artifact)
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _path(artifact: Artifact) -> Path:
    path: Path | None = artifact.cached_path
    assert path is not None  # None only without a repo_cache
    return path


def relock(cache: Path) -> None:
    """Resolve `BROKER` and `LOGGING` anew and write the lock (after raising a version above).

    Versions are those that the broker is published with: logging is raw, its parent would bring older ones.
    """
    from jgo.env import LockFile
    from jgo.maven import MavenContext
    from jgo.parse import Coordinate

    context = MavenContext(repo_cache=cache.absolute(), local_repos=[], remote_repos={"it": MAVEN_CENTRAL})
    broker, logging = (replace(Coordinate.parse(each), scope="compile") for each in (BROKER, LOGGING))
    inputs = [context.create_dependency(each) for each in (broker, replace(logging, raw=True))]
    resolved, transitive = context.resolver.resolve(inputs)
    kept = [*resolved, *(d for d in transitive if d.scope in ("compile", "runtime"))]
    LockFile.from_resolved_dependencies(kept, environment_name="kafka").save(LOCK)


if __name__ == "__main__":
    relock(Path(sys.argv[1]))
