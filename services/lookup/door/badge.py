"""The badge 信用等级牌: a grade and the day on which it was true, as an SVG. Pure.

All is said by attributes, since a page's policy may forbid styles. Widths are those of the glyphs: a Chinese character
is as wide as the type is high, others about 0.6 of that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

LABEL = "信用等级"
NOT_PUBLIC, UNRATED = "不公开", "未评"
_SIZE, _PAD, _HEIGHT = 13, 8, 26
_COLOURS = {"A": "#1a7f37", "B": "#0969da", "C": "#9a6700", "D": "#b42318"}
_NEUTRAL = "#57606a"
_FONT = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif"


def badge(answer: Mapping[str, Any]) -> str:
    """The badge of a subject, out of its answer as the public sees it."""
    value = (answer["grade"] or UNRATED) if "grade" in answer else NOT_PUBLIC
    day = str(answer["as_of"])
    parts = [(LABEL, "#24292f"), (value, _COLOURS.get(value, _NEUTRAL)), (day, "#6e7781")]
    widths = [width(text) + 2 * _PAD for text, _ in parts]
    title = f"{LABEL} {value}（{day}）"
    shapes, at = [], 0
    for (text, colour), wide in zip(parts, widths, strict=True):
        shapes.append(f'<rect x="{at}" width="{wide}" height="{_HEIGHT}" fill="{colour}"/>')
        shapes.append(f'<text x="{at + wide / 2:g}" y="18" text-anchor="middle">{escape(text)}</text>')
        at += wide
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{at}" height="{_HEIGHT}" role="img" '
        f'aria-label="{escape(title, {chr(34): "&quot;"})}"><title>{escape(title)}</title>'
        f'<g fill="#fff" font-family="{_FONT}" font-size="{_SIZE}">{"".join(shapes)}</g></svg>'
    )


def width(text: str) -> int:
    """How wide a text is, in the badge's type."""
    halves = sum(5 if unicodedata.east_asian_width(sign) in "WF" else 3 for sign in text)
    return -(-halves * _SIZE // 5)
