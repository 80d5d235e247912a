"""The worked draws: results to the byte, and each tampered variant refused by the check that must name it."""

import json
from pathlib import Path

import pytest

from shared.draw.bundle import seeded, verify
from shared.draw.checks import Infeasible, Refused
from shared.draw.drawing import draw, reserve
from shared.draw.frozen import freeze

ROOT = Path(__file__).parents[3]
VECTORS = [json.loads(line) for line in (ROOT / "shared/contracts/vectors/draw.jsonl").read_text().splitlines()]
TAMPERED = [(vector, variant) for vector in VECTORS for variant in vector.get("tampered", ())]


def files_of(bundle, replacements=None):
    """The bundle as the files that it is published as."""
    files = {f"{name}.tsv": bundle[name].encode() for name in ("pool", "roster", "recusals", "excluded")}
    files["plan.json"] = bundle["plan"].encode()
    commitment = {"commitment": bundle["commitment"], "committed_at": bundle["committed_at"]}
    files["commitment.json"] = json.dumps(commitment).encode()
    files["seed.json"] = json.dumps({"seed_at": bundle["seed_at"], "values": bundle["seed_values"]}).encode()
    if "result" in bundle:
        files["result.json"] = bundle["result"].encode()
        files["result.sha256"] = (bundle["result_sha256"] + "\n").encode()
    if replacements is not None:
        files["replacements.json"] = json.dumps(replacements).encode()
    return files


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_worked_draw_is_recomputed_to_the_byte(vector):
    files, expected = files_of(vector["bundle"], vector.get("replacements")), vector["expected"]
    if "infeasible" in expected:
        with pytest.raises(Infeasible) as refused:
            seeded(files)
        assert refused.value.subjects == expected["infeasible"]
        return
    before = seeded(files)
    assert before.seed.hex() == vector["seed"]
    assert before.frozen.quotas == expected["quotas"]
    drawn = draw(before.frozen, before.seed)
    assert drawn.result == vector["bundle"]["result"].encode()
    assert len(drawn.selected) == expected["selected"]
    assert sum(each.over_load for each in drawn.selected) == expected["over_load"]
    for stratum, there in expected["reserve"].items():
        found = [subject.decode() for _, subject in reserve(before.frozen, before.seed, stratum.encode())]
        assert (len(found), found[: len(there["first"])]) == (there["size"], there["first"])
    assert verify(files).replacing.records == vector.get("replacements", [])


@pytest.mark.parametrize(("vector", "variant"), TAMPERED, ids=lambda each: each["name"])
def test_a_tampered_draw_is_refused_by_the_check_that_fails_first(vector, variant):
    with pytest.raises(Refused) as refused:
        verify(files_of(vector["bundle"] | variant["set"], vector.get("replacements")))
    assert refused.value.check == variant["refused_by"]


def test_what_was_frozen_before_is_frozen_again():
    assert freeze(files_of(VECTORS[0]["bundle"])).commitment == VECTORS[0]["bundle"]["commitment"]
