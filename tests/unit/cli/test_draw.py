"""`chengxin draw …` on folders and zips: what holds, what does not, and what is never written."""

import json
import zipfile

import pytest
from click.testing import CliRunner

from services.cli.draw import draw
from tests.contract.draw.test_vectors import VECTORS, files_of
from tests.unit.draw.test_journal import journal_of, steps_of

BY_NAME = {vector["name"]: vector for vector in VECTORS}


def called(*arguments):
    done = CliRunner().invoke(draw, [str(argument) for argument in arguments], catch_exceptions=False)
    return done.exit_code, done.output


def answer(*arguments):
    code, output = called(*arguments, "--json")
    return code, json.loads(output)


@pytest.fixture
def folder(tmp_path):
    """Puts a worked draw into a folder, without the files named."""

    def put(name, *without):
        vector = BY_NAME[name]
        for file, content in files_of(vector["bundle"], vector.get("replacements")).items():
            if file not in without:
                (tmp_path / file).write_bytes(content)
        return tmp_path

    return put


def zipped(folder, path, prefix=""):
    with zipfile.ZipFile(path, "w") as packed:
        for file in folder.iterdir():
            packed.write(file, prefix + file.name)
    return path


def test_a_right_bundle_holds_as_a_folder_and_as_a_zip(folder, tmp_path_factory):
    path = folder("inspector-replaced-by-department")
    other = tmp_path_factory.mktemp("zips")
    for bundle in (path, zipped(path, other / "a.zip"), zipped(path, other / "b.zip", "盐城管抽/")):
        code, said = answer("verify", bundle)
        assert (code, said["holds"], said["check"]) == (0, True, None)
        assert "time not proven" in said["detail"]


def test_lines_say_what_was_drawn(folder):
    code, output = called("verify", folder("count"))
    assert code == 0
    assert "沿街商铺: 4 drawn" in output


def test_it_says_which_checks_were_made(folder):
    path = folder("count")
    checked = next(line for line in called("verify", path)[1].splitlines() if line.startswith("  checked"))
    assert checked.endswith("draw, replacements")
    (path / "seed.json").write_bytes(b"[]")
    lines = called("verify", path)[1].splitlines()
    assert lines[1].startswith("  held before: protocol, plan-form")
    assert lines[1].endswith("commitment, feasible")


def test_what_does_not_hold_names_the_check(folder):
    path = folder("count")
    (path / "pool.tsv").write_bytes((path / "pool.tsv").read_bytes().replace(b"\n", b"\r\n"))
    code, said = answer("verify", path)
    assert (code, said["holds"], said["check"]) == (1, False, "pool-form")
    assert "line 1" in said["detail"]


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_that_cannot_be_bounded_is_not_unpacked(folder, tmp_path_factory, how):
    path = tmp_path_factory.mktemp("zips") / "a.zip"
    with zipfile.ZipFile(path, "w", how) as packed:
        packed.write(folder("count") / "pool.tsv", "pool.tsv")
    assert called("verify", path) == (2, "Error: pool.tsv in the zip must be stored or deflated\n")


def test_a_damaged_zip_is_wrong_use(folder, tmp_path_factory):
    path = zipped(folder("count"), tmp_path_factory.mktemp("zips") / "a.zip")
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        assert called("verify", path)[0] in (0, 1, 2)


@pytest.mark.parametrize("name", [name for name, vector in BY_NAME.items() if "result" in vector["bundle"]])
def test_the_result_is_made_to_the_byte(folder, name):
    path = folder(name, "result.json", "result.sha256", "replacements.json")
    assert called("run", path)[0] == 0
    assert (path / "result.json").read_bytes() == BY_NAME[name]["bundle"]["result"].encode()
    assert (path / "result.sha256").read_text() == BY_NAME[name]["bundle"]["result_sha256"] + "\n"


def test_a_result_can_be_made_before_the_commitment_is_at_hand(folder):
    path = folder("count", "result.json", "result.sha256", "commitment.json")
    assert called("run", path)[0] == 0
    assert (path / "result.json").read_bytes() == BY_NAME["count"]["bundle"]["result"].encode()


def test_what_cannot_be_fulfilled_writes_nothing_and_names_the_subjects(folder):
    path = folder("failure-with-max-load")
    subjects = BY_NAME["failure-with-max-load"]["expected"]["infeasible"]
    assert answer("run", path) == (1, {"holds": False, "check": "feasible", "subjects": subjects})
    assert not (path / "result.json").exists()


