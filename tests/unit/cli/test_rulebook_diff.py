import json

import pytest
from click.testing import CliRunner

from services.cli import connect
from services.cli.rulebook import rulebook
from shared.clock import now
from shared.credit.rulebook import Rulebooks
from shared.eventlog.memory import MemoryLog
from shared.eventlog.topics import wanted
from shared.projection.publishing import publish
from shared.rulebooks.loader import SHIPPED, load_bytes


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(rulebook, ["diff", *map(str, arguments)])


@pytest.fixture
def third(tmp_path):
    text = (SHIPPED / "shop-credit-v2.yaml").read_text()
    for change in (("version: 2", "version: 3"), ("2026-04-01", "2027-01-01"), ("from: '90'", "from: '95'")):
        text = text.replace(*change)
    path = tmp_path / "new.yaml"
    path.write_text(text)
    return path


def test_shipped_versions_by_their_names(run):
    result = run("shop-credit:1", "shop-credit:2")
    assert result.exit_code == 0
    lines = [line.split() for line in result.output.splitlines()]
    assert ["shop", "SP-02", "points.general", "5.00", "6.00"] in lines
    assert ["shop", "publication.items.general", "–", "3"] in lines


def test_a_file_beside_a_version_as_json(run, third):
    result = run("shop-credit:v2", third, "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert (document["old"]["version"], document["new"]["version"]) == (2, 3)
    change = {"kind": "shop", "code": None, "field": "grades.A.from", "old": "90.00", "new": "95.00"}
    assert change in document["changes"]
    assert document["faults"] == document["warnings"] == document["added"] == document["removed"] == []


def test_what_cannot_follow_is_1_with_every_fault(run, third):
    result = run(third, "shop-credit:2")
    assert result.exit_code == 1
    assert "fault: version: must be higher than 3" in result.output
    added = json.loads(run("shop-credit:2", "shop-credit:1", "--json").stdout)
    assert added["removed"] == [{"kind": "shop", "code": "SP-19"}]


def test_the_same_twice(run):
    result = run("shop-credit:1", "shop-credit:1", "--json")
    assert json.loads(result.stdout)["changes"] == []


def test_warnings_are_said(run, third):
    text = third.read_text()
    old = "points: {minor: '2', general: '4'}  # m\n      lasts_months: {minor: 3, general: 12}"
    assert old in text
    third.write_text(text.replace(old, old.replace("'4'", "'3'").replace("12}", "18}")))
    assert "warning: kinds.shop.violations.0.lasts_months: SP-01: fewer points" in run("shop-credit:2", third).output


def test_a_published_version_comes_from_the_log(run, monkeypatch, small, tmp_path):
    log = MemoryLog({topic.name: topic.partitions for topic in wanted("chengxin.", 4)})
    monkeypatch.setattr(connect, "open_log", lambda _: log)
    published = load_bytes(small.encode(), "x")
    publish(log, "chengxin.rulebooks.v1", [(published, small.encode())], source="urn:t", now=now())
    path = tmp_path / "b.yaml"
    path.write_text(small.replace("version: 1", "version: 2").replace("bonus_cap: '5'", "bonus_cap: '6'"))
    document = json.loads(run("small:1", path, "--json").stdout)
    assert [change["field"] for change in document["changes"]] == ["bonus_cap"]
    assert document["old"]["sha256"] == Rulebooks([published]).books["small", 1].sha256
    unknown = run("small:7", path)
    assert (unknown.exit_code, "no version that is shipped or published" in unknown.stderr) == (2, True)
    log.down = True
    assert run("small:1", path).exit_code == 1


@pytest.mark.parametrize(
    "arguments", [["shop-credit:1"], ["shop-credit:1", "hauler-credit:1"], ["/no/such.yaml", "shop-credit:1"]]
)
def test_wrong_use_is_2(run, arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_file_that_is_no_rulebook_is_wrong_use_with_its_lines(run, tmp_path):
    (tmp_path / "x.yaml").write_text("id: x\n")
    result = run(tmp_path / "x.yaml", "shop-credit:1")
    assert result.exit_code == 2
    assert "x.yaml:1: title: is missing" in result.stderr
