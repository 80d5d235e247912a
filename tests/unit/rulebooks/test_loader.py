import hashlib

import pytest

from shared.rulebooks.faults import RulebookFileError
from shared.rulebooks.loader import load_bytes, load_directory, load_file


def refused(call, *arguments):
    with pytest.raises(RulebookFileError) as caught:
        call(*arguments)
    return str(caught.value).splitlines()


def test_the_sha256_is_that_of_the_bytes(small):
    content = small.encode()
    book = load_bytes(content, "small-v1.yaml")
    assert (book.id, book.version, book.sha256) == ("small", 1, hashlib.sha256(content).hexdigest())
    assert load_bytes(content + b"# said again\n", "f").sha256 != book.sha256


def test_every_fault_is_named_with_file_and_line(small):
    broken = (
        small.replace("base: '100'", "base: '100.005'")
        .replace("cycle: rolling", "cycle: weekly")
        .replace("lasts_months: {minor: 3, general: 12}", "lasts_months: {minor: 3}")
        .replace("      caps_grade: null\n", "      caps_grade: E\n      colour: red\n")
        .replace("version: 1", "version: 1\nversion: 2")
    )
    lines = refused(load_bytes, broken.encode(), "small-v1.yaml")
    assert [line.split(" ", 1)[0] for line in lines] == [
        f"small-v1.yaml:{number}:" for number in (3, 9, 15, 27, 31, 32)
    ]
    assert lines[0] == "small-v1.yaml:3: version stands twice; the first is on line 2"
    assert "kinds.shop.violations.0.colour: is unknown here" in lines[-1]


@pytest.mark.parametrize("grade", ["优\\n秀", "优 秀", "优\\u3000秀", "优\\u202e秀", "优\\u0085秀", "", "优" * 21])
def test_a_grade_that_lists_could_not_file_or_ask_for_is_refused(small, grade):
    lines = refused(load_bytes, small.replace("{grade: A,", f'{{grade: "{grade}",').encode(), "f")
    asked = "must be a text of 1 to 20 characters without spaces and control characters"
    assert lines == [f"f:12: kinds.shop.grades.0.grade: {asked}"]


@pytest.mark.parametrize("grade", ["优", "A+", "优" * 20])
def test_a_grade_is_a_short_word(small, grade):
    book = load_bytes(small.replace("grade: A,", f"grade: {grade},").encode(), "f")
    assert book.kinds["shop"].grades[0].name == grade


def test_a_form_that_holds_does_not_excuse_the_yaml(small):
    twice = small.replace("title: 小规则", "title: &it 小规则")
    assert refused(load_bytes, twice.encode(), "f") == ["f:3: must not use anchors and aliases; write it out"]


def test_a_missing_field_is_named_at_what_lacks_it(small):
    lines = refused(load_bytes, small.replace("      name: 违规\n", "").encode(), "f")
    assert lines == ["f:22: kinds.shop.violations.0.name: is missing"]


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"'text'", b"1"])
def test_what_is_no_mapping_is_refused(content):
    assert refused(load_bytes, content, "f")


def test_a_folder_is_read_by_id_and_version(folder, small, second):
    path = folder(b=small, a=second, laws="not: read\n")
    (path / "notes.txt").write_text("not read")
    assert [(book.id, book.version) for book in load_directory(path)] == [("small", 1), ("small", 2)]


def test_the_faults_of_all_files_of_a_folder_come_at_once(folder, small):
    path = folder(a=small.replace("rolling", "weekly"), b="- 1\n", c="a: [")
    assert {line.split(":")[0].rsplit("/")[-1] for line in refused(load_directory, path)} == {
        "a.yaml",
        "b.yaml",
        "c.yaml",
    }


def test_a_version_stands_in_one_file(folder, small):
    path = folder(a=small, b=small)
    assert refused(load_directory, path) == [f"{path}/b.yaml:2: version: small 1 is also in {path}/a.yaml"]


def test_an_empty_folder_is_refused(tmp_path):
    assert refused(load_directory, tmp_path) == [f"{tmp_path}: holds no rulebook (*.yaml)"]


def test_what_cannot_be_read_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        load_file(tmp_path / "absent.yaml")
    with pytest.raises(FileNotFoundError):
        load_directory(tmp_path / "absent")


def test_a_file_too_large_is_refused_and_not_read_whole(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert refused(load_file, path) == [f"{path}: is larger than 1048576 bytes"]
