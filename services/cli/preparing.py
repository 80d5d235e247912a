"""What an installation must have before workers and web run on it: topics, the shipped rulebooks, an admin key."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from services.cli import admin_key
from services.cli.installation import WrongUse, log_of
from services.cli.sample import begin
from services.cli.topics import create
from shared.clock import now
from shared.eventlog.topics import ACCESS, RULEBOOKS
from shared.projection.publishing import publish_missing
from shared.rulebooks.loader import SHIPPED
from shared.settings import Settings, variable
from shared.signing.folder import make_missing
from shared.web.key_log import read_keys


def prepare(found: Settings, *, sample: bool) -> None:
    """Make what is missing (topics, rulebooks, keys), and begin a sample city on a log that is new.

    Raises `LogUnavailable`, `WrongUse`.
    """
    make_missing(Path(found.signing_keys), now)
    if wrong := [each for each in create(found).differences if each.what == "partitions"]:
        raise WrongUse(f"the log was made otherwise: {wrong[0]}; see {variable('partitions')}")
    documents = [(file.name, file.read_bytes()) for file in sorted(SHIPPED.glob("*-v*.yaml"))]
    access = found.topic_prefix + ACCESS
    with closing(log_of(found)) as log:
        publish_missing(log, found.topic_prefix + RULEBOOKS, documents, source="urn:chengxin:shipped", now=now)
        keys = read_keys(log, access)
        admin_key.put_foreign_aside(found.home, keys)
        if sample and not keys.all():
            begin(found)
        admin_key.make_missing(found.home, log, access)