def test_another_result_is_never_written_over(folder):
    path = folder("count")
    (path / "result.json").write_bytes(b"{}")
    assert answer("run", path)[1]["check"] == "draw"
    assert (path / "result.json").read_bytes() == b"{}"


@pytest.mark.parametrize("name", ["replacement-of-a-replacement", "inspector-replaced-by-department"])
def test_records_are_appended_one_after_another(folder, name):
    path = folder(name, "replacements.json")
    for record in BY_NAME[name]["replacements"]:
        who = ["--subject", record.get("replaces") or record["subject_id"]]
        who += ["--inspector", record["leaves"]] if "leaves" in record else []
        code, output = called("replace", path, *who, "--cause", record["cause"])
        assert (code, json.loads(output)) == (0, record)
    assert json.loads((path / "replacements.json").read_bytes()) == BY_NAME[name]["replacements"]
    assert answer("verify", path)[1]["holds"]


def test_who_is_not_drawn_is_not_replaced(folder):
    path = folder("count")
    code, said = answer("replace", path, "--subject", "DX0", "--cause", "注销")
    assert (code, said["check"]) == (1, "replacements")
    assert not (path / "replacements.json").exists()


def test_with_the_journal_and_a_head_the_time_is_proven(folder, tmp_path_factory):
    path = folder("count")
    files = {file.name: file.read_bytes() for file in path.iterdir()}
    data = journal_of(json.loads(files["plan.json"])["draw_id"], steps_of(files))
    journal = tmp_path_factory.mktemp("journal") / "journal.ndjson"
    journal.write_bytes(data)
    head = json.loads(data.splitlines()[-1])["prev"]
    code, said = answer("verify", path, "--journal", journal, "--head", head)
    assert (code, said["holds"]) == (0, True)
    assert "time not proven" not in said["detail"]
    assert answer("verify", path, "--journal", journal, "--head", "0" * 64)[1]["check"] == "journal-head"


@pytest.mark.parametrize("typed", [str.upper, " {}\n".format])
def test_a_head_is_taken_as_it_is_typed_from_a_slip(folder, tmp_path_factory, typed):
    path = folder("count")
    files = {file.name: file.read_bytes() for file in path.iterdir()}
    journal = tmp_path_factory.mktemp("journal") / "journal.ndjson"
    journal.write_bytes(journal_of(json.loads(files["plan.json"])["draw_id"], steps_of(files)))
    head = json.loads(journal.read_bytes().splitlines()[-1])["prev"]
    assert answer("verify", path, "--journal", journal, "--head", typed(head))[0] == 0
    for wrong in ("", "abc", "0" * 63):
        assert called("verify", path, "--journal", journal, "--head", wrong)[0] == 2


def test_an_empty_inspector_does_not_replace_the_subject(folder):
    path = folder("count")
    assert called("replace", path, "--subject", "DX0", "--inspector", "", "--cause", "illness")[0] == 2
    assert not (path / "replacements.json").exists()


def test_files_of_others_in_a_zip_are_passed_over(folder, tmp_path_factory):
    path = zipped(folder("count"), tmp_path_factory.mktemp("zips") / "a.zip")
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("a/.DS_Store", b"x")
        packed.writestr("b/.DS_Store", b"y")
    assert answer("verify", path)[0] == 0


def test_a_zip_that_is_cut_off_is_wrong_use(folder, tmp_path_factory):
    path = zipped(folder("count"), tmp_path_factory.mktemp("zips") / "a.zip")
    with zipfile.ZipFile(path) as packed:
        info = packed.getinfo("pool.tsv")
    content = bytearray(path.read_bytes())
    content[info.header_offset + 26] = 0xFF  # its name is longer than it is
    path.write_bytes(bytes(content))
    assert called("verify", path)[0] == 2


@pytest.mark.parametrize(
    "arguments", [("verify", "nowhere"), ("verify", "{file}"), ("verify", "{folder}", "--head", "a"), ("run", "{file}")]
)
def test_wrong_use_is_2(arguments, tmp_path):
    (tmp_path / "file").write_text("no zip")
    names = {"file": tmp_path / "file", "folder": tmp_path}
    assert called(*(argument.format(**names) for argument in arguments))[0] == 2
