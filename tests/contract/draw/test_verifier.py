"""The stand-alone verifier of every bundle: the worked draws, and how it is run."""

import ast
import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
import zipfile

import pytest
from click.testing import CliRunner

from services.cli.draw import draw
from shared.credit.canonical import canonical
from tests.contract.draw.test_vectors import TAMPERED, VECTORS, files_of
from tests.support.verifier import PATH, VERIFIER, refused_by
from tests.unit.draw.test_journal import journal_of, steps_of

BY_NAME = {vector["name"]: vector for vector in VECTORS}


def a_bundle(name):
    return files_of(BY_NAME[name]["bundle"], BY_NAME[name].get("replacements"))


def its_journal(files):
    return journal_of(json.loads(files["plan.json"])["draw_id"], steps_of(files))


def put(files, folder):
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def zipped(files, path, prefix=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(prefix + name, content)
    return path


def called(capsys, *arguments):
    """Exit code and output of the script, in this process."""
    code = VERIFIER.main([str(argument) for argument in arguments])
    return code, capsys.readouterr().out


def run(*arguments, script=PATH):
    """The script in a process of its own, isolated from this installation."""
    command = [sys.executable, "-I", "-B", "-X", "utf8", str(script), *map(str, arguments)]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", timeout=120)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_worked_draw_holds_or_is_not_feasible(vector):
    files = files_of(vector["bundle"], vector.get("replacements"))
    assert refused_by(files) == ("feasible" if "infeasible" in vector["expected"] else None)


@pytest.mark.parametrize(("vector", "variant"), TAMPERED, ids=lambda each: each["name"])
def test_a_tampered_draw_is_refused_by_the_check_that_fails_first(vector, variant):
    assert refused_by(files_of(vector["bundle"] | variant["set"], vector.get("replacements"))) == variant["refused_by"]


@pytest.mark.parametrize(
    ("name", "check"),
    [
        ("plan.json", "plan-form"),
        ("pool.tsv", "pool-form"),
        ("roster.tsv", "roster-form"),
        ("recusals.tsv", "recusals-form"),
        ("excluded.tsv", "excluded-form"),
        ("commitment.json", "commitment"),
        ("seed.json", "seed-time"),
        ("result.json", "result-form"),
        ("result.sha256", "result-sha256"),
        ("replacements.json", None),
    ],
)
def test_a_missing_file_fails_its_check(name, check):
    files = a_bundle("inspector-replaced-by-department")
    del files[name]
    assert refused_by(files) == check


@pytest.mark.parametrize(
    "change",
    [
        lambda records: records[:1] + records[2:],
        lambda records: records[::-1],
        lambda records: [records[0] | {"joins": "苏J1001"}, *records[1:]],
        lambda records: [records[0] | {"seq": 1.0}, *records[1:]],
        lambda records: [records[0] | {"over_load": 0}, *records[1:]],
        lambda records: [records[0] | {"cause": "\ud800"}, *records[1:]],
        lambda records: [*records, records[-1]],
        lambda records: {"records": records},
    ],
    ids=["left-out", "reversed", "another-joins", "float", "number-for-truth", "no-text", "twice", "no-array"],
)
def test_records_that_do_not_follow_are_refused(change):
    vector = BY_NAME["inspector-replaced-by-department"]
    assert refused_by(files_of(vector["bundle"], change(vector["replacements"]))) == "replacements"


def test_records_are_replaced_like_subjects_that_are_worked_by_hand():
    vector = BY_NAME["replacement-of-a-replacement"]
    last = vector["replacements"][2]
    again = [*vector["replacements"], last | {"seq": 4}]  # the subject stands, so it may be called again
    assert refused_by(files_of(vector["bundle"], again)) is None


def test_the_journal_and_a_head_hold():
    files = a_bundle("inspector-replaced-by-department")
    journal = its_journal(files)
    for line in journal.splitlines(keepends=True):
        assert refused_by(files, journal, hashlib.sha256(line).hexdigest()) is None


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda lines: [], "journal-chain"),
        (lambda lines: [*lines[:-1], lines[-1][:-1]], "journal-chain"),
        (lambda lines: [lines[0], *lines[2:]], "journal-chain"),
        (lambda lines: [*lines, lines[-1]], "journal-chain"),
        (lambda lines: lines[:3], "journal-draw"),
    ],
    ids=["empty", "no-line-feed", "left-out", "twice", "not-drawn"],
)
def test_a_journal_that_is_cut_or_changed_is_refused(change, check):
    files = a_bundle("count")
    lines = its_journal(files).splitlines(keepends=True)
    assert refused_by(files, b"".join(change(lines))) == check


def test_a_subject_that_is_left_out_twice_is_refused():
    assert refused_by(a_bundle("count") | {"excluded.tsv": b"zz\tclosed\nzz\tmoved\n"}) == "excluded-form"


