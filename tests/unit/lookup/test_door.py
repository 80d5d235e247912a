"""A badge as the public sees it, and a code that leads to it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from services.lookup.door.badge import badge, width

from .conftest import SHOP
from .test_http import ADDRESS, problem, site

__all__ = ["site"]
DAY = "2026-03-01"


def texts(image):
    return [each.text for each in ET.fromstring(image).iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [({"grade": "A"}, "A"), ({"grade": None}, "未评"), ({}, "不公开"), ({"grade": "<b>&"}, "<b>&")],
)
def test_a_badge_says_the_grade_and_the_day_and_is_well_formed(answer, shown):
    assert texts(badge(answer | {"as_of": DAY})) == ["信用等级", shown, DAY]


def test_chinese_characters_are_as_wide_as_they_are_high():
    assert (width("信用等级"), width("A")) == (52, 8)


def test_whoever_asks_sees_the_publics_badge(site):
    image = site.http.get(f"{ADDRESS}/badge.svg")
    assert image.content_type.startswith("image/svg+xml")
    assert texts(image.text) == ["信用等级", "A", DAY]
    assert site.http.get(f"{ADDRESS}/badge.svg", headers=site.reader).data == image.data
    again = site.http.get(f"{ADDRESS}/badge.svg", headers={"If-None-Match": image.headers["ETag"]})
    assert again.status_code == 304
    assert image.headers["Cache-Control"] == "public, max-age=60, must-revalidate"


def test_a_code_is_an_image_and_leads_to_somebody(site):
    assert ET.fromstring(site.http.get(f"{ADDRESS}/qr.svg").text).tag.endswith("svg")
    other = SHOP.replace("-01", "-09")
    for path in ("badge.svg", "qr.svg"):
        problem(site.http.get(f"/v1/subjects/{other}/{path}"), 404, "not-found")
