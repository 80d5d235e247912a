"""What the README says is all that it takes to add something, done in a copy of the tree."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STEPS = dict(re.findall(r"^- \*\*A (.+?)\*\*: ((?:.+\n)(?:  .+\n)*)", (ROOT / "README.md").read_text(), re.MULTILINE))
SHOP = "workshop:92320902MA1N00026Y-01"
FACT = {
    "specversion": "1.0",
    "id": "c-1",
    "source": "urn:chengxin:organ:320902",
    "time": "2026-05-06T10:00:00+08:00",
    "type": "cn.chengxin.case.decided.v1",
    "subject": SHOP,
    "recorded_at": "2026-05-06T10:00:01+08:00",
    "data": {
        "case_no": "亭城管罚字〔2026〕第1号",
        "violation_code": "WX-03",
        "severity": "general",
        "occurred_on": "2026-05-06",
        "decided_on": "2026-05-06",
        "region": "320902001001",
        "officers": ["320902-0101", "320902-0102"],
    },
}


class Tree:
    """A copy of the product; `changed` says in which files it differs from what it was copied from."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("shared", "services", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)

    def run(self, module, *arguments):
        command = [sys.executable, "-m", module, *map(str, arguments)]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def replace(self, path, *pairs):
        text = (self.folder / path).read_text()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        (self.folder / path).write_text(text)

    def scored(self, fact):
        facts = self.folder / "facts.jsonl"
        facts.write_text(json.dumps(fact))
        given = ("--rulebooks", "shared/rulebooks", "--facts", facts, "--as-of", "2026-05-07")
        answer = self.run("services.cli.main", "score", *given)
        facts.unlink()
        return json.loads(answer)

    def lock(self, book):
        """`sha256sum BOOK >> published.lock`"""
        with (self.folder / "shared/rulebooks/published.lock").open("a") as lock:
            lock.write(f"{hashlib.sha256((self.folder / book).read_bytes()).hexdigest()}  {Path(book).name}\n")

    def changed(self):
        files = [path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file()]
        kept = [path for path in files if "__pycache__" not in path.parts and not path.parts[0].startswith(".")]
        return {
            str(path)
            for path in kept
            if not (ROOT / path).exists() or (ROOT / path).read_bytes() != (self.folder / path).read_bytes()
        }


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_a_kind_is_a_row_a_rulebook_its_hash_and_the_contracts(tree):
    last = '            Kind("hauler", "建筑垃圾运输企业"),\n'
    tree.replace("shared/registry/kinds.py", (last, f'{last}            Kind("workshop", "机动车维修企业"),\n'))
    book = "shared/rulebooks/workshop-credit-v1.yaml"
    shutil.copy(tree.folder / "shared/rulebooks/shop-credit-v2.yaml", tree.folder / book)
    tree.replace(
        book,
        ("id: shop-", "id: workshop-"),
        ("version: 2", "version: 1"),
        ("  shop:\n", "  workshop:\n"),
        ("SP-", "WX-"),
    )
    tree.lock(book)
    for module in ("shared.events.contracts", "services.cli.openapi"):  # make contracts
        tree.run(module)

    assert "workshop-credit v1" in tree.run("services.cli.main", "rulebook", "check")
    receipt = tree.scored(FACT)
    [item] = receipt["items"]
    assert (receipt["kind"], item["code"], item["state"]) == ("workshop", "WX-03", "active")
    looking = (
        "tests/unit/registry",
        "tests/unit/rulebooks",
        "tests/unit/cli/test_rulebook.py",
        "tests/contract/openapi/test_documents.py",
    )
    tree.run("pytest", "-q", "-p", "no:cacheprovider", *looking)

    by_hand = {path for path in tree.changed() if not path.startswith("shared/contracts/")}
    assert by_hand == {"shared/registry/kinds.py", "shared/rulebooks/published.lock", book}
    for named in ("`shared/registry/kinds.py`", "`shared/rulebooks/`", "`published.lock`", "`make contracts`"):
        assert named in STEPS["kind"]


def test_a_violation_code_is_a_new_version(tree):
    book = "shared/rulebooks/shop-credit-v3.yaml"
    shutil.copy(tree.folder / "shared/rulebooks/shop-credit-v2.yaml", tree.folder / book)
    text = (tree.folder / book).read_text()
    like = re.search(r"    - code: SP-03.*\n(?:      .+\n)+", text)[0]
    tree.replace(
        book,
        ("version: 2", "version: 3"),
        ("published_on: '2026-03-02'", "published_on: '2026-04-20'"),
        ("effective_from: '2026-04-01'", "effective_from: '2026-05-01'"),
        ("    violations:\n", f"    violations:\n{like.replace('SP-03', 'SP-90').replace('name: ', 'name: 又一种')}"),
    )
    tree.lock(book)

    assert "shop-credit v3" in tree.run("services.cli.main", "rulebook", "check")
    facts = FACT | {"subject": "shop:92320902MA1N00026Y-01", "data": FACT["data"] | {"violation_code": "SP-90"}}
    [item] = tree.scored(facts)["items"]
    assert (item["code"], item["state"], item["rule_version"]) == ("SP-90", "active", 3)
    tree.run("pytest", "-q", "-p", "no:cacheprovider", "tests/unit/rulebooks", "tests/unit/cli/test_rulebook.py")
    assert tree.changed() == {book, "shared/rulebooks/published.lock"}
    assert "a new version" in STEPS["violation code"]
