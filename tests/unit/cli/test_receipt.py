"""`chengxin receipt verify`: a right receipt holds, and whatever was changed in it is named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from services.cli.receipt import receipt
from services.cli.score import score
from shared.credit.canonical import sha256_of

VECTORS = Path(__file__).parents[3] / "shared" / "contracts" / "vectors"
RULEBOOKS = VECTORS / "rulebooks"


@pytest.fixture(scope="module")
def case():
    """A receipt with a case that counts, and the facts it rests on."""
    for line in (VECTORS / "score_named.jsonl").read_text().splitlines():
        vector = json.loads(line)
        items = vector["expected"].get("items", [])
        if any(item["type"] == "case" and item["state"] == "active" for item in items) and not vector["known_at"]:
            request = json.dumps(
                {name: vector[name] for name in ("subject_id", "ledger", "as_of", "known_at", "facts")}
            )
            done = CliRunner().invoke(
                score, ["--rulebooks", str(RULEBOOKS), "--requests", "-"], input=request, catch_exceptions=False
            )
            return json.loads(done.output), vector["facts"]
    raise AssertionError("no such vector")


@pytest.fixture
def verify(tmp_path):
    """Verifies a receipt; the answer is the exit code and what was printed."""

    def run(document, *options, facts=None):
        if facts is not None:
            (tmp_path / "facts.jsonl").write_text("\n".join(map(json.dumps, facts)))
            options = (*options, "--facts", str(tmp_path / "facts.jsonl"))
        done = CliRunner().invoke(receipt, ["verify", "-", *options], input=json.dumps(document))
        return done.exit_code, done.output

    return run


def sealed(document):
    """The document with a hash that fits it: what a clever forger would hand out."""
    body = {name: value for name, value in document.items() if name != "sha256"}
    return body | {"sha256": sha256_of(body)}


def failed(output):
    return [line.split()[1].rstrip(":") for line in output.splitlines() if line.strip().startswith("FAILS")]


WITH_RULEBOOKS = ("--rulebooks", str(RULEBOOKS))


def test_a_right_receipt_holds_by_itself_by_its_rulebooks_and_by_its_facts(case, verify):
    document, facts = case
    for options, given in (((), None), (WITH_RULEBOOKS, None), (WITH_RULEBOOKS, facts)):
        code, output = verify(document, *options, facts=given)
        assert (code, failed(output)) == (0, []), output
        assert "the receipt holds" in output


def test_a_changed_score_breaks_the_hash(case, verify):
    document, _ = case
    code, output = verify(document | {"grade": "A+"})
    assert code == 1
    assert failed(output)[0] == "sha256"


def test_a_changed_score_with_a_fitting_hash_breaks_the_arithmetic(case, verify):
    document, _ = case
    code, output = verify(sealed(document | {"deductions": "0.00"}))
    assert code == 1
    assert "sha256" not in failed(output)
    assert failed(output)


def test_points_that_the_rulebook_does_not_give_are_found_by_it_alone(case, verify):
    document, _ = case
    index = next(i for i, item in enumerate(document["items"]) if item["type"] == "case" and item["state"] == "active")
    items = [dict(item) for item in document["items"]]
    items[index] |= {"legal_basis": ["《没有的法》第一条"]}
    forged = sealed(document | {"items": items})
    assert verify(forged)[0] == 0
    code, output = verify(forged, *WITH_RULEBOOKS)
    assert code == 1
    assert failed(output)


def test_a_fact_that_is_missing_or_too_many_is_found_by_the_facts_alone(case, verify):
    document, facts = case
    decided = next(fact for fact in facts if fact["type"].endswith("case.decided.v1"))
    another = decided | {"id": "another", "data": decided["data"] | {"case_no": "另案"}}
    for given in ([fact for fact in facts if fact is not decided], [*facts, another]):
        code, output = verify(document, *WITH_RULEBOOKS, facts=given)
        assert (code, len(failed(output))) == (1, 1), output


@pytest.fixture
def partly(tmp_path, case):
    """A folder without one of the versions that the receipt names, and that version's name."""
    document, _ = case
    *kept, missing = document["rulebooks"]
    assert kept
    for path in RULEBOOKS.glob("*.yaml"):
        if path.name != f"demo-v{missing['version']}.yaml":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path, f"rulebook {missing['id']} {missing['version']}"


def test_a_version_that_is_not_at_hand_is_not_checked_and_no_fault(case, partly, verify):
    document, facts = case
    folder, missing = partly
    code, output = verify(document, "--rulebooks", str(folder), facts=facts)
    assert (code, failed(output)) == (0, [])
    unchecked = [
        line.split("not checked")[1].split(":")[0].strip()
        for line in output.splitlines()
        if ":" in line and line.strip().startswith("not checked")
    ]
    assert unchecked == [missing, "lines", "facts"]
    assert "the receipt holds as far as it was checked" in output


def test_what_is_wrong_is_found_also_where_a_version_is_not_at_hand(case, partly, verify):
    document, _ = case
    folder, _ = partly
    assert verify(sealed(document | {"deductions": "0.00"}), "--rulebooks", str(folder))[0] == 1


def test_another_version_under_the_number_that_is_named_is_a_fault(case, partly, verify):
    document, _ = case
    folder, missing = partly
    version = missing.split()[-1]
    (folder / "other.yaml").write_bytes((RULEBOOKS / f"demo-v{version}.yaml").read_bytes() + b"# another\n")
    assert verify(document, "--rulebooks", str(folder))[0] == 1


def test_json_says_each_check(case, verify):
    document, _ = case
    code, output = verify(document | {"grade": "A+"}, "--json")
    answer = json.loads(output)
    assert (code, answer["holds"], answer["subject_id"]) == (1, False, document["subject_id"])
    assert {"name": "sha256", "holds": False}.items() <= answer["checks"][0].items()


def test_several_receipts_a_line_are_all_verified(case):
    document, _ = case
    lines = "\n".join(json.dumps(each) for each in (document, document | {"grade": "A+"}))
    done = CliRunner().invoke(receipt, ["verify", "-"], input=lines)
    assert done.exit_code == 1
    assert "the receipt holds" in done.output
    assert "does not hold" in done.output


@pytest.mark.parametrize("content", ["", "no json", '{"a": 1}\nno json'])
def test_what_is_no_receipt_at_all_is_wrong_use(content):
    done = CliRunner().invoke(receipt, ["verify", "-"], input=content)
    assert done.exit_code == 2
    assert "Traceback" not in done.output


def test_facts_without_rulebooks_are_wrong_use(case, verify):
    document, facts = case
    assert verify(document, facts=facts)[0] == 2


@pytest.mark.parametrize("known_at", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"])
def test_a_receipt_of_an_instant_that_utc_has_not_does_not_hold(case, verify, known_at):
    document, facts = case
    code, output = verify(sealed({**document, "known_at": known_at}), *WITH_RULEBOOKS, facts=facts)
    assert code == 1
    assert "/known_at" in output
