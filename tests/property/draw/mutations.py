"""What may be done to a file of a bundle, or to a journal, by mistake or on purpose."""

import json

from shared.credit.canonical import canonical

STRANGE = (
    *(None, True, False, 0, 1, 2, -1, 2**53 - 1, 2**53, 2**53 + 1, 1.0, 0.5, 1e300, float("nan")),
    *("", "*", "a", "a=b", "x\ty", "x\ny", "\x7f", "\ufeff", "e\u0301", "\ud800", "\u0085", "𠀀", "0" * 64, "F" * 64),
    *("2026-11-02T09:00:00+08:00", "2026-11-02T09:00:00.5Z", "2026-11-02T09:00:00", "2026-11-02t09:00:00z"),
    *("2026-11-02T09:29:59.9999999+08:00", "2026-11-02T24:00:00Z", "2026-11-02T09:00:60Z", "2026-02-30T09:00:00Z"),
    *("2026-11-02T09:00:00+08:60", "2026-11-02T09:00:00-00:00", "2026-11-02T09:00:00+24:00", "0000-01-01T00:00:00Z"),
    *("2026-02-30", "2026-2-3", "20260203", "٢٠٢٦-11-02", "0001-01-01", "9999-12-31"),
    *("0.05", "1.000", "1.000000001", "0.1234567890", ".5", "1.", "01", "+1", "１"),
    *(
        "[1-6]",
        "[1-6]{0}",
        "a{01}",
        "a{1234567}",
        "[^1]",
        "[]",
        "[z-a]",
        "[a-]",
        "[-a]",
        "[--a]",
        "[.-9]",
        "a|b",
        "a.b",
    ),
    *("[.]", "a\\d", "(a)", "a{2}{3}", "{2}", "a{,2}", "a?", "[!-~]", "é", "[é]", "a b", "recusal", "illness", "same"),
    *([], {}, [1], {"a": 1}, {"é": 1}, [[]]),
)
KEYS = ("a", "é", "count", "rate", "protocol", "selected", "replaces", "joins", "more")


def mutate(random, data):
    """Other bytes than these, mostly."""
    kind = random.random()
    if kind < 0.5:
        try:
            return mutate_json(random, json.loads(data))
        except ValueError:
            kind = random.random()
    if kind < 0.75:
        return mutate_lines(random, data)
    return mutate_bytes(random, data)


def mutate_bytes(random, data):
    place = random.randint(0, len(data))
    what = random.choice(
        (b"", b" ", b"\n", b"\r", b"\t", b"\x00", b"\xff", b"0", b"\xef\xbb\xbf", b"\xcc\x81", b"{}", b"=")
    )
    kind = random.randint(0, 3)
    if kind == 0 and place < len(data):
        return data[:place] + bytes([data[place] ^ 1 << random.randint(0, 7)]) + data[place + 1 :]
    if kind == 1:
        return what
    return data[:place] + what + data[place + random.randint(0, 1) :]


def mutate_lines(random, data):
    lines = data.splitlines(keepends=True)
    if not lines:
        return mutate_bytes(random, data)
    one, two = random.randrange(len(lines)), random.randrange(len(lines))
    kind = random.randint(0, 4)
    if kind == 0:
        lines[one], lines[two] = lines[two], lines[one]
    elif kind == 1:
        lines.insert(two, lines[one])
    elif kind == 2:
        del lines[one]
    elif kind == 3:  # the same id with something else
        lines.insert(one + 1, lines[one].rpartition(b"\t")[0] + b"\tzz\n")
    else:
        fields = lines[one].split(b"\t")
        fields[random.randrange(len(fields))] = random.choice(
            (b"", b"*", b"A", b"320902", b"32090", b"320902\n", "é".encode())
        )
        lines[one] = b"\t".join(fields)
    return b"".join(lines)


def mutate_json(random, value):
    """The value with one change, in canonical JSON or not."""
    value = changed(random, value)
    if random.random() < 0.7:
        try:
            return canonical(value)
        except ValueError:
            pass
    text = json.dumps(value, ensure_ascii=random.random() < 0.5, sort_keys=random.random() < 0.5)
    if text.startswith('{"') and random.random() < 0.4:  # a key twice
        key = text[1 : text.index(":")]
        text = text[:-1] + f", {key}: {json.dumps(random.choice(STRANGE))}}}"
    return text.encode(errors="surrogatepass")


def changed(random, value):
    """The value with something else at some place."""
    if random.random() < 0.9 and value not in ([], {}):
        if isinstance(value, dict):
            return changed_object(random, value)
        if isinstance(value, list):
            return changed_list(random, value)
    if type(value) is int and random.random() < 0.5:
        return random.choice((value - 1, value + 1, float(value)))
    if isinstance(value, str) and value and random.random() < 0.5:
        return changed_text(random, value)
    return random.choice(STRANGE)


def changed_object(random, value):
    key = random.choice(sorted(value))
    kind = random.random()
    if kind < 0.1:
        return {each: value[each] for each in value if each != key}
    if kind < 0.2:
        return value | {random.choice(KEYS): random.choice(STRANGE)}
    return value | {key: changed(random, value[key])}


def changed_list(random, value):
    place = random.randrange(len(value))
    kind = random.randint(0, 5)
    if kind == 0:
        return value[:place] + value[place + 1 :]
    if kind == 1:
        return [*value, value[place]]
    if kind == 2:
        return random.sample(value, len(value))
    return [*value[:place], changed(random, value[place]), *value[place + 1 :]]


def changed_text(random, value):
    if value[-6:-5] == "+":
        return value[:-6] + random.choice(
            ("+08:60", "+07:60", "+07:59", "-00:00", "z", ".5+08:00", ".0000000001+08:00")
        )
    place = random.randrange(len(value))
    return value[:place] + random.choice(("", "x", " ", "0", "é", "\u007f")) + value[place + 1 :]


def mutate_steps(random, steps):
    """Steps of a journal left out, in another order, dated back, twice, or otherwise."""
    place, other = random.randrange(len(steps)), random.randrange(len(steps))
    step, kind = steps[place], random.randint(0, 6)
    if kind == 0:
        return steps[:place] + steps[place + 1 :]
    if kind == 1:
        return [steps[other] if each is step else step if each is steps[other] else each for each in steps]
    if kind == 2:
        return [*steps[:other], step, *steps[other:]]
    if kind == 3:
        return [*steps, {**step, "at": steps[-1].get("at")}]
    at = random.choice(
        (
            "2026-10-30T09:00:00+08:00",
            "2026-11-02T01:59:59Z",
            "2026-11-02T02:00:00Z",
            "2026-11-02T02:04:59Z",
            steps[other].get("at"),
        )
    )
    name = random.choice(("abandoned", "replaced", "published", "seeded"))
    return [
        *steps[:place],
        {
            4: {**step, "at": at},
            5: changed(random, step),
            6: {**{key: step.get(key) for key in ("at", "draw_id", "sha256")}, "step": name},
        }[kind],
        *steps[place + (kind < 6) :],
    ]
