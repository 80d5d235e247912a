"""What must be so whatever happened: the pure function over the log, and the states that it passes through."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from datetime import UTC, datetime
from functools import lru_cache

from services.scoring.folding import content_id
from shared.credit.facts import parse_fact
from shared.credit.summary import summarise

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Truth:
    """The facts on a log by subject and topic, each topic's in the log's order."""

    def __init__(self, records, rulebooks):
        self.rulebooks = rulebooks
        self.facts = defaultdict(lambda: defaultdict(list))
        for record in records:
            try:
                headers = {name.removeprefix("ce_"): value.decode() for name, value in record.headers}
                recorded = datetime.fromtimestamp(record.timestamp / 1000, UTC)
                fact = parse_fact({**headers, "data": json.loads(record.value), "recorded_at": recorded.isoformat()})
            except (ValueError, KeyError):
                continue  # poison
            self.facts[fact.subject][record.topic].append(fact)
        self.passes = lru_cache(maxsize=None)(self._passes)

    def summary(self, subject, facts):
        return summarise(subject, facts, self.rulebooks, NOW.date())[0]

    def final(self):
        """Every subject's summary."""
        return {
            subject: self.summary(subject, itertools.chain.from_iterable(by_topic.values()))
            for subject, by_topic in self.facts.items()
        }

    def _passes(self, subject):
        """Ids of states → how much of each topic gives them: a reader of the log has read a beginning of each."""
        topics = list(self.facts[subject].values())
        found = defaultdict(list)
        for lengths in itertools.product(*(range(len(facts) + 1) for facts in topics)):
            if any(lengths):
                some = [fact for facts, n in zip(topics, lengths, strict=True) for fact in facts[:n]]
                found[content_id(self.summary(subject, some))].append(lengths)
        return found

    def is_state(self, subject, id_):
        """Whether some beginning of the log gives this state."""
        return id_ in self.passes(subject)

    def wrong(self, told):
        """The first of the states told, in order, that the log does not give or that takes an earlier one back."""
        reached = defaultdict(lambda: [()])
        for subject, id_ in told:
            before = reached[subject]
            after = [
                lengths
                for lengths in self.passes(subject).get(id_, ())
                if any(all(n >= m for n, m in zip(lengths, old, strict=False)) for old in before)
            ]
            if not after:
                return subject, id_
            reached[subject] = after
        return None
