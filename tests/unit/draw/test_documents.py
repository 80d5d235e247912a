"""The frozen lists: one spelling, sorted by bytes, and of any other the line is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.draw import documents
from shared.draw.checks import Refused
from shared.draw.documents import parse_excluded, parse_pool, parse_recusals, parse_roster

POOL = "a\t甲\t320902\nb\t乙\t320902001\n"


def detail(parse, text, *more):
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(Refused) as refused:
        parse(data, *more)
    return refused.value.check, refused.value.detail


def test_columns():
    pool = parse_pool(POOL.encode())
    assert pool.subjects == (b"a", b"b")
    assert pool.strata == ("甲".encode(), "乙".encode())
    assert pool.regions == (b"320902", b"320902001")
    assert parse_pool(b"") == documents.Pool((), (), ())


def test_recusals_by_subject():
    found = parse_recusals(b"i\ta\ni\tb\nj\ta\n")
    assert found == {b"a": frozenset({b"i", b"j"}), b"b": frozenset({b"i"})}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\t甲\t320902", "the last line"),
        ("a\t甲\n", "line 1"),
        ("a\t甲\t320902\tx\nb\t3209\n", "line 1"),
        ("a\t甲\t320902\n\n", "line 2"),
        ("\t甲\t320902\n", "line 1"),
        ("a\t\t320902\n", "line 1"),
        ("a\t甲\t32090\n", "line 1"),
        ("a\t甲\t３２０９\n", "line 1"),
        ("a\t甲\t3209\r\n", "line 1"),
        ("b\t甲\t3209\na\t甲\t3209\n", "line 2"),
        ("a\t甲\t3209\na\t乙\t3209\n", "line 2"),
        ("a\t甲\t3209\nb\x7f\t甲\t3209\n", "line 2"),
        ("\ufeffa\t甲\t3209\n", "line 1"),
        ("a\t\ufeff甲\t3209\n", "line 1"),
        ("a\u2028\t甲\t3209\nb\t甲\t\n", "line 2"),
        ("e\u0301\t甲\t3209\n", "NFC"),
        (b"\xff\t\xff\t3209\n", "UTF-8"),
        (b"\xed\xa0\x80\ta\t3209\n", "UTF-8"),
    ],
)
def test_wrong_pools(text, line):
    check, said = detail(parse_pool, text)
    assert check == "pool-form"
    assert line in said


def test_bytes_decide_the_order_not_utf_16():
    assert len(parse_pool("Ａ\t甲\t3209\n𠀀\t甲\t3209\n".encode()).subjects) == 2
    assert detail(parse_pool, "𠀀\t甲\t3209\nＡ\t甲\t3209\n")[0] == "pool-form"


def test_no_department_is_any():
    assert detail(parse_roster, "i\t*\t3209\n") == ("roster-form", "line 1: no department is *")


def test_excluded_counts_codes():
    pool = parse_pool(POOL.encode())
    assert parse_excluded(b"c\tclosed\nd\tclosed\ne\tdrawn-and-clean\n", pool) == {"closed": 2, "drawn-and-clean": 1}


@pytest.mark.parametrize("text", ["a\tclosed\n", "c\tclosed\nc\tmoved\n", "d\tclosed\nc\tclosed\n", "c\n", "c\tx\ty\n"])
def test_wrong_exclusions(text):
    assert detail(parse_excluded, text, parse_pool(POOL.encode()))[0] == "excluded-form"


@given(st.text(alphabet="ab\t\n3209甲", max_size=60), st.sampled_from([2, 3]))
@settings(max_examples=500)
def test_whole_columns_and_single_lines_judge_alike(text, width):
    parse = documents._located if width == 3 else documents._pairs
    wrong = next(documents._faults(text.encode(), width), None)
    if wrong:
        assert detail(parse, text, "x") == ("x", wrong)
    else:
        columns = parse(text.encode(), "x")
        assert [b"\t".join(line) for line in zip(*columns, strict=True)] == text.encode().split(b"\n")[:-1]
