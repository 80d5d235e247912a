"""Who rests on the same event, or was drawn from the same pool: of commitments, and of nothing else."""

import hashlib

from services.draws.sharing import Sharing
from shared.draw.journal_checks import remarks
from tests.support.draws import BEACON, DICE, LISTS, START, hours, sources, verified

POOL = hashlib.sha256(LISTS["pool.tsv"]).hexdigest()
OTHER_POOL = {**LISTS, "pool.tsv": LISTS["pool.tsv"].replace(b"shop:00", b"shop:0")}


def others():
    dice, beacon = sources()
    return [{**dice, "name": "dice of 09:40"}, {**beacon, "name": "drand 2"}]


def test_two_of_one_source_and_two_of_one_pool(desk):
    for draw_id in ("d-1", "d-2", "d-4"):
        desk.plan(draw_id)
    desk.plan("d-3", seed_sources=others(), public="drand 2")
    desk.freeze("d-1")
    desk.freeze("d-2", lists=OTHER_POOL)
    desk.freeze("d-3")
    sharing = Sharing(desk.reading.refresh())
    assert sharing.with_draw("d-1") == {"shares_seed_source_with": ["d-2"], "shares_pool_with": ["d-3"]}
    assert sharing.with_draw("d-3") == {"shares_seed_source_with": [], "shares_pool_with": ["d-1"]}
    assert sharing.with_draw("d-4") == {}
    assert sharing.all() == {
        "seed_sources": [{"name": name, "draws": 2, "draw_ids": ["d-1", "d-2"]} for name in (DICE, BEACON)],
        "pools": [{"pool_sha256": POOL, "draws": 2, "draw_ids": ["d-1", "d-3"]}],
    }


def test_it_is_what_a_verifier_finds_in_the_journal(desk, clock):
    desk.plan("d-1")
    desk.plan("d-2")
    desk.freeze("d-1")
    desk.freeze("d-2")
    for number, source in ((2, DICE), (4, BEACON)):
        clock.now = START + hours(number)
        desk.enter(source)
    desk.run()
    found = list(remarks(desk.reading.journal.lines, verified(desk), desk.office.bundle("d-1"), clock.now))
    assert f"d-2 rests on the same seed source: {', '.join(sorted((DICE, BEACON)))}" in found
    assert "d-2 was drawn from the same pool" in found
    told = Sharing(desk.reading.refresh()).with_draw("d-1")
    assert told == {"shares_seed_source_with": ["d-2"], "shares_pool_with": ["d-2"]}


def test_what_many_share_is_cut_short_and_counted(desk):
    for number in range(103):
        desk.plan(f"d-{number}")
        desk.freeze(f"d-{number}")
    sharing = Sharing(desk.reading.refresh())
    assert len(sharing.with_draw("d-0")["shares_pool_with"]) == 100
    [pool] = sharing.all()["pools"]
    assert (pool["draws"], len(pool["draw_ids"])) == (103, 100)
