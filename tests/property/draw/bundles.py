"""Small random draws with their journals, right in all but what they are made to show."""

import hashlib
import json

from shared.credit.canonical import canonical
from shared.draw.bundle import PUBLISHED, untimed
from shared.draw.checks import PROTOCOL, Refused
from shared.draw.drawing import draw
from shared.draw.frozen import freeze
from shared.draw.replacing import CAUSES, Replacing

REGIONS = ("3209", "320902", "320903001", "320903002002", "320904")
STRATA = ("沿街商铺", "环卫企业", "A")
DEPARTMENTS = ("市容科", "环卫科")
IDS = ("Ａ店", "𠀀店", "é", "shop:1", "shop:1-2", "shop:2", "DX1", "DX10", "苏", "0", "~", "*", "=")
NAMES = ("dice", "drand 7", "\U00020000", "\uff21", "é")  # the third sorts before the fourth by UTF-16 alone
ZEROS = "0" * 64
RATES = ("0", "1", "0.5", "0.05", "1.0", "0.333333333", "0.000000001")


def digest(data):
    return hashlib.sha256(data).hexdigest()


def some(random, items, most):
    return random.sample(items, random.randint(0, min(most, len(items))))


def lines(rows):
    return "".join("\t".join(row) + "\n" for row in sorted(rows, key=lambda row: "\t".join(row).encode())).encode()


def a_stratum(random, name):
    if random.random() < 0.5:
        return {"stratum": name, "count": random.randint(0, 4)}
    return {"stratum": name, "rate": random.choice(RATES)}


def a_plan(random):
    sources = [
        {
            "name": name,
            "not_before": f"2026-11-02T{random.choice(('09:30', '10:00'))}:00+08:00",
            "pattern": "[0-9a-f]{2}-x",
        }
        for name in random.sample(NAMES, random.randint(1, 3))
    ]
    panel = [{"department": random.choice((*DEPARTMENTS, "*")), "count": 1} for _ in range(random.randint(1, 2))]
    panel.append({"department": "*", "count": random.randint(1, 2)})
    random.shuffle(panel)
    return {
        "protocol": PROTOCOL,
        "draw_id": "本次",
        "title": "抽查",
        "strata": [a_stratum(random, name) for name in random.sample(STRATA, random.choice((0, 2, 3, 3)))],
        "cap": random.choice((None, None, 0, 1, 2, 3, 5)),
        "panel": panel,
        "max_load": random.choice((None, 1, 1, 2)),
        "inspector_region": random.choice(("any", "any", "any", "same", "other")),
        "seed_sources": sources,
        "publish_by": random.choice(("2026-11-05", "2026-12-31", "9999-12-31")),
        "journal": ZEROS,
        "replaces": random.choice((None, None, {"draw_id": "前次", "cause": "名录有误"})),
        **random.choice(({}, {"items": ["x", {"y": 1}]})),
    }


