"""A notice's one-time code gives one key, of one subject, once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest

from shared.eventlog.port import LogUnavailable
from shared.web.codes import mint_code
from tests.unit.ingest.hearing.conftest import CASE, OTHER, SHOP


def issued(city, about="case", number=CASE, subject=SHOP, **more):
    asked = {"subject_id": subject, "about": about, "number": number, **more}
    answer = city.http.post("/v1/notices", json=asked, headers=city.key("notices:issue"))
    assert answer.status_code == 201, answer.text
    city.published.refresh()
    return answer.json["one_time_code"]


def exchanged(city, code):
    return city.app.test_client().post("/v1/subject-keys", json={"code": code})


def problem(answer):
    return answer.status_code, answer.json["type"].rpartition(":")[2]


def test_it_gives_a_key_of_the_subject_alone(city):
    answer = exchanged(city, issued(city))
    assert answer.status_code == 201
    assert (answer.json["subject_id"], answer.json["scopes"]) == (SHOP, ["objections:file", "subject:read"])
    city.published.refresh()
    access = city.keys.authenticate(answer.json["key"])
    assert access.bounds.subject == SHOP
    assert access.scopes == {"objections:file", "subject:read"}
    city.now += timedelta(days=91)
    assert city.keys.find(access.key_id).lives(city.now) is False


def test_once(city):
    code = issued(city)
    assert exchanged(city, code).status_code == 201
    assert problem(exchanged(city, code)) == (409, "code-used")


def test_once_also_when_the_claim_is_gone_with_the_store(city):
    code = issued(city)
    assert exchanged(city, code).status_code == 201
    city.claims._held.clear()
    city.published.refresh()
    assert problem(exchanged(city, code)) == (409, "code-used")


def test_of_many_at_once_one_has_the_key(city):
    code = issued(city)
    city.rates._quotas = None
    city.rates.count_attempt = lambda *_: None
    city.rates.count = lambda *_: None
    with ThreadPoolExecutor(16) as threads:
        statuses = sorted(answer.status_code for answer in threads.map(lambda _: exchanged(city, code), range(32)))
    assert statuses == [201] + [409] * 31


def test_after_its_last_day_it_gives_nothing(city):
    code = issued(city)
    city.now += timedelta(days=30)
    assert problem(exchanged(city, code)) == (404, "code-not-valid")


@pytest.mark.parametrize("code", ["x", "cn_0a1b2c3d4e5f_" + "A" * 43])
def test_a_strange_code_gives_nothing(city, code):
    issued(city)
    assert problem(exchanged(city, code)) == (404, "code-not-valid")


def test_another_secret_under_the_same_id_gives_nothing(city):
    code = issued(city)
    assert problem(exchanged(city, code[:-4] + "AAAA")) == (404, "code-not-valid")


def test_codes_that_are_wrong_or_used_are_told_to_the_audit(city, monkeypatch):
    noted = []
    monkeypatch.setitem(city.app.extensions, "chengxin_refusals", SimpleNamespace(note=noted.append))
    code = issued(city)
    for each in (code, code, mint_code().code):
        exchanged(city, each)
    assert [each.code for each in noted] == ["code-used", "code-not-valid"]


def test_an_address_has_few_attempts(city):
    statuses = [exchanged(city, "x").status_code for _ in range(11)]
    assert statuses == [404] * 10 + [429]


def test_where_the_log_takes_nothing_the_code_is_good_still(city, monkeypatch):
    code = issued(city)

    def down(*_):
        raise LogUnavailable

    monkeypatch.setattr("services.ingest.subject_keys.exchange.create_key", down)
    assert exchanged(city, code).status_code == 503
    monkeypatch.undo()
    assert exchanged(city, code).status_code == 201


def test_neither_code_nor_key_is_on_the_log_or_in_the_logs(city, capsys):
    code = issued(city)
    key = exchanged(city, code).json["key"]
    exchanged(city, code)
    written = b"".join((each.value or b"") + repr(each.headers).encode() for each in city.records())
    said = capsys.readouterr()
    for secret in (code, key, code.split("_", 2)[2], key.split("_", 2)[2]):
        assert secret.encode() not in written
        assert secret not in said.out + said.err


def test_two_subjects_with_cases_of_one_number_have_keys_of_their_own(city):
    keys = [exchanged(city, issued(city, subject=each)).json for each in (SHOP, OTHER)]
    assert [each["subject_id"] for each in keys] == [SHOP, OTHER]
