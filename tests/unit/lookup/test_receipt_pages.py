"""Pages of a receipt put together are the receipt, to the byte of its hash, and pages of two do not fit together."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lookup import answers
from services.lookup.receipt_pages import LARGE, page, streamed
from shared.credit.receipt import seal
from shared.credit.rulebook import Rulebooks
from shared.web.encoding import to_json
from shared.web.problems import ProblemError
from tests.unit.lookup.conftest import SHOP, a_fact, a_head, a_rulebook, the_facts
from tests.unit.lookup.test_http import ADDRESS, problem, site  # noqa: F401  # a fixture


def a_receipt(number, **more):
    return seal({"subject_id": "shop:1", "items": [{"ref": str(each)} for each in range(number)], **more})


def put_together(receipt, limit):
    found = page(receipt, limit, None)
    whole = {name: value for name, value in found.document.items() if name not in ("first_item", "all_items")}
    items = [*whole["items"]]
    while found.behind:
        found = page(receipt, limit, found.behind)
        items += found.document["items"]
    return {**whole, "items": items}


@given(st.integers(0, 30), st.integers(1, 12))
def test_all_pages_together_are_the_receipt(number, limit):
    receipt = a_receipt(number)
    assert put_together(receipt, limit) == receipt
    assert seal(put_together(receipt, limit))["sha256"] == receipt["sha256"]


def test_a_page_of_another_receipt_is_refused():
    place = page(a_receipt(5), 2, None).behind
    with pytest.raises(ProblemError) as refused:
        page(a_receipt(5, score="1.00"), 2, place)
    assert refused.value.kind.code == "receipt-changed"


def test_over_http_a_page_leads_to_the_next(site):  # noqa: F811
    path = f"{ADDRESS}/receipt"
    whole = site.http.get(path, headers=site.reader).json
    found, items, address = None, [], f"{path}?limit=1"
    while address:
        found = site.http.get(address, headers=site.reader)
        assert found.json["sha256"] == whole["sha256"]
        assert (found.json["first_item"], found.json["all_items"]) == (len(items), len(whole["items"]))
        items += found.json["items"]
        link = found.headers.get("Link")
        address = link and link.partition("<")[2].partition(">")[0]
        assert bool(address) == bool(found.json["next"])
    assert items == whole["items"]
    assert len({site.http.get(f"{path}?limit={n}", headers=site.reader).headers["ETag"] for n in (1, 2)}) == 2
    problem(site.http.get(f"{path}?limit=0", headers=site.reader), 422, "invalid")
    problem(site.http.get(f"{path}?limit=1&cursor=eA==", headers=site.reader), 422, "invalid")


@given(st.integers(0, 450))
def test_what_is_sent_bit_by_bit_is_what_it_is_in_one_piece(number):
    receipt = a_receipt(number, known_at=None, rejected=[{"reason": "理由"}])
    assert b"".join(streamed(receipt)) == to_json(receipt)


def cases(number):
    case = next(fact for fact in the_facts() if fact.type.endswith("case.decided.v1"))
    return [case._replace(id=f"c-{each}", data={**case.data, "case_no": f"案-{each}"}) for each in range(number)]


@pytest.fixture
def large(site, monkeypatch):  # noqa: F811
    """A shop with many cases; `computed` counts how often its receipt is."""
    keep(site, [*the_facts(), *cases(LARGE)])
    site.computed, compute = 0, answers.receipt_of

    def counting(*given):
        site.computed += 1
        return compute(*given)

    monkeypatch.setattr(answers, "receipt_of", counting)
    return site


def keep(site, facts):  # noqa: F811
    site.shelf.ledger[SHOP], site.shelf.kept[SHOP] = facts, a_head(facts, site.rulebooks)


def pages(site, headers):  # noqa: F811
    address = f"{ADDRESS}/receipt?limit=50"
    while address:
        found = site.http.get(address, headers=headers)
        yield found.json
        link = found.headers.get("Link")
        address = link and link.partition("<")[2].partition(">")[0]


@pytest.mark.parametrize("inside", [True, False])
def test_a_large_receipt_is_computed_once_for_all_its_pages(large, inside):
    found = list(pages(large, large.reader if inside else {}))
    assert (len(found) > 3, large.computed) == (True, 1)
    assert len({each["sha256"] for each in found}) == 1


def test_whatever_moves_a_receipt_makes_another(large):
    def ask(query="", headers=large.reader):
        return large.http.get(f"{ADDRESS}/receipt{query}", headers=headers).json

    first = ask()
    later = a_fact("e-9", "case.revoked", {"case_no": "案-1", "revoked_on": "2026-02-20", "ground": "litigation"})
    keep(large, [*large.shelf.ledger[SHOP], later])
    assert ask()["sha256"] != first["sha256"]
    large.rulebooks = Rulebooks([a_rulebook(), a_rulebook(version=2, effective_from="2026-07-01")])
    assert [book["version"] for book in ask()["rulebooks"]] == [1, 2]
    assert ask("?as_of=2026-02-01")["as_of"] == "2026-02-01"
    assert ask("?known_at=2026-02-01T00:00:00Z")["items"] == []
    assert ask("?ledger=public")["ledger"] == "public"
    assert "rejected" not in ask(headers={})
    large.now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    assert ask()["as_of"] == "2026-03-02"


def test_a_large_receipt_is_sent_bit_by_bit_and_is_the_same(large):
    response = large.http.get(f"{ADDRESS}/receipt", headers=large.reader)
    assert response.content_length is None
    assert (response.mimetype, response.get_data()) == ("application/json", to_json(response.json))
    assert response.headers["ETag"] == f'"{seal(response.json)["sha256"]}"'
    again = {**large.reader, "If-None-Match": response.headers["ETag"]}
    assert large.http.get(f"{ADDRESS}/receipt", headers=again).status_code == 304


@pytest.mark.parametrize("query", ["", "?limit=50"])
def test_a_large_receipt_is_signed_once_a_minute(large, query):
    signed = []
    large.signing.sign = lambda document: signed.append(document) or f"a..{len(signed)}"

    def ask():
        response = large.http.get(f"{ADDRESS}/receipt{query}", headers=large.reader)
        return response.headers["JWS-Signature"], response.json["sha256"]

    assert [ask()[0], ask()[0]] == ["a..1", "a..1"]
    assert seal(signed[0])["sha256"] == signed[0]["sha256"] == ask()[1]
    large.now = datetime(2026, 3, 1, 2, 1, tzinfo=UTC)
    assert ask()[0] == "a..2"
