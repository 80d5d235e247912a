"""Of a case nothing can be read in what is public for ever, and a draw is the same with codes as with numbers."""

from itertools import count

from services.draws.codes import code_of
from services.draws.pools.coded import coded
from services.draws.pools.entries import Eligible, LeftOut, assembled
from shared.draw.documents import parse_excluded, parse_pool

HERE = "320902001003"
FOUND = assembled(
    [
        Eligible("case:一号", "minor", HERE),
        Eligible("case:二号", "serious", HERE),
        LeftOut("case:三号", "revoked"),
    ],
    ("minor", "general", "serious"),
    {"case:一号": frozenset({"J-1"})},
)


def made():
    salts = (f"{number:064x}" for number in count())
    return coded(FOUND, lambda: next(salts))


def test_no_number_stands_in_the_lists():
    lists, _ = made()
    for number in ("一号", "二号", "三号"):
        assert number.encode() not in lists.pool + lists.excluded


def test_lists_say_of_codes_what_they_said_of_cases():
    lists, codes = made()
    pool = parse_pool(lists.pool)
    strata = {codes.id_of(code.decode()): s.decode() for code, s in zip(pool.subjects, pool.strata, strict=True)}
    assert strata == {"case:一号": "minor", "case:二号": "serious"}
    assert parse_excluded(lists.excluded, pool) == {"revoked": 1}
    assert lists.handlers == {codes.by_id["case:一号"]: {"J-1"}}
    assert (lists.sizes, lists.strata) == (FOUND.sizes, FOUND.strata)


def test_each_code_is_opened_by_its_own_salt():
    _, codes = made()
    opened = codes.open(codes.by_id.values())
    assert {each.id for each in opened} == {"case:一号", "case:二号", "case:三号"}
    assert all(code_of(each.id, each.salt) == each.code for each in opened)
    assert len({each.salt for each in opened}) == 3
