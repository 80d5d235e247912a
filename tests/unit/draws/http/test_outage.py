"""The log is down, or slow: what was read is served on, and no clerk is told what is not so."""

from __future__ import annotations

import pytest

from services.draws.following import Following
from services.draws.reading import Reading
from services.draws.refusing import log_refusals
from shared.eventlog.port import Fenced, LogUnavailable, UnknownTopic
from shared.web.problems import ProblemError
from tests.unit.draws.http.conftest import a_body


def test_what_was_read_is_shown_on_when_the_log_is_down(site, log):
    site.plan()
    site.done("freeze")
    log.down = True
    assert site.get("/v1/draws").json["draws"][0]["phase"] == "committed"
    assert site.get("/v1/draws/d-1").json["sequence"] == 2
    assert site.get("/v1/draws/d-1/slip").status_code == 200
    assert len(site.get("/v1/draws/journal.ndjson").data.splitlines()) == 2
    assert site.get("/readyz").status_code == 200


def test_a_command_is_told_that_nobody_knows_and_that_it_may_come_again(site, log):
    site.plan()
    log.down = True
    for response in (site.act("freeze", expected=1), site.post("/v1/draws", a_body(draw_id="d-2"))):
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0
        assert "Look at the draw" in response.json["detail"]
    log.down = False
    assert site.act("freeze", expected=1).status_code == 200


@pytest.mark.parametrize("error", [LogUnavailable("gone"), Fenced("others"), UnknownTopic("t")])
def test_whatever_the_log_says_is_503(error):
    with pytest.raises(ProblemError) as refused, log_refusals():
        raise error
    assert refused.value.kind.status == 503


def test_what_is_written_and_not_read_yet_is_202_with_the_draws_address(site, monkeypatch):
    monkeypatch.setattr(site.reading, "passes", lambda *_: False)
    planned = site.post("/v1/draws", a_body(draw_id="d-1"))
    frozen = site.act("freeze")
    for response in (planned, frozen):
        assert response.status_code == 202
        assert response.headers["Location"] == "/v1/draws/d-1"
    assert frozen.json["phase"] == "committed"


def test_it_is_ready_once_the_draws_were_read(log):
    following = Following(Reading(log, "t.draws.v1"))
    assert following.check() == "not read from the log yet"
    following.start().stop()
    assert following.check() is None


def test_what_another_process_has_done_is_seen_at_once(site, open_site):
    other = open_site()
    for number in range(1, 6):
        site.plan(f"d-{number}")
        assert other.get(f"/v1/draws/d-{number}").status_code == 200
