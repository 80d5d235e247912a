"""Guides are served in both languages, say the same, and carry the address at which they are read."""

import re

import pytest

from services.portal.guides import LANGUAGES, SAMPLE, guides
from services.portal.http import pages
from shared.web.access import AccessKeys
from shared.web.app import create_app


@pytest.fixture
def http():
    return create_app([], keys=AccessKeys(), pages=[pages()]).test_client()


def blocks(guide):
    return re.findall(r"^```sh\n(.*?)^```", guide.text, re.DOTALL | re.MULTILINE)


def test_each_is_there_in_every_language():
    names = {name for name, _ in guides()}
    assert names == {"organ", "portal"}
    assert set(guides()) == {(name, language) for name in names for language in LANGUAGES}


@pytest.mark.parametrize("name", ["organ", "portal"])
def test_both_languages_have_the_same_sections_commands_and_rows(name):
    one, other = (guides()[name, language].text for language in LANGUAGES)
    for pattern in ("^## ", r"^```sh$", r"^\|"):
        assert len(re.findall(pattern, one, re.MULTILINE)) == len(re.findall(pattern, other, re.MULTILINE)), pattern
    commands = [re.findall(r"^(curl|send|state|chengxin)\b", "".join(blocks(guides()[name, each])), re.MULTILINE)
                for each in LANGUAGES]  # fmt: skip
    assert commands[0] == commands[1]


@pytest.mark.parametrize("guide", guides().values(), ids=lambda each: f"{each.name}.{each.language}")
def test_a_page_shows_the_address_where_it_is_read(http, guide):
    response = http.get(f"/guides/{guide.name}.{guide.language}", base_url="https://credit.example.cn")
    assert response.status_code == 200
    assert "https://credit.example.cn" in response.text
    assert SAMPLE not in response.text
    assert f"<h1>{guide.title}</h1>" in response.text
    assert "<script" not in response.text
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("accepted", "language"), [("en-GB,en;q=0.9", "en"), ("zh-CN", "zh"), ("fr", "zh"), ("", "zh")]
)
def test_who_asks_for_none_is_led_to_his_language(http, accepted, language):
    response = http.get("/guides", headers={"Accept-Language": accepted})
    assert (response.status_code, response.headers["Location"]) == (303, f"/guides/organ.{language}")


@pytest.mark.parametrize("path", ["/guides/organ.fr", "/guides/none.zh", "/guides/x"])
def test_what_there_is_not_is_404(http, path):
    assert http.get(path).status_code == 404


def test_a_host_that_is_no_address_does_no_harm(http):
    page = http.get("/guides/organ.en", headers={"Host": '"><script>'})
    assert "<script>" not in page.text
