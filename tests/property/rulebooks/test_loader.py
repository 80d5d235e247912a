from hypothesis import given
from hypothesis import strategies as st

from shared.rulebooks.faults import RulebookFileError
from shared.rulebooks.loader import SHIPPED, load_bytes

SHOP = (SHIPPED / "shop-credit-v1.yaml").read_bytes()


def load(content):
    """Read it, or be told where it is wrong; any other exception fails the test."""
    located = None
    try:
        load_bytes(content, "f")
    except RulebookFileError as error:
        located = error.located
    assert located is None or located
    assert all(0 <= fault.line <= content.count(b"\n") + 2 and fault.message for fault in located or ())


@given(st.binary() | st.text("a:-{}[]&*!|>'\"# \n0", max_size=60).map(str.encode))
def test_whatever_the_bytes_are_they_are_read_or_refused(content):
    load(content)


@given(st.integers(0, len(SHOP)), st.integers(0, 40), st.binary(max_size=20))
def test_a_damaged_rulebook_is_read_or_refused(at, cut, put):
    load(SHOP[:at] + put + SHOP[at + cut :])
