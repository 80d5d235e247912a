import pytest
import yaml

from shared.rulebooks import document

TEXT = """\
# a comment
text: 'quoted'
plain: 路面不净、积水积土
numbers: [0, -7, 1200]
words: {yes: no words}
flags: [true, false, null]
block: |
  two
  lines
list:
- a: '1'
- a: '2'
""".replace("{yes: no words}", "{'yes': 'no'}")


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def parser(request, monkeypatch):
    """Both parsers, as libyaml is not everywhere."""
    monkeypatch.setattr(document, "_LOADER", getattr(yaml, request.param))


def faults(text):
    return [f"{fault.line}: {fault.message}" for fault in document.read(text.encode(), "f").faults]


def test_values_and_lines():
    read = document.read(TEXT.encode(), "f")
    assert not read.faults
    assert read.value == {
        "text": "quoted",
        "plain": "路面不净、积水积土",
        "numbers": [0, -7, 1200],
        "words": {"yes": "no"},
        "flags": [True, False, None],
        "block": "two\nlines\n",
        "list": [{"a": "1"}, {"a": "2"}],
    }
    assert read.line(("plain",)) == 3
    assert read.line(("block",)) == 7
    assert read.line(("list", 1, "a")) == 12
    assert read.line(("list", 1, "missing")) == 12
    assert read.line(("nowhere",)) == 2


@pytest.mark.parametrize(
    "scalar",
    [
        "01",
        "1.5",
        "2026-01-01",
        "yes",
        "No",
        "on",
        "off",
        "True",
        "NULL",
        "~",
        "0x1f",
        "1_000",
        "1:30",
        ".inf",
        "<<",
        "1e3",
    ],
)
def test_what_readers_of_yaml_read_differently_is_refused(scalar):
    assert faults(f"a: 'b'\nc: {scalar}\n")[0].startswith(f"2: {scalar} can be read in several ways: put a text into")


def test_of_a_key_that_stands_twice_the_first_is_read():
    assert document.read(b"a: 1\nb: 2\na: 3\n", "f").value == {"a": 1, "b": 2}


def test_an_empty_value_is_refused():
    assert faults("a:\nb: 1\n")[0].startswith("1: an empty value can be read in several ways")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", "3: a stands twice; the first is on line 1"),
        ("x:\n- {b: 1, b: 1}\n", "2: b stands twice; the first is on line 2"),
        ("a: &x 1\nb: 2\n", "1: must not use anchors and aliases; write it out"),
        ("a: !!str 1\n", "1: must not use the tag tag:yaml.org,2002:str"),
        ("a: 1\n1: 2\n", "2: a key must be a text"),
        ("[a, b]: 1\n", "1: a key must be a text"),
        ("a: 1\n---\nb: 1\n", "2: must hold one document only"),
        ("", "1: holds nothing"),
        ("# only a comment\n", "2: holds nothing"),
    ],
)
def test_what_a_rulebook_has_no_use_for_is_refused(text, expected):
    assert faults(text) == [expected]


def test_an_alias_is_refused():
    assert faults("a: &x [1]\nb: *x\n") == [
        f"{line}: must not use anchors and aliases; write it out" for line in (1, 2)
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a: 1\nb: [\n", "is no YAML"),
        (b"a: 1\nb: \x00\n", "is no YAML"),
        (b"a: 1\nb: " + b"[" * 100_000, "nested too deep"),
        (b"a: 1\nb: \xff\n", "is not UTF-8"),
        (b"a: 1\nb: 1\r\n", "lines must end with LF alone"),
        (b"\xef\xbb\xbfa: 1\n", "byte order mark"),
        (b"#" * (document.MOST_BYTES + 1), "is larger than"),
    ],
)
def test_what_is_no_such_file_is_refused(content, expected):
    (fault,) = document.read(content, "f").faults
    assert expected in fault.message
    assert "\n" not in fault.message


def test_line_of_broken_bytes():
    assert [
        document.read(content, "f").faults[0].line for content in (b"a: 1\nb: \xff", b"a: 1\nb: 1\r", b"#\xff")
    ] == [
        2,
        2,
        1,
    ]
