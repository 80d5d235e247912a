"""What has ended is in no later delivery: not in a new one, nor in what waits, was given up, or an older store has.

Each sort of ending has cases that had cost the subject its grade; after it he who may see the public ledger is told
what would be so had they never been.
"""

from __future__ import annotations

from datetime import date

import orjson
import pytest

from services.notify.desk import SubscriptionsDesk
from shared.credit.shown import shown_of
from shared.credit.summary import summarise
from shared.web.access import Access
from shared.web.bounds import Bounds
from shared.web.problems import ProblemError
from tests.contract.openapi.conftest import RULEBOOKS, SHOP
from tests.contract.openapi.test_forgotten import PRIVATE, a_fact, decided
from tests.integration.notify.test_worker import DOWN, INTERNAL, KEY, OK, PUBLIC, Town
from tests.support.waiting import until

REGISTERED = a_fact(
    "r",
    "subject.upserted",
    name=f"李记土菜馆{PRIVATE[0]}",
    region="320902001001",
    status="open",
    legal_form="individual",
    operator=PRIVATE[1],
)
INSPECTED = [
    a_fact(
        f"{year}-{month:02d}",
        "inspection.completed",
        inspection_id=f"{year}-{month:02d}",
        result="01",
        findings=[],
        inspected_on=f"{year}-{month:02d}-01",
        region="320902001001",
        inspectors=["J-1"],
        origin="draw",
    )
    for year in (2026, 2027, 2028, 2029)
    for month in (1, 5, 9)
]
"""Enough of them for a grade at any time."""
CASES = ("ended-1", "ended-2")
ENDINGS = {
    "revoked": (
        "serious",
        "2026-06-10",
        "2026-06-11",
        ("case.revoked", "case_no", {"revoked_on": "2026-06-11", "ground": "litigation", "instrument_no": "终-2"}),
    ),
    "repaired": (
        "serious",
        "2027-06-09",
        "2027-06-10",
        ("credit.repaired", "target", {"granted_on": "2027-06-10", "instrument_no": "修-3"}),
    ),
    "expired": ("serious", "2029-05-31", "2029-06-01", None),
    "past its public period": ("general", "2026-08-31", "2026-09-01", None),
}


def a_summary(facts, day):
    known = [fact for fact in facts if fact.data.get("inspected_on", day) <= day]
    return summarise(SHOP, [REGISTERED, *known], RULEBOOKS, date.fromisoformat(day))[0]


@pytest.fixture
def town(redis_url, prefix):
    town = Town(redis_url, prefix)
    yield town
    town.store.close()


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_has_ended_is_in_no_later_delivery(town, ending):
    severity, before, after, how = ENDINGS[ending]
    cases = [decided(number, "2026-06-01", severity) for number in CASES]
    ends = [a_fact(number, how[0], **{how[1]: number}, **how[2]) for number in CASES] if how else []
    was = a_summary([*INSPECTED, *cases], before)
    now = a_summary([*INSPECTED, *cases, *ends], after)
    never = shown_of(a_summary(INSPECTED, after), "public", public=True)
    assert shown_of(was, "public", public=True)["grade"] != never["grade"]

    town.subscribe()
    town.outcome = lambda *_: DOWN
    with town.running():
        town.publish(SHOP, was)
        until(lambda: town.got)
    older = town.copy()
    [(name, text)] = town.kept.waiting(range(1024)).items()
    town.kept.bury(PUBLIC, name, text)
    town.outcome = lambda *_: OK
    town.publish(SHOP, now)
    with town.running():
        until(town.all_sent)
    desk = SubscriptionsDesk(town.directory, town.kept, None, None, None, "", (), lambda: town.now, None)
    with pytest.raises(ProblemError) as refused:
        desk.redeliver(Access(KEY, frozenset({"scores:read"}), Bounds()), PUBLIC, name)
    assert refused.value.kind.code == "superseded"
    town.kept.ask(name, text)  # as if it had been asked for just before
    with town.running():
        until(lambda: not town.kept.asked())
        until(town.all_sent)
    town.set_back(older)
    with town.running():
        until(town.all_sent)

    bodies = [body for _, body in town.taken()]
    assert [body["data"] for body in bodies] == [never, never]  # once more after the store was set back
    hidden = (*CASES, *PRIVATE, was["internal"]["score"])
    assert not any(each in orjson.dumps(body).decode() for body in bodies for each in hidden)


def test_who_reads_the_internal_ledger_is_told_of_what_the_public_may_see_no_longer(town):
    """*Else* the test before would hold because nothing is told at all."""
    _, before, after, _ = ENDINGS["past its public period"]
    cases = [decided(number, "2026-06-01") for number in CASES]
    town.subscribe(INTERNAL, ledger="internal")
    with town.running():
        for day in (before, after):
            town.publish(SHOP, a_summary([*INSPECTED, *cases], day))
            until(town.all_sent)
    assert {body["data"]["grade"] for _, body in town.taken(INTERNAL)} == {"B"}
