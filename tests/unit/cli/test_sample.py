"""`chengxin sample load`: one city to an installation, begun once."""

from dataclasses import replace
from datetime import date

import pytest

from services.cli.installation import WrongUse
from services.cli.sample import begin
from services.sample import marker
from services.sample.marker import Marker
from shared.settings import Settings


@pytest.fixture
def found(tmp_path):
    return replace(Settings(), home=tmp_path)


def test_a_city_that_was_begun_goes_on(found):
    first = begin(found, date(2026, 3, 1))
    marker.write(found.home, first._replace(sent=500))
    assert begin(found) == begin(found, date(2026, 3, 1)) == Marker(date(2026, 3, 1), 500)


def test_a_second_city_is_refused_with_the_day_of_the_first(found):
    begin(found, date(2026, 3, 1))
    with pytest.raises(WrongUse, match="2026-03-01"):
        begin(found, date(2026, 3, 2))


def test_without_its_organ_the_setting_is_named(found):
    with pytest.raises(WrongUse, match="CHENGXIN_ORGANS"):
        begin(replace(found, organs=("yandu",)))
    assert marker.read(found.home) is None
