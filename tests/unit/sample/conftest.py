from datetime import date

import pytest

from services.sample.city import Size, city

UNTIL = date(2026, 11, 23)


@pytest.fixture(scope="session")
def small():
    """A city small enough to look at each event, big enough for each sort to happen."""
    return city(UNTIL, Size(shops=500, sanitation=20, haulers=10))
