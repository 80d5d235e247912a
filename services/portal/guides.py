"""The guides 指南: pages of Markdown in Chinese and English, whose commands a test runs. Pure but for reading them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from markdown_it import MarkdownIt

LANGUAGES = {"zh": "zh-CN", "en": "en"}
"""Of an address, and as HTML names them; the first is what is shown unless another is asked for."""
SAMPLE = "http://127.0.0.1:8080"
"""What stands in the guides for the address of the installation."""


class Guide(NamedTuple):
    """A guide in one language."""

    name: str
    language: str
    title: str
    text: str

    def html(self, address: str) -> str:
        """As a fragment of a page, with the address of this installation in its commands."""
        return str(_markdown().render(self.text.replace(SAMPLE, address)))


@cache
def guides() -> dict[tuple[str, str], Guide]:
    """All guides by name and language."""
    found = {}
    for file in sorted(files("services.portal").joinpath("texts").iterdir(), key=lambda each: each.name):
        name, language, _ = file.name.split(".")
        text = file.read_text("utf-8")
        found[name, language] = Guide(name, language, text.partition("\n")[0].removeprefix("# "), text)
    return found


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")
