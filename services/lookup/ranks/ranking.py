"""Ranks 排名 among peers of one kind and region, by score: ties share a place. Pure.

A score is normalised for exposure already: a rulebook scales points by the size of a fleet (SCORING.md section 3), so
large haulers and small ones stand in one list. Whoever has too little evidence for a grade has no place, and is counted
apart: to be unknown is not to be good.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from shared.credit.points import parse_signed

Answer = Mapping[str, Any]


class Place(NamedTuple):
    """A place: 1 is the best; `answer` is the subject's own."""

    rank: int
    answer: Answer


class Ranking(NamedTuple):
    """The places, best first and then by subject id, and how many have none."""

    places: list[Place]
    unranked: int

    def of(self, subject_id: str) -> Place | None:
        """A subject's place; None where it has none."""
        return next((place for place in self.places if place.answer["subject_id"] == subject_id), None)


def ranked(answers: Iterable[Answer]) -> Ranking:
    """The ranking of subjects by their answers, in all of which the score is shown."""
    rated, unranked = list[tuple[int, str, Answer]](), 0
    for answer in answers:
        if answer["basis"] == "evidence":
            rated.append((-parse_signed(answer["score"]), answer["subject_id"], answer))
        else:
            unranked += 1
    rated.sort(key=lambda each: each[:2])
    scores = [each[0] for each in rated]
    return Ranking([Place(bisect_left(scores, score) + 1, answer) for score, _, answer in rated], unranked)
