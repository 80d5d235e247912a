"""An installation of its own, and Debian's Chromium, whose pages say what their scripts and policies complain of."""

from __future__ import annotations

import shutil
import time
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright

from tests.integration.cli.installation import Up, free_port

SHOP = "shop:92320902MA1N00026Y-01"
CASE = "亭城管罚字〔2026〕第1号"
REGION = {"region": "320902001001"}
EVENTS = [
    ("subject.upserted", "r-1", {**REGION, "name": "李记土菜馆", "status": "open", "operator": "李大明"}),
    (
        "case.decided",
        "c-1",
        {
            **REGION,
            "case_no": CASE,
            "decision_no": "亭城管罚决字〔2026〕第1号",
            "violation_code": "SP-03",
            "severity": "general",
            "occurred_on": time.strftime("%Y-%m-01"),
            "decided_on": time.strftime("%Y-%m-01"),
            "officers": ["320902-0101", "320902-0102"],
        },
    ),
]


def event(what, id_, data):
    attributes = {"specversion": "1.0", "id": id_, "source": "urn:chengxin:organ:320902", "subject": SHOP}
    at = f"{data.get('decided_on', '2026-01-01')}T00:00:00+08:00"
    return {**attributes, "time": at, "type": f"cn.chengxin.{what}.v1", "data": data}


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    """A running installation with a shop and its case."""
    home = tmp_path_factory.mktemp("browser") / "home"
    home.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHENGXIN_RATE_EXCHANGES", "1000")
        one = Up(home, free_port())
    one.ready()
    assert one.ask("/v1/events", key=one.key, body=[event(*each) for each in EVENTS])[0] == 202
    receipt = f"/v1/subjects/{SHOP}/receipt"
    one.wait(lambda: (one.ask(receipt, key=one.key)[1] or {}).get("items"))
    yield one
    one.kill_everything()
    one.process.stderr.close()


@pytest.fixture(scope="session")
def chromium():
    """The browser; without a sandbox, since tests may run as root."""
    path = shutil.which("chromium")
    assert path, "chromium is needed: deploy/install-chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    """A new page of a phone's size, and what it complains of."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 400, "height": 800})
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    page.set_default_timeout(20_000)
    yield SimpleNamespace(page=page, complaints=complaints)
    context.close()
    assert complaints == []
