"""Pages of a receipt put together are the receipt, to the byte of its hash, and pages of two do not fit together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lookup.receipt_pages import page
from shared.credit.receipt import seal
from shared.web.problems import ProblemError
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