@pytest.mark.parametrize(("second", "check"), [("00", None), ("01", "journal-draw")])
def test_the_line_of_the_seed_is_not_earlier_than_the_first_value(second, check):
    files = a_bundle("count")
    seed = json.loads(files["seed.json"]) | {"seed_at": f"2026-11-02T10:05:{second}+08:00"}
    files["seed.json"] = canonical(seed)
    assert refused_by(files, its_journal(files)) == check


def test_a_head_that_no_line_has_is_refused():
    files = a_bundle("count")
    assert refused_by(files, its_journal(files), "f" * 64) == "journal-head"


@pytest.mark.parametrize(("line", "said"), [(0, "time not proven"), (1, "the commitment (line 2) stood")])
def test_a_head_proves_the_time_of_what_stands_before_it(line, said, tmp_path, capsys):
    files = a_bundle("count")
    journal = tmp_path / "journal.ndjson"
    journal.write_bytes(its_journal(files))
    head = hashlib.sha256(journal.read_bytes().splitlines(keepends=True)[line]).hexdigest()
    code, output = called(capsys, put(files, tmp_path / "bundle"), "--journal", journal, "--head", head.upper())
    assert (code, said in output) == (0, True)


def test_what_the_journal_tells_of_other_draws_is_printed(tmp_path, capsys):
    files = a_bundle("count")
    own = json.loads(files["plan.json"])
    steps = [(own["draw_id"], *step) for step in steps_of(files) if step[0] != "published"]
    more = dict(steps[1][4]) | {"publish_by": "2026-11-20", "replaces": {"draw_id": own["draw_id"], "cause": "不满意"}}
    at = "2026-11-21T09:00:00+08:00"
    steps += [("再抽", "planned", at, "a" * 64, {}), ("再抽", "committed", at, "b" * 64, more)]
    journal, prev = b"", "0" * 64
    for seq, (draw_id, step, time, sha256, others) in enumerate(steps, 1):
        line = {"at": time, "draw_id": draw_id, "prev": prev, "seq": seq, "sha256": sha256, "step": step, **others}
        journal += canonical(line) + b"\n"
        prev = hashlib.sha256(canonical(line) + b"\n").hexdigest()
    (tmp_path / "journal.ndjson").write_bytes(journal)
    code, output = called(capsys, put(files, tmp_path / "bundle"), "--journal", tmp_path / "journal.ndjson")
    assert code == 0
    for said in (
        "not published: the journal has no line `published` of this draw",
        "draw '再抽' (line 6) shares '骰子 2026-11-02 09:30 区公证处', 'drand quicknet 4711007', the pool",
        "draw '再抽', due by '2026-11-20': not published 逾期未公布",
        f"'再抽' (line 6) replaces {own['draw_id']!r}, cause '不满意': its result was out (line 4)",
        "time not proven: no head from elsewhere was given",
    ):
        assert said in output


DISORDER = [
    (("planned", "committed", "committed"), "a second committed"),
    (("planned", "drawn"), "drawn and was not seeded"),
    (("planned", "committed", "seeded", "abandoned"), "abandoned after its seed was known"),
    (("planned", "abandoned", "committed"), "was abandoned before"),
    (("planned", "planned"), "a second planned"),
]


@pytest.mark.parametrize(("wrong", "said"), DISORDER)
def test_lines_of_other_draws_that_cannot_be_are_told_by_both_verifiers(wrong, said, tmp_path, capsys):
    files = a_bundle("count")
    own = json.loads(files["plan.json"])["draw_id"]
    steps = [(own, *step) for step in steps_of(files)]
    at, more = "2026-12-21T09:00:00+08:00", dict(steps[1][4]) | {"pool_sha256": "c" * 64}
    steps += [("other", step, at, "a" * 64, more if step == "committed" else {}) for step in wrong]
    journal, prev = b"", "0" * 64
    for seq, (draw_id, step, time, sha256, others) in enumerate(steps, 1):
        line = {"at": time, "draw_id": draw_id, "prev": prev, "seq": seq, "sha256": sha256, "step": step, **others}
        journal += canonical(line) + b"\n"
        prev = hashlib.sha256(canonical(line) + b"\n").hexdigest()
    (tmp_path / "journal.ndjson").write_bytes(journal)
    bundle = put(files, tmp_path / "bundle")
    code, output = called(capsys, bundle, "--journal", tmp_path / "journal.ndjson")
    assert (code, said in output) == (0, True), output
    products = CliRunner().invoke(draw, ["verify", str(bundle), "--journal", str(tmp_path / "journal.ndjson")])
    assert (products.exit_code, said in products.output) == (0, True), products.output


def test_what_is_allowed_and_worth_a_question_is_printed(tmp_path, capsys):
    code, output = called(capsys, put(a_bundle("rate-ceiling-and-bounds"), tmp_path / "bundle"))
    assert code == 0
    for said in ("quota 0: nobody of stratum '环卫企业'", "time not proven: no journal"):
        assert said in output