def a_bundle(random):
    """A bundle's files, and the steps of its journal before they are chained (see `chain`)."""
    plan = a_plan(random)
    ids = some(random, IDS, len(IDS))
    cut = random.randint(len(ids) // 2, len(ids))
    inspectors = [f"苏J{number}" for number in range(random.randint(2, 8))]
    recused = {(random.choice(inspectors), random.choice(IDS)) for _ in range(random.choice((0, 0, 1, 4)))}
    files = {
        "pool.tsv": lines([(each, random.choice(STRATA), random.choice(REGIONS)) for each in ids[:cut]]),
        "roster.tsv": lines([(each, random.choice(DEPARTMENTS), random.choice(REGIONS)) for each in inspectors]),
        "recusals.tsv": lines(recused),
        "excluded.tsv": lines([(each, random.choice(("closed", "moved"))) for each in ids[cut:]]),
    }
    before = other_steps(random) if random.random() < 0.5 else []
    if before:
        plan["journal"] = digest(chain(before).splitlines(keepends=True)[0])
    files["plan.json"] = canonical(plan)
    seed_at = random.choice((min(source["not_before"] for source in plan["seed_sources"]), "2026-11-02T02:05:00Z"))
    values = {source["name"]: f"{random.randint(0, 255):02x}-x" for source in plan["seed_sources"]}
    files["seed.json"] = json.dumps({"seed_at": seed_at, "values": values}).encode()
    commit(files)
    finish(files, random)
    return files, before


def commit(files):
    """Put in the commitment that the documents have now, where they have their forms."""
    try:
        commitment = freeze(files).commitment
    except Refused:
        return
    committed = {"commitment": commitment, "committed_at": "2026-11-02T09:00:00+08:00"}
    files["commitment.json"] = json.dumps(committed).encode()


def finish(files, random):
    """Put in the result and some records after it, where there is a draw to be made."""
    try:
        frozen, seed = untimed(files)
    except Refused:
        return
    drawn = draw(frozen, seed)
    files["result.json"] = drawn.result
    files["result.sha256"] = f"{digest(drawn.result)}\n".encode()
    replacing = Replacing(frozen, seed, drawn)
    for _ in range(random.choice((0, 1, 3, 6)) if drawn.selected else 0):
        record_something(replacing, random, json.loads(drawn.result)["selected"])
    if replacing.records:
        files["replacements.json"] = json.dumps(replacing.records).encode()


def record_something(replacing, random, selected):
    """A subject or an inspector is replaced, if he can be."""
    standing = selected + [each["selected"] for each in replacing.records if each.get("selected")]
    entry = random.choice(standing)
    joined = [each["joins"] for each in replacing.records if each.get("subject_id") == entry["subject_id"]]
    try:
        if random.random() < 0.5:
            replacing.subject(entry["subject_id"], random.choice(("注销", "moved")))
        else:
            leaves = random.choice([*entry["inspectors"], *joined])
            replacing.inspector(entry["subject_id"], leaves, random.choice(CAUSES))
    except Refused:
        return


def other_steps(random):
    """Steps of another draw, as far as it came."""
    more = {
        "publish_by": "2026-10-31",
        "replaces": None,
        "seed_sources": [{"name": "dice", "not_before": "2026-10-02T09:30:00+08:00", "pattern": "[1-6]"}],
        "pool_sha256": "a" * 64,
    }
    steps = ["planned", "committed", *random.choice((["seeded", "drawn"], ["abandoned"], []))]
    return [
        {"at": "2026-10-01T09:00:00+08:00", "draw_id": "前次", "step": step, "sha256": digest(step.encode())}
        | (more if step == "committed" else {})
        for step in steps
    ]


def own_steps(files):
    """The steps of the bundle's draw. Only for a bundle that has all its files."""
    plan, seed = json.loads(files["plan.json"]), json.loads(files["seed.json"])
    committed = json.loads(files["commitment.json"])
    more = {key: plan[key] for key in ("publish_by", "replaces", "seed_sources")}
    more["pool_sha256"] = digest(files["pool.tsv"])

    def step(name, at, sha256, more=()):
        return {"at": at, "draw_id": plan["draw_id"], "step": name, "sha256": sha256, **dict(more)}

    return [
        step("planned", "2026-11-01T09:00:00+08:00", digest(files["plan.json"])),
        step("committed", committed["committed_at"], committed["commitment"], more),
        step("seeded", "2026-11-02T10:05:00+08:00", digest(canonical(seed["values"]))),
        step("drawn", "2026-11-02T10:06:00+08:00", digest(files["result.json"])),
        *(
            step("replaced", "2026-11-03T10:06:00+08:00", digest(canonical(record)))
            for record in json.loads(files.get("replacements.json", b"[]"))
        ),
        step("published", "2026-11-04T00:00:00Z", digest(canonical({name: digest(files[name]) for name in PUBLISHED}))),
    ]


def chain(steps):
    """The journal with these steps."""
    data, prev = b"", ZEROS
    for seq, step in enumerate(steps, 1):
        line = canonical({"seq": seq, "prev": prev, **step}) + b"\n"
        data, prev = data + line, digest(line)
    return data
