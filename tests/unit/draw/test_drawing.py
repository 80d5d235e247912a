"""What is quick about a draw changes nothing of its result."""

import json

import pytest

from shared.draw import drawing
from shared.draw.bundle import seeded
from shared.draw.canonical import write
from tests.contract.draw.test_vectors import VECTORS, files_of

DRAWN = [vector for vector in VECTORS if "result" in vector["bundle"]]


@pytest.mark.parametrize("vector", DRAWN, ids=lambda vector: vector["name"])
def test_tickets_above_the_bound_are_looked_at_where_too_few_lie_below_it(vector, monkeypatch):
    before = seeded(files_of(vector["bundle"]))
    monkeypatch.setattr(drawing, "_bound", lambda *_: b"\x20")
    assert drawing.draw(before.frozen, before.seed).result == vector["bundle"]["result"].encode()


@pytest.mark.parametrize("vector", DRAWN, ids=lambda vector: vector["name"])
def test_the_result_is_what_json_makes_of_the_selected(vector):
    before = seeded(files_of(vector["bundle"]))
    drawn = drawing.draw(before.frozen, before.seed)
    document = json.loads(drawn.result)
    assert drawn.result == write(document)
    assert document["selected"] == [each.document() for each in drawn.selected]


def test_ids_with_quotes_and_backslashes_are_json_too():
    text = 'a"b\\c\u2028𠀀'
    selected = drawing.Selected(text.encode(), b"\x01" * 32, text.encode(), 1, (text.encode(),), over_load=False)
    assert drawing._line(selected, {text.encode(): drawing._quoted(text.encode())}) == write(selected.document())
