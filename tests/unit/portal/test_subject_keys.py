"""The page behind a notice's QR code: its script is this installation's own, and asks nobody else."""

import re

import pytest

from services.portal.http import pages
from shared.web.access import AccessKeys
from shared.web.app import create_app


@pytest.fixture
def http():
    return create_app([], keys=AccessKeys(), pages=[pages()]).test_client()


def test_the_page_runs_its_own_script_alone(http):
    page = http.get("/subject-keys")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert re.findall(r"<script[^>]*>", page.text) == ['<script src="/subject-keys.js">']
    assert " on" not in re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL).split("<body>")[1].split(">")[0]


def test_every_part_that_the_script_looks_for_is_on_the_page(http):
    script = http.get("/subject-keys.js")
    assert script.mimetype == "text/javascript"
    named = set(re.findall(r'at\("([a-z]+)"\)', script.text))
    assert named <= set(re.findall(r'id="([a-z]+)"', http.get("/subject-keys").text))
    assert "innerHTML" not in script.text
    assert "localStorage" not in script.text