@pytest.mark.parametrize("prefix", ["", "盐城管抽/"])
def test_a_zip_is_verified_like_a_folder(tmp_path, prefix):
    path = zipped(a_bundle("inspector-replaced-by-department"), tmp_path / "bundle.zip", prefix)
    done = run(path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "成立：全部检查通过 It holds."
    for check in VERIFIER.CHECKS:
        assert (f" {check} " in done.stdout) is not check.startswith("journal")


def test_the_folder_in_which_the_script_lies_is_verified_without_an_argument(tmp_path):
    folder = put(a_bundle("count"), tmp_path / "bundle")
    script = shutil.copy(PATH, folder)
    done = run("--json", script=script)
    assert (done.returncode, done.stderr, json.loads(done.stdout)["holds"]) == (0, "", True)


def test_a_bundle_that_does_not_hold_exits_with_1_and_names_the_check(tmp_path):
    folder = put(a_bundle("count") | {"seed.json": b"[]"}, tmp_path / "bundle")
    done = run(folder, "--json")
    answer = json.loads(done.stdout)
    assert (done.returncode, sorted(answer)) == (1, ["check", "detail", "holds"])
    assert (answer["holds"], answer["check"]) == (False, "seed-time")
    assert "不通过 FAILED seed-time" in run(folder).stdout


def test_who_stops_reading_gets_no_verdict(tmp_path):
    folder = put(a_bundle("count"), tmp_path / "bundle")
    with subprocess.Popen([sys.executable, "-u", PATH, folder], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run_:
        run_.stdout.close()
        assert (run_.stderr.read(), run_.wait()) == (b"", -signal.SIGPIPE)


def test_wrong_use_exits_with_2_and_prints_nothing_to_be_read_as_an_answer(tmp_path):
    folder = put(a_bundle("count"), tmp_path / "bundle")
    journal = put({"journal.ndjson": b""}, tmp_path) / "journal.ndjson"
    for arguments in (
        [tmp_path / "nowhere"],
        [journal],  # no zip
        [folder, "--head", "f" * 64],
        [folder, "--journal", tmp_path / "nowhere"],
        [folder, "--journal", journal, "--head", "short"],
        [folder, "--what"],
    ):
        done = run("--json", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr


def test_a_zip_that_names_a_file_twice_is_not_read(tmp_path, capsys):
    path = zipped(a_bundle("count"), tmp_path / "bundle.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other/plan.json", b"{}")
    assert called(capsys, path) == (2, "")


def test_a_zip_that_unpacks_to_more_than_the_bound_is_not_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(VERIFIER, "LARGEST_READ", 1 << 22)
    path = zipped(a_bundle("count") | {"pool.tsv": bytes(1 << 23)}, tmp_path / "bundle.zip")
    assert path.stat().st_size < 1 << 16
    assert called(capsys, path) == (2, "")
    assert called(capsys, put(a_bundle("count") | {"pool.tsv": bytes(1 << 23)}, tmp_path / "folder")) == (2, "")


def test_the_readme_says_how_to_check_by_hand(tmp_path):
    files = a_bundle("draw-again") | {"README.md": PATH.with_name("README.md").read_bytes()}
    folder = put(files, tmp_path / "bundle")
    result, values = json.loads(files["result.json"]), json.loads(files["seed.json"])["values"]
    names = [source["name"] for source in json.loads(files["plan.json"])["seed_sources"]]
    first, second = ((name, values[name]) for name in names)
    _, commitment, ticket = re.findall(r"```sh\n(.*?)```", files["README.md"].decode(), re.DOTALL)
    ticket = ticket.replace("\\n%s=%s\\n'", "\\n%s=%s\\n%s=%s\\n'").replace(
        "'VALUE'", f"'{first[1]}' '{second[0]}' '{second[1]}'"
    )
    for word, here in (
        ("COMMITMENT", result["commitment"]),
        ("SOURCE", first[0]),
        ("SEED", result["seed"]),
        ("SUBJECT_ID", result["selected"][0]["subject_id"]),
    ):
        ticket = ticket.replace(word, here)
    done = subprocess.run(
        ["sh"], input=commitment + ticket, cwd=folder, check=True, capture_output=True, encoding="utf-8"
    )
    assert done.stderr == ""
    assert re.findall(r"^[0-9a-f]{64}$", done.stdout, re.MULTILINE) == [
        *(result["commitment"], result["seed"], result["selected"][0]["ticket"])
    ]


def test_the_readme_names_every_file_of_a_bundle():
    readme = PATH.with_name("README.md").read_text("utf-8")
    assert all(f"`{name}`" in readme for name in (*VERIFIER.FILES, "verify.py"))


def test_it_imports_the_standard_library_alone_and_is_of_python_3_8():
    tree = ast.parse(PATH.read_text("utf-8"), feature_version=(3, 8))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names | {"__future__"}
    assert not names & {"socket", "urllib", "http", "subprocess", "os", "shutil", "tempfile", "importlib"}
