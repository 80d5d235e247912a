"""Documents near to valid ones: examples with a few things changed, as people and systems get them wrong."""

import copy

from hypothesis import strategies as st

NEAR_MISSES = (
    "",
    " ",
    "\n",
    "\u3000",
    "x" * 201,
    "雨" * 500,
    "雨" * 501,
    "😀" * 200,
    "😀" * 201,
    "a\u0000b",
    "a\u202eb",
    "a\u0085b",
    "a\nb",
    "a\tb",
    " a",
    "a ",
    "a\u00a0",
    "2026-02-30",
    "2024-02-29",
    "2026-2-1",
    "20260201",
    "2026-02-01\n",
    "0000-01-01",
    "0999-01-01",
    "1000-01-01",
    "9999-12-31",
    "2026-13-01",
    "2026-02-01T00:00:00",
    "２０２６-02-01",
    "2026-02-01T10:00:00+08:00",
    "2026-02-01t10:00:00z",
    "2026-02-01 10:00:00+08:00",
    "2026-02-01T10:00:60+08:00",
    "2026-02-01T24:00:00+08:00",
    "2026-02-29T10:00:00Z",
    "2026-02-01T10:00:00.123456789Z",
    "2026-02-01T10:00:00.1234567890Z",
    "2026-02-01T10:00:00+0800",
    "2026-02-01T10:00:00-00:00",
    "2026-02-01T10:00:00+24:00",
    "320902001001",
    "320902001001\n",
    "٣20902001001",
    "3209020010012",
    "minor",
    "Minor",
    "01",
    "1",
    "10",
    "1.0",
    "2.0",
    "application/json",
    "application/json; charset=UTF-8",
    "application/json\n",
    "text/plain",
    "cn.chengxin.case.decided.v1",
    "cn.chengxin.score.changed.v1",
)
TEXTS = st.one_of(st.sampled_from(NEAR_MISSES), st.text(max_size=8))
WHOLE = (0, 1, -1, 2**31 - 1, 2**31, -(2**31) - 1, 1000, 1001, 100_000, 100_001, 10**12, 10**12 + 1)
BROKEN = (0.0, 1.0, 1.5, -0.0, 1e300, 1e12, 100_000.0, 2147483648.0, 5e-324)
LISTS = ([], [1], ["a"], ["a", "a"], ["a", "b"], ["a", ""], ["a", 1], [{}], [[]], [f"{n}" for n in range(101)])
SCALARS = st.one_of(st.none(), st.booleans(), st.sampled_from(WHOLE), st.sampled_from(BROKEN), TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=5,
)
NAMES = st.one_of(
    st.sampled_from(("traceparent", "_schema", "a_b", "A", "data", "data_base64", "x" * 33, "__proto__")), TEXTS
)


def replaced(document):
    """The document with each thing in it, one at a time, replaced by each near miss, or gone, or with a stranger."""
    yield from (*NEAR_MISSES, *WHOLE, *BROKEN, *LISTS, None, True, False, {}, {"a": 1})
    if isinstance(document, dict):
        yield {**document, "stranger": 1}
        for name, inner in document.items():
            yield {each: value for each, value in document.items() if each != name}
            yield from ({**document, name: put} for put in replaced(inner))
    elif isinstance(document, list):
        yield document * 2
        for place, inner in enumerate(document):
            yield from ([*document[:place], put, *document[place + 1 :]] for put in replaced(inner))


@st.composite
def mutated(draw, originals):
    """One of the originals with one to three changes."""
    document = copy.deepcopy(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 3))):
        document = _changed(draw, document)
    return document


def _changed(draw, node):
    """Go down to some depth and change what stands there."""
    if isinstance(node, dict) and node and draw(st.integers(0, 3)):
        name = draw(st.sampled_from(sorted(node)))
        return {**node, name: _changed(draw, node[name])}
    if isinstance(node, list) and node and draw(st.booleans()):
        index = draw(st.integers(0, len(node) - 1))
        return [*node[:index], _changed(draw, node[index]), *node[index + 1 :]]
    if isinstance(node, dict):
        return _changed_object(draw, node)
    if isinstance(node, list):
        return _changed_list(draw, node)
    if isinstance(node, str) and draw(st.booleans()):
        return _changed_text(draw, node)
    return draw(VALUES)


def _changed_object(draw, node):
    if node and draw(st.booleans()):
        gone = draw(st.sampled_from(sorted(node)))
        return {name: value for name, value in node.items() if name != gone}
    return {**node, draw(NAMES): draw(VALUES)} if draw(st.integers(0, 4)) else draw(VALUES)


def _changed_list(draw, node):
    how = draw(st.sampled_from(("empty", "double", "many", "shorter", "more", "other")))
    if how == "many":
        return [copy.deepcopy(node[0]) if node else 1 for _ in range(draw(st.sampled_from((20, 21, 50, 51, 100, 101))))]
    changes = {"empty": [], "double": node * 2, "shorter": node[:-1], "more": [*node, draw(VALUES)]}
    return changes[how] if how in changes else draw(VALUES)


def _changed_text(draw, text):
    at = draw(st.integers(0, len(text)))
    put = draw(st.sampled_from(("", "\n", " ", "0", "９", "x", "\u0000", "\u2028", "-", "+", ":", "Z")))
    return text[:at] + put + text[at + draw(st.integers(0, 1)) :]
