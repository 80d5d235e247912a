"""The pages behind QR codes: their scripts are this installation's own, and ask nobody else."""

import re

import pytest

from services.portal.http import pages
from shared.web.access import AccessKeys
from shared.web.app import create_app

PAGES = {"/subject-keys": "/subject-keys.js", "/subjects/shop:92320902MA1N00026Y-01": "/subject.js"}
COMMON = "/items.js"


@pytest.fixture
def http():
    return create_app([], keys=AccessKeys(), pages=[pages()]).test_client()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_its_own_scripts_alone(http, page):
    shown = http.get(page)
    policy = shown.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert re.findall(r"<script[^>]*>", shown.text) == [f'<script src="{each}">' for each in (COMMON, PAGES[page])]
    assert " on" not in re.sub(r"<style>.*?</style>", "", shown.text, flags=re.DOTALL).split("<body>")[1].split(">")[0]


@pytest.mark.parametrize("page", PAGES)
def test_every_part_that_a_script_looks_for_is_on_its_page(http, page):
    script = http.get(PAGES[page])
    assert script.mimetype == "text/javascript"
    text = script.text + http.get(COMMON).text
    named = set(re.findall(r'at\("([a-z]+)"\)', text))
    assert named <= set(re.findall(r'id="([a-z]+)"', http.get(page).text))
    assert "innerHTML" not in text
    assert "localStorage" not in text
    assert "randomUUID" not in text  # it is not there over plain http


def test_a_code_is_never_sent_in_an_address(http):
    forms = re.findall(r"<form[^>]*>", http.get("/subject-keys").text)
    assert forms
    assert all('method="post"' in form for form in forms)
