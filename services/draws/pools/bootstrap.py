"""Builds what makes pools from settings, after the fork."""

from __future__ import annotations

from datetime import date, datetime
from threading import Lock

from services.draws.documents import Documents
from services.draws.pools.chosen import ChosenBy
from services.draws.pools.pending import chosen, pending
from services.draws.pools.pools import Pools
from services.draws.pools.register import StoreRegister
from services.draws.pools.terms import Pending
from services.draws.reading import Reading
from shared.credit.rulebook import Rulebooks
from shared.eventlog.port import Log
from shared.eventlog.topics import RULEBOOKS, SCORING, SUBJECT_TOPICS
from shared.projection.rulebooks import PublishedRulebooks
from shared.settings import Settings
from shared.store.client import Store
from shared.store.filled import Filled
from shared.store.keys import Keys
from shared.store.progress import Bookkeeping
from shared.store.subjects import Subjects
from shared.web.offsets import follow_committed


def pools(settings: Settings, log: Log, store: Store, reading: Reading, documents: Documents) -> Pools:
    """Pools over a log and a store; the offsets of the scoring workers are followed by a thread that begins here."""
    keys, partitions, prefix = Keys(settings.key_prefix), settings.subject_partitions, settings.topic_prefix
    committed = follow_committed(log, SCORING, [prefix + name for name in SUBJECT_TOPICS], partitions)
    register = StoreRegister(Subjects(store, keys), Filled(Bookkeeping(store, keys), partitions, committed))
    published, alone = PublishedRulebooks(log, prefix + RULEBOOKS), Lock()

    def rulebooks(known_at: datetime) -> Rulebooks:
        with alone:
            return published.published_by(known_at)

    def under_way(as_of: date, known_at: datetime) -> Pending:
        draws = reading.refresh().by_id
        return pending(draws, reading.journal.lines, documents.get, as_of, known_at)

    def chosen_by(known_at: datetime) -> ChosenBy:
        draws = reading.refresh().by_id
        return chosen(draws, reading.journal.lines, documents.get, known_at)

    return Pools(register, rulebooks, under_way, chosen_by)
