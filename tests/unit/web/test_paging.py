"""Cursors of lists: opaque, and refused where they are none."""

import pytest

from shared.web.paging import cursor_of, place_in
from shared.web.problems import ProblemError


def test_a_cursor_gives_its_place_back():
    place = (5, "主体", 7)
    assert place_in(cursor_of(place), int, str, int) == place
    assert cursor_of(place).isascii()


@pytest.mark.parametrize("cursor", ["", "x", "é", "bnVsbA", cursor_of(("a",)), cursor_of((1, 2)), cursor_of((True,))])
def test_what_is_no_cursor_of_this_list_is_422(cursor):
    with pytest.raises(ProblemError) as caught:
        place_in(cursor, int)
    assert (caught.value.kind.status, caught.value.errors[0].pointer) == (422, "/query/cursor")
