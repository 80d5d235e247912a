"""Tables of own codes: entered at a door, known to all, and an entry stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.ingest.code_tables.http import code_tables
from services.ingest.code_tables.tables import Directory
from shared.credit.rulebook import Rulebooks
from shared.eventlog.memory import MemoryLog
from shared.eventlog.port import LogUnavailable
from shared.rulebooks.loader import SHIPPED, load_directory
from shared.web.access import AccessKeys
from shared.web.app import Service, create_app
from shared.web.bounds import Bounds
from shared.web.keys import mint
from tests.support.claimed import Claimed

NOW = datetime(2026, 11, 1, tzinfo=UTC)
RULEBOOKS = Rulebooks(load_directory(SHIPPED))
SOURCE, TOPIC = "urn:chengxin:organ:320902", "t.access.v1"
OWN = Bounds(sources=(SOURCE,))
PATH = f"/v1/code-tables?source={SOURCE}"


class Door:
    """A web process on a log that several share."""

    def __init__(self, log, bounds=OWN, claims=None):
        self.rulebooks, claims = RULEBOOKS, claims or Claimed()
        self.directory, keys, minted = Directory(log, TOPIC), AccessKeys(), mint()
        self.directory.refresh()
        keys.created(minted.key_id, minted.key_hash, "", frozenset({"events:write"}), NOW, bounds)
        keys.ready = True
        routes = code_tables(self.directory, log.appender(), TOPIC, lambda: NOW, lambda: self.rulebooks, claims)
        self.http = create_app([Service("ingest", "", "", [routes])], keys=keys).test_client()
        self.headers = {"Authorization": f"Bearer {minted.key}"}

    def put(self, **codes):
        entries = [{"own_code": own, "violation_code": code} for own, code in codes.items()]
        return self.http.put(PATH, json={"codes": entries}, headers=self.headers)


@pytest.fixture
def log():
    return MemoryLog({TOPIC: 1})


def test_what_one_process_has_taken_another_knows(log):
    one, two = Door(log), Door(log)
    assert one.put(A1="SP-03", A2="SP-01").status_code == 200
    two.directory.refresh()
    assert two.directory.tables() == {SOURCE: {"A1": "SP-03", "A2": "SP-01"}}
    shown = two.http.get(PATH, headers=two.headers).json
    assert shown["codes"][0] == {"own_code": "A1", "violation_code": "SP-03"}


def test_an_entry_stands_and_new_ones_come_beside_it(log):
    one, two = Door(log), Door(log)
    one.put(A1="SP-03")
    for changed in ({"A1": "SP-04"}, {"A2": "SP-01"}):  # another meaning, and one that leaves it out
        answer = two.put(**changed)
        assert (answer.status_code, answer.json["codes"]) == (409, ["A1"])
    assert two.put(A1="SP-03", A2="SP-01").status_code == 200


def test_the_same_table_again_writes_nothing(log):
    door = Door(log)
    before = [door.put(A1="SP-03").status_code, len(next(iter(log.records.values())))]
    assert [door.put(A1="SP-03").status_code, len(next(iter(log.records.values())))] == before


def test_an_own_code_that_stands_twice_is_a_fault(log):
    entry = {"own_code": "A1", "violation_code": "SP-03"}
    door = Door(log)
    answer = door.http.put(PATH, json={"codes": [entry, entry]}, headers=door.headers)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/codes/1/own_code")


def test_while_the_log_is_down_none_is_taken(log):
    door = Door(log)
    log.down = True
    assert door.put(A1="SP-03").status_code == 503


def test_a_violation_code_is_nobodys_own(log):
    door = Door(log)
    refused = door.put(A1="SP-01", **{"SP-14": "SP-01"})
    assert [each["pointer"] for each in refused.json["errors"]] == ["/codes/1/own_code"]
    assert door.directory.tables() == {}


def test_whom_a_region_bounds_enters_no_table_of_a_source_that_is_not_his(log):
    assert Door(log, Bounds(regions=("320903",))).put(A1="SP-03").status_code == 403
    assert Door(log, Bounds(("320902",), (SOURCE,))).put(A1="SP-03").status_code == 200


def test_what_no_rulebook_lists_is_refused_since_an_entry_is_for_good(log):
    refused = Door(log).put(A1="SP-01", A2="SP-999")
    assert [each["pointer"] for each in refused.json["errors"]] == ["/codes/1/violation_code"]


def test_before_they_were_read_nobody_takes_an_own_code_for_a_violation_code(log):
    with pytest.raises(LogUnavailable):
        Directory(log, TOPIC).tables()


def test_of_two_tables_at_once_one_is_entered(log):
    claims = Claimed()
    one, two = Door(log, claims=claims), Door(log, claims=claims)
    claims.take(f"code-table:{SOURCE}", "somebody")
    assert one.put(A1="SP-03").status_code == 503
    claims.leave(f"code-table:{SOURCE}")
    assert (one.put(A1="SP-03").status_code, two.put(A1="SP-04").status_code) == (200, 409)


def test_before_the_rulebooks_are_known_nothing_is_entered_for_good(log):
    door = Door(log)
    door.rulebooks = None
    assert door.put(A1="SP-03").status_code == 503
    assert door.directory.tables() == {}


def test_what_is_wrong_with_a_table_is_told_apart(log):
    door = Door(log)
    door.put(A1="SP-03", A2="SP-01")
    assert "1 own codes stand with another meaning, the first of them A1" in door.put(A1="SP-04", A2="SP-01").text
    assert "1 entries are left out, the first of them A2" in door.put(A1="SP-03", A3="SP-01").text
