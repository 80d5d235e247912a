"""双随机抽查结果验证程序。Verifies a published double-random draw of protocol chengxin-draw/1.

怎么用 How to run it (Python 3.8 or newer; nothing to install, no network, nothing is written):

    python3 verify.py                                          本文件所在的文件夹 the folder that this file lies in
    python3 verify.py bundle.zip                               压缩包或其他文件夹 a zip, or another folder
    python3 verify.py PATH --journal journal.ndjson --head HEX 连同公开日志和凭条哈希 with the journal and a slip's head
    python3 verify.py PATH --json                              只输出一个 JSON 对象 one JSON object and nothing else

退出码 exit code: 0 成立 it holds; 1 不成立 it does not hold; 2 用法有误 wrong use.

它证明什么：抽查名单和检查人员完全由事先固定的名录、人员库、回避名单、方案，加上公开的随机值决定；用 SHA-256 重新计算，
逐字节得到同一结果；之后的每次更换也是如此。给出日志和凭条上的哈希时，还证明名录等在随机事件发生之前已经固定，并列出
使用同一随机事件或同一名录的其他抽查。
它不能证明什么：没有日志和从别处得到的哈希，不能证明时间；不能证明随机值就是当时开出的值（请与开奖、信标的公告核对）；
不能证明名录没有遗漏（请看 excluded.tsv）。

What it proves: who is inspected, and by whom, follows from the lists and the plan that were fixed beforehand and from
public random values, and from nothing else: all is recomputed with SHA-256, and the result is the same to the byte, as
is every later replacement. With the journal and the head from a slip it proves as well that the lists were fixed before
the random events, and it lists the other draws that rest on the same event or the same pool.
What it cannot prove: without the journal and a head from elsewhere, the time; that the values are those that really
came up (compare them with what the lottery or the beacon published); that the pool is complete (see excluded.tsv).

The sections named below are those of the protocol. Nothing here is shared with the program that made the draw.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import math
import re
import signal
import sys
import unicodedata
import zipfile
import zlib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, Callable, Dict, Iterator, List, NamedTuple, Sequence, Tuple

PROTOCOL = "chengxin-draw/1"
FROZEN = ("plan.json", "pool.tsv", "roster.tsv", "recusals.tsv", "excluded.tsv")
PUBLISHED = (*FROZEN, "commitment.json", "seed.json", "result.json", "result.sha256")
FILES = (*PUBLISHED, "replacements.json")
LARGEST_READ = 1 << 30  # bytes, of all files together: a small zip may hold an endless file
LARGEST_INTEGER = 2**53 - 1
DEEPEST = 64  # how deep JSON may be nested; how much deeper Python can read differs from version to version
ZEROS = "0" * 64

CHECKS = {  # in the order in which they are made; the first that fails is named
    "protocol": "协议 the plan names this protocol",
    "plan-form": "方案 the plan's form",
    "pool-form": "检查对象名录 the pool's form",
    "roster-form": "检查人员名录 the roster's form",
    "recusals-form": "回避名单 the recusals' form",
    "excluded-form": "未列入名单 the form of the list of those not in the pool",
    "commitment": "承诺值 the published hash is that of the plan and the lists",
    "feasible": "人员足够 there are inspectors enough for every subject",
    "seed-time": "时间顺序 commitment, then events, then values",
    "seed-form": "随机值 one value of each source, in its one spelling",
    "result-form": "结果 the result's form",
    "result-sha256": "结果哈希 the result's hash",
    "seed": "种子 the seed follows from commitment and values",
    "draw": "抽取 selection and panels, recomputed, are the same to the byte",
    "replacements": "更换 each later record follows from those before it",
    "journal-chain": "日志链 no line of the journal is missing or changed",
    "journal-head": "日志哈希 the head from elsewhere stands in the journal",
    "journal-draw": "日志与本次抽查 the journal's lines of this draw are those of the bundle",
}


class Refused(Exception):
    """A check does not hold: which (see CHECKS), and why."""

    def __init__(self, check: str, detail: str) -> None:
        super().__init__(f"{check}: {detail}")
        self.check, self.detail = check, detail


class Unreadable(Exception):
    """What was given cannot be read at all, so there is nothing to judge."""


def demand(holds: bool, check: str, detail: str) -> None:
    """Refuse by the check, unless it holds."""
    if not holds:
        raise Refused(check, detail)


class Report:
    """Prints each check when it is passed, and keeps the remarks for the end."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet = quiet
        self.remarks: list[str] = []

    def passed(self, check: str, detail: str = "") -> None:
        if not self.quiet:
            print(f"通过 ok      {check:<14} {CHECKS[check]}{': ' if detail else ''}{detail}", flush=True)

    def remark(self, text: str) -> None:
        self.remarks.append(text)


# --- Reading the files (section 7) ------------------------------------------------------------------------------------


def read_bundle(path: Path) -> dict[str, bytes]:
    """The bundle's files by their names, from a folder or a zip; what is missing is left out."""
    try:
        if path.is_dir():
            return read_folder(path)
        if path.is_file():
            return read_zip(path)
    except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error) as error:
        raise Unreadable(f"{path}: {error}") from None
    raise Unreadable(f"{path}: no such folder or file")


def read_folder(folder: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = LARGEST_READ
    for name in FILES:
        if (folder / name).is_file():
            files[name] = read_file(folder / name, left)
            left -= len(files[name])
    return files


def read_zip(path: Path) -> dict[str, bytes]:
    """As a folder. A name that stands twice is not read: programs differ on which of the two they show."""
    files: dict[str, bytes] = {}
    left = LARGEST_READ
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            name = member.filename.rsplit("/", 1)[-1]  # a zip may hold the folder itself
            if name not in FILES:
                continue
            if name in files:
                raise Unreadable(f"{path}: {name} stands in it twice")
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Unreadable(f"{path}: {name} is neither stored nor deflated")
            with archive.open(member) as stream:
                files[name] = read_at_most(stream, left)
            left -= len(files[name])
    return files


def read_file(path: Path, most: int = LARGEST_READ) -> bytes:
    try:
        with path.open("rb") as stream:
            return read_at_most(stream, most)
    except OSError as error:
        raise Unreadable(f"{path}: {error}") from None


def read_at_most(stream: IO[bytes], most: int) -> bytes:
    """All of it, in pieces, so that a file that does not end is given up at the bound and not at the end of memory."""
    pieces: list[bytes] = []
    while True:
        piece = stream.read(1 << 20)
        if not piece:
            return b"".join(pieces)
        most -= len(piece)
        if most < 0:
            raise Unreadable(f"more than {LARGEST_READ} bytes in all")
        pieces.append(piece)


def need(files: dict[str, bytes], name: str, check: str) -> bytes:
    """A file's bytes; where it is missing, the check fails."""
    if name not in files:
        raise Refused(check, f"{name} is missing")
    return files[name]


# --- JSON, canonical JSON, hashes, instants (section 1) ---------------------------------------------------------------


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def parse(data: bytes) -> Any:
    """The value that stands in JSON. Raises ValueError, also where a key stands twice in an object."""
    return parse_with(each_key_once, data)


def parse_with(objects: Callable[[list[tuple[str, Any]]], dict[str, Any]], data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=objects, parse_constant=no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785). Raises ValueError for what documents never hold: floats and too great integers."""
    try:
        return json.dumps(in_key_order(value), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deeply") from None


def in_key_order(value: Any) -> Any:
    """The same value with the keys of all objects in the order of their UTF-16 code units."""
    if isinstance(value, dict):
        return {key: in_key_order(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    if isinstance(value, list):
        return [in_key_order(each) for each in value]
    if isinstance(value, float):
        raise ValueError(f"{value!r} is no integer")
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise ValueError("an integer is greater than 2^53-1")
    return value


def parse_canonical(data: bytes, check: str, what: str) -> Any:
    """The value that stands in canonical JSON; where it is not canonical, the check fails."""
    try:
        value = parse(data)
        refuse_depth_and_keys(value)
        holds = canonical(value) == data
    except ValueError as error:
        raise Refused(check, f"{what} is not canonical JSON: {error}") from None
    demand(holds, check, f"{what} is not canonical JSON")
    return value


def refuse_depth_and_keys(value: Any, depth: int = 0) -> None:
    """Raises ValueError where it is nested too deeply, or a key is not ASCII."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        if not all(key.isascii() for key in value):
            raise ValueError("a key is not ASCII")
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            refuse_depth_and_keys(each, depth + 1)


INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))"
)
DAY = 86400


def instant(text: Any) -> Fraction:
    """An RFC 3339 instant with its offset, as seconds. Raises ValueError."""
    match = INSTANT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{text!r} is no RFC 3339 instant with an offset")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    fraction, sign, offset_hours, offset_minutes = match.groups(default="0")[6:]
    if hour > 23 or max(minute, second, int(offset_minutes)) > 59 or int(offset_hours) > 23:
        raise ValueError(f"{text!r} is no time of the day")
    offset = (int(offset_hours) * 60 + int(offset_minutes)) * 60 * (-1 if sign == "-" else 1)
    whole = date(year, month, day).toordinal() * DAY + hour * 3600 + minute * 60 + second - offset
    return whole + Fraction("0." + fraction)


def is_instant(value: Any) -> bool:
    try:
        instant(value)
    except ValueError:
        return False
    return True


def day_number(text: Any) -> int:
    """A calendar day, YYYY-MM-DD, as a number. Raises ValueError."""
    if not isinstance(text, str) or not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"{text!r} is no date")
    return date(int(text[:4]), int(text[5:7]), int(text[8:])).toordinal()


def is_day(value: Any) -> bool:
    try:
        day_number(value)
    except ValueError:
        return False
    return True


def is_text(value: Any) -> bool:
    """A string that is not empty and holds no control characters."""
    return isinstance(value, str) and re.fullmatch("[^\x00-\x1f\x7f]+", value) is not None


def is_whole(value: Any, least: int) -> bool:
    """An integer from `least` on (in Python true and false are integers too)."""
    return type(value) is int and value >= least


def is_hash(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def has_keys(value: Any, *keys: str) -> bool:
    """An object with exactly these keys."""
    return isinstance(value, dict) and set(value) == set(keys)


# --- The four lists (section 1) ---------------------------------------------------------------------------------------

FIELD = "([^\x00-\x1f\x7f\ufeff]+)"
REGION = "([0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})"
THREE_FIELDS = re.compile(f"{FIELD}\t{FIELD}\t{REGION}")
TWO_FIELDS = re.compile(f"{FIELD}\t{FIELD}")


class Subject(NamedTuple):
    """A line of the pool 检查对象."""

    subject_id: str
    stratum: str
    region: str


class Inspector(NamedTuple):
    """A line of the roster 检查人员."""

    inspector_id: str
    department: str
    region: str


def rows(files: dict[str, bytes], name: str, form: re.Pattern[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The fields of each line with its number; refuses by the list's form."""
    check = name.replace(".tsv", "-form")
    data = need(files, name, check)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(check, f"{name} is not UTF-8: {error}") from None
    demand(unicodedata.is_normalized("NFC", text), check, f"{name} is not in Unicode's normal form C")
    demand(not text or text.endswith("\n"), check, f"{name} does not end with a line feed")
    for number, line in enumerate(text.split("\n")[:-1], start=1):
        match = form.fullmatch(line)
        if match is None:
            raise Refused(check, f"{name}, line {number} is not of the form")
        yield number, match.groups()


def ascending(check: str, number: int, before: Any, now: Any) -> None:
    """Each line's key is greater than the one before. (UTF-8 bytes sort as the code points that Python compares.)"""
    if before is not None and before >= now:
        raise Refused(check, f"line {number} does not come after the line before it")


def read_pool(files: dict[str, bytes]) -> list[Subject]:
    pool: list[Subject] = []
    before = None
    for number, (subject_id, stratum, region) in rows(files, "pool.tsv", THREE_FIELDS):
        ascending("pool-form", number, before, subject_id)
        pool.append(Subject(subject_id, sys.intern(stratum), sys.intern(region)))  # intern: each text is kept once
        before = subject_id
    return pool


def read_roster(files: dict[str, bytes]) -> list[Inspector]:
    roster: list[Inspector] = []
    before = None
    for number, (inspector_id, department, region) in rows(files, "roster.tsv", THREE_FIELDS):
        ascending("roster-form", number, before, inspector_id)
        demand(department != "*", "roster-form", f"line {number}: no department is called *")
        roster.append(Inspector(inspector_id, department, region))
        before = inspector_id
    return roster


def read_recusals(files: dict[str, bytes]) -> dict[str, list[str]]:
    """For each subject the inspectors who are recused 回避."""
    recusals: dict[str, list[str]] = {}
    before = None
    for number, (inspector_id, subject_id) in rows(files, "recusals.tsv", TWO_FIELDS):
        ascending("recusals-form", number, before, (inspector_id, subject_id))
        recusals.setdefault(subject_id, []).append(inspector_id)
        before = (inspector_id, subject_id)
    return recusals


def read_excluded(files: dict[str, bytes], pool: list[Subject]) -> dict[str, int]:
    """How many subjects of the register are not in the pool, by the code that says why."""
    in_pool = {subject.subject_id for subject in pool}
    codes: dict[str, int] = {}
    before = None
    for number, (subject_id, code) in rows(files, "excluded.tsv", TWO_FIELDS):
        ascending("excluded-form", number, before, (subject_id, code))
        demand(before is None or before[0] != subject_id, "excluded-form", f"line {number}: {subject_id!r} twice")
        demand(subject_id not in in_pool, "excluded-form", f"line {number}: {subject_id!r} stands in the pool too")
        codes[code] = codes.get(code, 0) + 1
        before = (subject_id, code)
    return codes


# --- The plan (section 2) ---------------------------------------------------------------------------------------------


def read_plan(files: dict[str, bytes], report: Report) -> dict[str, Any]:
    """The plan; refuses by `protocol` and `plan-form`."""
    plan = read_object(files, "plan.json", "plan-form", dict)  # a key that stands twice is judged after the protocol
    protocol = plan.get("protocol")
    demand(protocol == PROTOCOL, "protocol", f"the plan's protocol is {protocol!r}, not {PROTOCOL}")
    report.passed("protocol", PROTOCOL)
    check_plan(plan, files["plan.json"])
    return plan


def check_plan(plan: dict[str, Any], data: bytes) -> None:
    def want(holds: bool, detail: str) -> None:
        demand(holds, "plan-form", detail)

    parse_canonical(data, "plan-form", "plan.json")
    want(unicodedata.is_normalized("NFC", data.decode("utf-8")), "plan.json is not in Unicode's normal form C")
    for key in ("draw_id", "title"):
        want(is_text(plan.get(key)), f"{key} must be a text without control characters")
    for key, least in (("cap", 0), ("max_load", 1)):
        want(key in plan and (plan[key] is None or is_whole(plan[key], least)), f"{key} must be null or from {least}")
    want(plan.get("inspector_region") in ("any", "same", "other"), "inspector_region must be any, same or other")
    want(is_hash(plan.get("journal")), "journal must be 64 lower-case hexadecimal digits")
    check_strata(plan.get("strata"))
    check_panel(plan.get("panel"))
    check_sources(plan.get("seed_sources"))
    want(is_day(plan.get("publish_by")), "publish_by must be a date")
    want("replaces" in plan and is_replaces(plan["replaces"]), "replaces must be null or a draw_id and a cause")


def check_strata(strata: Any) -> None:
    demand(isinstance(strata, list), "plan-form", "strata must be an array")
    for place, each in enumerate(strata):
        by_count = has_keys(each, "stratum", "count") and is_whole(each["count"], 0)
        by_rate = has_keys(each, "stratum", "rate") and is_rate(each["rate"])
        demand(by_count or by_rate, "plan-form", f"strata[{place}] must have a stratum and either a count or a rate")
        demand(is_text(each["stratum"]), "plan-form", f"strata[{place}].stratum must be a text")
    names = [each["stratum"] for each in strata]
    demand(len(set(names)) == len(names), "plan-form", "a stratum stands twice")


def is_rate(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"0(\.[0-9]{1,9})?|1(\.0{1,9})?", value) is not None


def check_panel(panel: Any) -> None:
    demand(isinstance(panel, list), "plan-form", "panel must be an array")
    for place, each in enumerate(panel):
        holds = has_keys(each, "department", "count") and is_text(each["department"]) and is_whole(each["count"], 1)
        demand(holds, "plan-form", f"panel[{place}] must have a department and a count from 1")
    demand(sum(each["count"] for each in panel) >= 2, "plan-form", "a panel is two inspectors or more")


def check_sources(sources: Any) -> None:
    demand(isinstance(sources, list) and len(sources) > 0, "plan-form", "seed_sources must be an array, not empty")
    for place, each in enumerate(sources):
        where = f"seed_sources[{place}]"
        demand(has_keys(each, "name", "not_before", "pattern"), "plan-form", f"{where} has other keys")
        demand(is_text(each["name"]) and "=" not in each["name"], "plan-form", f"{where}.name must be a text without =")
        demand(is_instant(each["not_before"]), "plan-form", f"{where}.not_before must be an RFC 3339 instant")
        demand(is_pattern(each["pattern"]), "plan-form", f"{where}.pattern is none that leaves one spelling")
    names = [each["name"] for each in sources]
    demand(len(set(names)) == len(names), "plan-form", "a seed source stands twice")


def is_replaces(value: Any) -> bool:
    """Null, or the draw that this one replaces and the cause."""
    return value is None or (
        has_keys(value, "draw_id", "cause") and is_text(value["draw_id"]) and is_text(value["cause"])
    )


# A pattern is a row of parts: a character or a [class], each perhaps with {m}. So it has one length.
CHARACTER = r"!-#%-',\-/->@-Z_-z~"  # U+0021-007E without \ ^ $ . | ? * + ( ) [ ] { }
PART = re.compile(rf"(?:([{CHARACTER}])|\[([{CHARACTER}.]+)\])(?:\{{([0-9]{{1,6}})\}})?")


def pattern_parts(pattern: str) -> list[tuple[set[str], int]]:
    """For each part which characters it allows, and how often. Raises ValueError."""
    parts: list[tuple[set[str], int]] = []
    at = 0
    while at < len(pattern):
        match = PART.match(pattern, at)
        if match is None:
            raise ValueError(f"{pattern!r}, character {at + 1}: neither a literal nor a class nor a count")
        literal, inside, times = match.groups()
        parts.append(({literal} if literal else class_members(inside), int(times or 1)))
        at = match.end()
    return parts


def class_members(inside: str) -> set[str]:
    """The characters of a class: single ones, and ranges such as a-f. Raises ValueError."""
    members: set[str] = set()
    at = 0
    while at < len(inside):
        is_range = inside[at + 1 : at + 2] == "-" and at + 2 < len(inside)
        first, last = inside[at], inside[at + 2] if is_range else inside[at]
        if first > last:
            raise ValueError(f"the range {first}-{last} is empty")
        members.update(chr(code) for code in range(ord(first), ord(last) + 1))
        at += 3 if is_range else 1
    return members


def is_pattern(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(pattern_parts(value)) > 0
    except ValueError:
        return False


def matches(pattern: str, value: str) -> bool:
    """Whether the value, all of it, is one that the pattern allows."""
    at = 0
    for allowed, times in pattern_parts(pattern):
        here = value[at : at + times]
        if len(here) != times or not allowed.issuperset(here):
            return False
        at += times
    return at == len(value)


def quotas_of(plan: dict[str, Any], pool: list[Subject]) -> dict[str, int]:
    """How many subjects of each stratum are selected, in the plan's order of strata."""
    sizes: dict[str, int] = {}
    for subject in pool:
        sizes[subject.stratum] = sizes.get(subject.stratum, 0) + 1
    quotas: dict[str, int] = {}
    for each in plan["strata"]:
        size = sizes.get(each["stratum"], 0)
        quotas[each["stratum"]] = (
            min(each["count"], size) if "count" in each else math.ceil(Fraction(each["rate"]) * size)
        )
    if plan["cap"] is not None and sum(quotas.values()) > plan["cap"]:
        return capped(quotas, plan["cap"])
    return quotas


def capped(quotas: dict[str, int], cap: int) -> dict[str, int]:
    """The quotas reduced to the cap: floors, and what is left to the largest remainders, ties to the earlier."""
    total = sum(quotas.values())
    reduced = {stratum: quota * cap // total for stratum, quota in quotas.items()}
    by_remainder = sorted(quotas, key=lambda stratum: -(quotas[stratum] * cap % total))  # sorted() keeps ties in order
    for stratum in by_remainder[: cap - sum(reduced.values())]:
        reduced[stratum] += 1
    return reduced


# --- Commitment and feasibility (section 1) ---------------------------------------------------------------------------


def check_commitment(files: dict[str, bytes], plan: dict[str, Any]) -> dict[str, Any]:
    """The content of commitment.json, if its commitment is that of the frozen documents."""
    published = read_object(files, "commitment.json", "commitment")
    extra = set(published) - {"commitment", "committed_at"}
    demand(not extra, "commitment", "commitment.json has other keys than commitment and committed_at")
    # Whose SHA-256 differs from what the draw's page shows was changed.
    parts = {name.replace(".tsv", "_sha256"): sha256(files[name]) for name in FROZEN if name.endswith(".tsv")}
    recomputed = sha256(canonical({"plan": plan, **parts}))
    there = published.get("commitment")
    listed = ", ".join(f"{name} {value}" for name, value in parts.items())
    demand(
        there == recomputed, "commitment", f"commitment.json says {there!r}; recomputed it is {recomputed}; {listed}"
    )
    return published


def read_object(
    files: dict[str, bytes],
    name: str,
    check: str,
    objects: Callable[[list[tuple[str, Any]]], dict[str, Any]] = each_key_once,
) -> dict[str, Any]:
    """The object that a file holds; where it holds none, the check fails."""
    data = need(files, name, check)
    try:
        value = parse_with(objects, data)
    except ValueError as error:
        raise Refused(check, f"{name} cannot be parsed: {error}") from None
    if not isinstance(value, dict):
        raise Refused(check, f"{name} is no object")
    return value


def county(region: str) -> str:
    return region[:6]


class Roster:
    """The inspectors, and which of them there are for a department and a subject's county (section 4: L)."""

    def __init__(self, inspectors: list[Inspector], inspector_region: str) -> None:
        self.by_id = {each.inspector_id: each for each in inspectors}  # in roster order
        self.counties = {county(each.region) for each in inspectors}
        self.inspector_region = inspector_region
        self.lists: dict[tuple[str, str], list[str]] = {}

    def fits(self, inspector: Inspector, department: str, where: str) -> bool:
        if department not in ("*", inspector.department):
            return False
        if self.inspector_region == "any":
            return True
        return (county(inspector.region) == where) == (self.inspector_region == "same")

    def listed(self, department: str, where: str) -> list[str]:
        """L, in roster order. Counties where no inspector is are all alike, so they share one list."""
        key = (department, where if where in self.counties else "")
        if key not in self.lists:
            self.lists[key] = [name for name, each in self.by_id.items() if self.fits(each, *key)]
        return self.lists[key]

    def available(self, department: str, where: str, recused: Sequence[str]) -> int:
        """How many of L are not recused; those recused may be unknown to the roster."""
        known = [self.by_id[name] for name in recused if name in self.by_id]
        return len(self.listed(department, where)) - sum(self.fits(each, department, where) for each in known)


class Frozen(NamedTuple):
    """What was fixed by the commitment."""

    plan: dict[str, Any]
    pool: list[Subject]
    roster: Roster
    recusals: dict[str, list[str]]
    quotas: dict[str, int]
    commitment: str


def needs(panel: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """For each entry how many inspectors there must be: its own, and those whom entries before it may take."""
    result = []
    for place, entry in enumerate(panel):
        department = entry["department"]
        earlier = [
            each["count"] for each in panel[:place] if department == "*" or each["department"] in ("*", department)
        ]
        result.append((department, entry["count"] + sum(earlier)))
    return result


def check_feasible(frozen: Frozen) -> None:
    """For every subject that may be selected there are inspectors enough, however the panels come out."""
    required = needs(frozen.plan["panel"])
    known: dict[str, bool] = {}  # by county, for subjects for whom nobody is recused

    def enough(where: str, recused: Sequence[str]) -> bool:
        return all(frozen.roster.available(department, where, recused) >= least for department, least in required)

    short = []
    for subject in frozen.pool:
        if not frozen.quotas.get(subject.stratum):
            continue
        where, recused = county(subject.region), frozen.recusals.get(subject.subject_id)
        if recused:
            holds = enough(where, recused)
        else:
            if where not in known:
                known[where] = enough(where, ())
            holds = known[where]
        if not holds:
            short.append(subject.subject_id)
    if short:
        raise Refused("feasible", f"too few inspectors for {len(short)} subjects, the first is {short[0]!r}")


# --- The seed (section 3) ---------------------------------------------------------------------------------------------


def check_seed_time(files: dict[str, bytes], plan: dict[str, Any], committed: dict[str, Any]) -> dict[str, Any]:
    """The content of seed.json, if the order in time is commitment, events, values."""
    seeding = read_object(files, "seed.json", "seed-time")
    try:
        committed_at = instant(committed.get("committed_at"))
        seed_at = instant(seeding.get("seed_at"))
    except ValueError as error:
        raise Refused("seed-time", f"committed_at or seed_at: {error}") from None
    events = [instant(source["not_before"]) for source in plan["seed_sources"]]
    demand(min(events) > committed_at, "seed-time", "a source's event is not later than the commitment")
    demand(seed_at >= min(events), "seed-time", "the first value was entered before the earliest event")
    return seeding


def check_seed_form(plan: dict[str, Any], seeding: dict[str, Any]) -> dict[str, str]:
    """The values by the names of their sources."""
    demand(has_keys(seeding, "seed_at", "values"), "seed-form", "seed.json must have seed_at and values alone")
    values = seeding["values"]
    names = [source["name"] for source in plan["seed_sources"]]
    demand(has_keys(values, *names), "seed-form", "there must be a value of each source of the plan, and no other")
    for source in plan["seed_sources"]:
        value = values[source["name"]]
        printable = isinstance(value, str) and re.fullmatch("[!-~]+", value) is not None
        where = f"the value of {source['name']!r}"
        demand(printable, "seed-form", f"{where} must be printable ASCII without spaces")
        demand(matches(source["pattern"], value), "seed-form", f"{where} does not match {source['pattern']!r}")
    return dict(values)


def seed_of(frozen: Frozen, values: dict[str, str]) -> bytes:
    text = f"{PROTOCOL} seed\n{frozen.commitment}\n"
    for source in frozen.plan["seed_sources"]:
        text += f"{source['name']}={values[source['name']]}\n"
    return hashlib.sha256(text.encode("utf-8")).digest()


# --- Tickets, selection, panels (section 4) ---------------------------------------------------------------------------

Order = Dict[str, List[Tuple[bytes, Subject]]]


def ticket_order(frozen: Frozen, seed: bytes) -> Order:
    """Each stratum's subjects with their tickets, in order: the first *quota* are selected, the others its reserve."""
    order: Order = {stratum: [] for stratum, quota in frozen.quotas.items() if quota}
    for subject in frozen.pool:
        if subject.stratum in order:
            ticket = hashlib.sha256(seed + b"subject\n" + subject.subject_id.encode("utf-8")).digest()
            order[subject.stratum].append((ticket, subject))
    for tickets in order.values():
        tickets.sort()
    return order


class Panels:
    """Names inspectors for subjects. Holds how many subjects each has so far, and who is no candidate any more."""

    def __init__(self, frozen: Frozen, seed: bytes) -> None:
        self.frozen, self.seed = frozen, seed
        self.loads = dict.fromkeys(frozen.roster.by_id, 0)
        self.gone: list[str] = []

    def panel(self, subject: Subject) -> tuple[list[str], bool] | None:
        """The subject's inspectors, and whether the limit was lifted; None, and no loads, where there are too few."""
        inspectors: list[str] = []
        over_load = False
        for entry in self.frozen.plan["panel"]:
            filled = self.fill(subject, entry["department"], entry["count"], inspectors)
            if filled is None:
                return None
            inspectors += filled[0]
            over_load = over_load or filled[1]
        for name in inspectors:
            self.loads[name] += 1
        return inspectors, over_load

    def fill(
        self, subject: Subject, department: str, count: int, barred: Sequence[str]
    ) -> tuple[list[str], bool] | None:
        """Who join for one entry, and whether the limit was lifted. `barred` are no candidates for other reasons."""
        listed = self.frozen.roster.listed(department, county(subject.region))
        out = {*barred, *self.gone, *self.frozen.recusals.get(subject.subject_id, ())}
        limit = self.frozen.plan["max_load"]
        over_load = not self.enough(listed, out, limit, count)
        if over_load:
            limit = None
            if not self.enough(listed, out, limit, count):
                return None
        joined: list[str] = []
        for name in self.named(subject, department, listed):
            if name not in joined and self.is_candidate(name, out, limit):
                joined.append(name)
                if len(joined) == count:
                    break
        return joined, over_load

    def is_candidate(self, name: str, out: set[str], limit: int | None) -> bool:
        return name not in out and (limit is None or self.loads[name] < limit)

    def enough(self, listed: list[str], out: set[str], limit: int | None, count: int) -> bool:
        candidates = (name for name in listed if self.is_candidate(name, out, limit))
        return len(list(itertools.islice(candidates, count))) == count

    def named(self, subject: Subject, department: str, listed: list[str]) -> Iterator[str]:
        """The names for k = 0, 1, 2 ... without end."""
        start = self.seed + f"inspector\n{subject.subject_id}\n{department}\n".encode()
        for k in itertools.count():
            number = int.from_bytes(hashlib.sha256(start + str(k).encode()).digest(), "big")
            yield listed[number % len(listed)]


def entry_of(ticket: bytes, subject: Subject, rank: int, panel: tuple[list[str], bool]) -> dict[str, Any]:
    """A selected subject as it stands in the result."""
    return {
        "inspectors": panel[0],
        "over_load": panel[1],
        "rank": rank,
        "stratum": subject.stratum,
        "subject_id": subject.subject_id,
        "ticket": ticket.hex(),
    }


def draw(frozen: Frozen, panels: Panels, order: Order) -> list[dict[str, Any]]:
    """All selected subjects with their panels, in the order of their tickets."""
    chosen = []
    for stratum, tickets in order.items():
        first = tickets[: frozen.quotas[stratum]]
        chosen += [(ticket, subject, rank) for rank, (ticket, subject) in enumerate(first, start=1)]
    selected = []
    for ticket, subject, rank in sorted(chosen):
        panel = panels.panel(subject)
        if panel is None:
            raise Refused("draw", f"no panel for {subject.subject_id!r}")  # `feasible` has excluded it
        selected.append(entry_of(ticket, subject, rank, panel))
    return selected


def result_of(frozen: Frozen, seed: bytes, selected: list[dict[str, Any]]) -> bytes:
    result = {
        "commitment": frozen.commitment,
        "draw_id": frozen.plan["draw_id"],
        "protocol": PROTOCOL,
        "seed": seed.hex(),
        "selected": selected,
    }
    return canonical(result)


# --- After the draw (section 5) ---------------------------------------------------------------------------------------


class Records:
    """Recomputes the records one after another. Holds which panels stand, and how much of each reserve is used."""

    def __init__(self, panels: Panels, order: Order, selected: list[dict[str, Any]]) -> None:
        self.panels, self.order = panels, order
        self.quotas = panels.frozen.quotas
        chosen = {entry["subject_id"] for entry in selected}
        pool = panels.frozen.pool
        self.subjects = {each.subject_id: each for each in pool if each.subject_id in chosen}
        self.standing: dict[str, list[str | None]] = {
            entry["subject_id"]: list(entry["inspectors"]) for entry in selected
        }
        self.ever = {entry["subject_id"]: list(entry["inspectors"]) for entry in selected}
        self.used = dict.fromkeys(order, 0)

    def recompute(self, seq: int, record: Any) -> dict[str, Any]:
        """What the record must be, given whom it replaces and why."""
        if has_keys(record, "seq", "replaces", "cause", "selected"):
            return self.next_subject(seq, record["replaces"], record["cause"])
        if has_keys(record, "seq", "subject_id", "leaves", "cause", "joins", "over_load"):
            return self.next_inspector(seq, record["subject_id"], record["leaves"], record["cause"])
        raise Refused("replacements", f"record {seq} has the keys of neither kind")

    def next_subject(self, seq: int, replaces: Any, cause: Any) -> dict[str, Any]:
        self.must_stand(seq, replaces)
        demand(is_text(cause), "replacements", f"record {seq}: cause must be a text")
        selected = self.from_reserve(self.subjects[replaces].stratum)
        if selected is not None:
            del self.standing[replaces]
        return {"seq": seq, "replaces": replaces, "cause": cause, "selected": selected}

    def must_stand(self, seq: int, subject_id: Any) -> None:
        stands = isinstance(subject_id, str) and subject_id in self.standing
        demand(stands, "replacements", f"record {seq}: {subject_id!r} is not selected, or was replaced before")

    def from_reserve(self, stratum: str) -> dict[str, Any] | None:
        """The stratum's next reserve with its panel; None where there is none, or no panel for it."""
        rank = self.quotas[stratum] + self.used[stratum] + 1
        if rank > len(self.order[stratum]):
            return None
        self.used[stratum] += 1
        ticket, subject = self.order[stratum][rank - 1]
        panel = self.panels.panel(subject)
        if panel is None:
            return None
        self.subjects[subject.subject_id] = subject
        self.standing[subject.subject_id] = list(panel[0])
        self.ever[subject.subject_id] = list(panel[0])
        return entry_of(ticket, subject, rank, panel)

    def next_inspector(self, seq: int, subject_id: Any, leaves: Any, cause: Any) -> dict[str, Any]:
        self.must_stand(seq, subject_id)
        causes = ("recusal", "illness", "certificate", "transfer")
        demand(cause in causes, "replacements", f"record {seq}: cause must be one of {', '.join(causes)}")
        panel = self.standing[subject_id]
        there = isinstance(leaves, str) and leaves in panel
        demand(there, "replacements", f"record {seq}: {leaves!r} is not on the panel of {subject_id!r}")
        seat = panel.index(leaves)
        filled = self.panels.fill(self.subjects[subject_id], self.department_of(seat), 1, self.ever[subject_id])
        joins, over_load = (filled[0][0], filled[1]) if filled else (None, False)
        panel[seat] = joins
        if joins is not None:
            self.ever[subject_id].append(joins)
            self.panels.loads[joins] += 1
        if cause != "recusal":
            self.panels.gone.append(leaves)
        return {
            "seq": seq,
            "subject_id": subject_id,
            "leaves": leaves,
            "cause": cause,
            "joins": joins,
            "over_load": over_load,
        }

    def department_of(self, seat: int) -> str:
        """The department of the entry through which who has this seat joined: inspectors join entry by entry."""
        end = 0
        for entry in self.panels.frozen.plan["panel"]:
            end += entry["count"]
            if seat < end:
                return str(entry["department"])
        raise AssertionError("a panel has as many seats as its entries")


def check_replacements(records: list[Any], course: Records) -> list[bytes]:
    """Each record in canonical JSON, if it is the recomputed one."""
    found = []
    for seq, record in enumerate(records, start=1):
        try:
            there = canonical(record)
        except ValueError as error:
            raise Refused("replacements", f"record {seq}: {error}") from None
        expected = canonical(course.recompute(seq, record))
        same = there == expected
        demand(same, "replacements", f"record {seq} differs; recomputed it is {expected.decode('utf-8')}")
        found.append(expected)
    return found


def read_replacements(files: dict[str, bytes]) -> list[Any]:
    try:
        records = parse(files.get("replacements.json", b"[]"))
    except ValueError as error:
        raise Refused("replacements", f"replacements.json cannot be parsed: {error}") from None
    if not isinstance(records, list):
        raise Refused("replacements", "replacements.json is no array")
    return records


# --- The checks in their order, and the remarks (section 6) -----------------------------------------------------------


class Verified(NamedTuple):
    """What the journal is compared with."""

    plan: dict[str, Any]
    commitment: str
    committed_at: str
    seed_at: str
    values: dict[str, str]
    records: list[bytes]


def verify(files: dict[str, bytes], report: Report, journal: bytes | None = None, head: str | None = None) -> None:
    """All checks, in their order. Raises Refused at the first that fails."""
    verified = verify_bundle(files, report)
    if journal is None:
        report.remark("时间未证明 time not proven: no journal and no head from elsewhere were given")
        report.remark("替补未证明 replacements not proven: only the journal says how many there were")
    else:
        verify_journal(files, verified, journal, head, report)


def verify_bundle(files: dict[str, bytes], report: Report) -> Verified:
    frozen, committed = verify_frozen(files, report)
    seeding = check_seed_time(files, frozen.plan, committed)
    report.passed("seed-time", f"committed {committed['committed_at']}, first value {seeding['seed_at']}")
    values = check_seed_form(frozen.plan, seeding)
    report.passed("seed-form", f"{len(values)} values")
    records = verify_result(files, frozen, values, report)
    sealed = {name: sha256(files[name]) for name in PUBLISHED}
    report.remark(f"封存公开包哈希 sealed_bundle_sha256, as witnesses hold it: {sha256(canonical(sealed))}")
    return Verified(frozen.plan, frozen.commitment, committed["committed_at"], seeding["seed_at"], values, records)


def verify_frozen(files: dict[str, bytes], report: Report) -> tuple[Frozen, dict[str, Any]]:
    """What was fixed beforehand, and the content of commitment.json."""
    plan = read_plan(files, report)
    report.passed("plan-form", f"{plan['draw_id']!r}")
    pool = read_pool(files)
    report.passed("pool-form", f"{len(pool)} subjects")
    inspectors = read_roster(files)
    report.passed("roster-form", f"{len(inspectors)} inspectors")
    recusals = read_recusals(files)
    report.passed("recusals-form", f"for {len(recusals)} subjects")
    codes = read_excluded(files, pool)
    report.passed("excluded-form", f"{sum(codes.values())} not in the pool")
    committed = check_commitment(files, plan)
    report.passed("commitment", committed["commitment"])
    roster = Roster(inspectors, plan["inspector_region"])
    frozen = Frozen(plan, pool, roster, recusals, quotas_of(plan, pool), committed["commitment"])
    check_feasible(frozen)
    report.passed("feasible")
    remark_on_frozen(frozen, codes, report)
    return frozen, committed


def remark_on_frozen(frozen: Frozen, codes: dict[str, int], report: Report) -> None:
    """What is allowed, and yet worth a question."""
    if frozen.plan.get("public_source", "not said") is None:
        report.remark("仅有现场见证 witnessed, not verifiable: the plan names no public source")
    for stratum in sorted({subject.stratum for subject in frozen.pool} | set(frozen.quotas)):
        if not frozen.quotas.get(stratum):
            report.remark(f"配额为零 quota 0: nobody of stratum {stratum!r} can be selected")
    for code, count in sorted(codes.items()):
        report.remark(f"未列入名录 not in the pool: {count} subjects, code {code!r}")
    few = few_to_choose_from(frozen)
    if few:
        some = ", ".join(repr(each) for each in few[:5]) + (" ..." if len(few) > 5 else "")
        report.remark(
            f"可选人员少 few inspectors: for {len(few)} subjects there are fewer than three times their panel's "
            f"inspectors to choose from: {some}"
        )


def few_to_choose_from(frozen: Frozen) -> list[str]:
    """The subjects with fewer than three inspectors to choose from for each seat of their panel."""
    panel = frozen.plan["panel"]
    departments = {entry["department"] for entry in panel}
    departments = {"*"} if "*" in departments else departments
    least = 3 * sum(entry["count"] for entry in panel)
    known: dict[str, int] = {}
    few = []
    for subject in frozen.pool:
        if not frozen.quotas.get(subject.stratum):
            continue
        where, recused = county(subject.region), frozen.recusals.get(subject.subject_id, ())
        if recused or where not in known:
            count = sum(frozen.roster.available(department, where, recused) for department in departments)
            if not recused:
                known[where] = count
        else:
            count = known[where]
        if count < least:
            few.append(subject.subject_id)
    return few


def verify_result(files: dict[str, bytes], frozen: Frozen, values: dict[str, str], report: Report) -> list[bytes]:
    """Draws again and compares. The records after the draw, in canonical JSON."""
    result = need(files, "result.json", "result-form")
    content = parse_canonical(result, "result-form", "result.json")
    named_seed = content.get("seed") if isinstance(content, dict) else None
    del content  # it may be as large as the pool
    report.passed("result-form")
    expected = sha256(result).encode() + b"\n"
    there = need(files, "result.sha256", "result-sha256")
    demand(there == expected, "result-sha256", f"result.sha256 must be {sha256(result)} and a line feed")
    report.passed("result-sha256", sha256(result))
    seed = seed_of(frozen, values)
    demand(named_seed == seed.hex(), "seed", f"result.json has another seed than the recomputed {seed.hex()}")
    report.passed("seed", seed.hex())
    order = ticket_order(frozen, seed)
    panels = Panels(frozen, seed)
    selected = draw(frozen, panels, order)
    recomputed = result_of(frozen, seed, selected)
    demand(recomputed == result, "draw", f"the recomputed result differs; its SHA-256 is {sha256(recomputed)}")
    report.passed("draw", f"{len(selected)} selected")
    records = read_replacements(files)
    found = check_replacements(records, Records(panels, order, selected)) if records else []
    report.passed("replacements", f"{len(found)} records")
    return found


# --- The journal (section 8) ------------------------------------------------------------------------------------------

STEPS = ("planned", "committed", "seeded", "drawn", "published", "replaced", "abandoned")
LINE = ("at", "draw_id", "prev", "seq", "sha256", "step")
COMMITTED_LINE = (*LINE, "publish_by", "replaces", "seed_sources", "pool_sha256")


class Line(NamedTuple):
    """A line of the journal: its object, and the SHA-256 of its bytes with the line feed."""

    value: dict[str, Any]
    sha256: str

    @property
    def step(self) -> str:
        return str(self.value["step"])

    @property
    def seq(self) -> int:
        return int(self.value["seq"])

    @property
    def draw_id(self) -> str:
        return str(self.value["draw_id"])


def verify_journal(
    files: dict[str, bytes], verified: Verified, journal: bytes, head: str | None, report: Report
) -> None:
    lines = read_journal(journal)
    check_first_line(lines, verified.plan)
    report.passed("journal-chain", f"{len(lines)} lines, head {lines[-1].sha256}")
    seen = None
    if head is not None:
        seen = next((line for line in lines if line.sha256 == head), None)
        if seen is None:
            raise Refused("journal-head", f"no line of the journal has the SHA-256 {head}")
        report.passed("journal-head", f"line {seen.seq}, {seen.value['at']}")
    own = check_draw(files, verified, lines)
    report.passed("journal-draw", ", ".join(f"{line.step} {line.seq}" for line in own))
    remark_on_time(own, seen, report)
    remark_on_disorder(lines, verified.plan["draw_id"], report)
    remark_on_sharing(lines, own, report)
    remark_on_publishing(lines, report)
    remark_on_replacing(lines, verified.plan["draw_id"], report)


def read_journal(journal: bytes) -> list[Line]:
    """The lines, if each holds by itself and follows from the one before."""
    demand(journal.endswith(b"\n"), "journal-chain", "the journal is empty or its last line is not whole")
    lines: list[Line] = []
    prev, time = ZEROS, Fraction(0)
    for seq, data in enumerate(journal.split(b"\n")[:-1], start=1):
        value = read_line(seq, data)
        demand(value["seq"] == seq, "journal-chain", f"line {seq} has seq {value['seq']}")
        demand(value["prev"] == prev, "journal-chain", f"line {seq} does not name the line before it")
        demand(instant(value["at"]) >= time, "journal-chain", f"line {seq} is earlier than the line before it")
        time = instant(value["at"])
        prev = sha256(data + b"\n")
        lines.append(Line(value, prev))
    return lines


def read_line(seq: int, data: bytes) -> dict[str, Any]:
    """A line's object, if it is of the form."""

    def want(holds: bool, detail: str) -> None:
        demand(holds, "journal-chain", f"line {seq} {detail}")

    value = parse_canonical(data, "journal-chain", f"line {seq}")
    want(isinstance(value, dict) and value.get("step") in STEPS, "has no step that there is")
    keys = COMMITTED_LINE if value["step"] == "committed" else LINE
    want(has_keys(value, *keys), f"must have the keys {', '.join(keys)}")
    want(is_text(value["draw_id"]), "has no draw_id")
    want(is_whole(value["seq"], 1), "has no seq")
    want(is_instant(value["at"]), "has no RFC 3339 instant")
    want(is_hash(value["prev"]) and is_hash(value["sha256"]), "has no hashes")
    return dict(value)


def check_first_line(lines: list[Line], plan: dict[str, Any]) -> None:
    """The journal is the one that the plan names by its first line."""
    first = lines[0]
    if plan["journal"] == ZEROS:
        holds = (first.draw_id, first.step) == (plan["draw_id"], "planned")
    else:
        holds = first.sha256 == plan["journal"]
    demand(holds, "journal-chain", "its first line is not the one that the plan names")


def check_draw(files: dict[str, bytes], verified: Verified, lines: list[Line]) -> list[Line]:
    """The lines of this draw, if they are complete, in order, and those of the bundle."""
    own = [line for line in lines if line.draw_id == verified.plan["draw_id"]]
    check_steps([line.step for line in own])
    plan = verified.plan
    by_step = {line.step: line.value for line in own if line.step != "replaced"}

    def want(holds: bool, detail: str) -> None:
        demand(holds, "journal-draw", detail)

    want(by_step["planned"]["sha256"] == sha256(files["plan.json"]), "`planned` is of another plan")
    committed = by_step["committed"]
    want(committed["sha256"] == verified.commitment, "`committed` is of another commitment")
    for key in ("publish_by", "replaces", "seed_sources"):
        want(canonical(committed[key]) == canonical(plan[key]), f"`committed` has another {key} than the plan")
    want(committed["pool_sha256"] == sha256(files["pool.tsv"]), "`committed` is of another pool")
    want(committed["at"] == verified.committed_at, "committed_at is not the time of the line `committed`")
    seeded = by_step["seeded"]
    want(seeded["sha256"] == sha256(canonical(verified.values)), "`seeded` is of other values")
    latest = max(instant(source["not_before"]) for source in plan["seed_sources"])
    want(instant(seeded["at"]) >= latest, "`seeded` is earlier than the last event")
    want(instant(seeded["at"]) >= instant(verified.seed_at), "`seeded` is earlier than the first value")
    want(by_step["drawn"]["sha256"] == sha256(files["result.json"]), "`drawn` is of another result")
    replaced = [line.value["sha256"] for line in own if line.step == "replaced"]
    want(replaced == [sha256(record) for record in verified.records], "`replaced` are of other records")
    if "published" in by_step:
        hashes = {name: sha256(files[name]) for name in PUBLISHED}
        want(by_step["published"]["sha256"] == sha256(canonical(hashes)), "`published` is of other files")
    return own


def check_steps(steps: list[str]) -> None:
    """Planned, committed, seeded, drawn, and perhaps published, once each; replaced only after drawn."""
    once = [step for step in steps if step != "replaced"]
    order = ["planned", "committed", "seeded", "drawn", "published"]
    demand(once in (order[:4], order), "journal-draw", f"the draw's steps are {', '.join(once) or 'missing'}")
    early = "replaced" in steps[: steps.index("drawn")]
    demand(not early, "journal-draw", "`replaced` stands before `drawn`")


def remark_on_disorder(lines: list[Line], draw_id: str, report: Report) -> None:
    """Lines of other draws that cannot be: a second one of a step, or one whose step before is missing."""
    after = {
        "committed": "planned",
        "seeded": "committed",
        "drawn": "seeded",
        "replaced": "drawn",
        "published": "drawn",
    }
    seen: dict[str, set[str]] = {}
    for line in lines:
        if line.draw_id == draw_id:
            continue
        steps, name = seen.setdefault(line.draw_id, set()), repr(line.draw_id)
        if line.step in steps and line.step != "replaced":
            report.remark(f"台账异常 disorder: line {line.seq} is a second {line.step} of draw {name}")
        elif "abandoned" in steps:
            report.remark(f"台账异常 disorder: line {line.seq}: draw {name} was abandoned before")
        elif line.step == "abandoned" and "seeded" in steps:
            report.remark(f"台账异常 disorder: line {line.seq}: draw {name} is abandoned after its seed was known")
        elif line.step in after and after[line.step] not in steps:
            report.remark(
                f"台账异常 disorder: line {line.seq}: draw {name} is {line.step} and was not {after[line.step]}"
            )
        steps.add(line.step)


def remark_on_time(own: list[Line], seen: Line | None, report: Report) -> None:
    if all(line.step != "published" for line in own):
        report.remark("未公布 not published: the journal has no line `published` of this draw")
    committed = next(line for line in own if line.step == "committed")
    if seen is None:
        report.remark("时间未证明 time not proven: no head from elsewhere was given, so the journal may be a later one")
    elif seen.seq < committed.seq:
        report.remark(
            f"时间未证明 time not proven: the head is that of line {seen.seq}, before this draw's commitment "
            f"(line {committed.seq})"
        )
    else:
        report.remark(
            f"时间 time: whoever got the head of line {seen.seq} from elsewhere knows that by then the commitment "
            f"(line {committed.seq}) stood"
        )


def remark_on_sharing(lines: list[Line], own: list[Line], report: Report) -> None:
    """Other commitments that rest on the same event or the same pool: many tries for one throw of the dice."""
    this = next(line for line in own if line.step == "committed")
    names = source_names(this)
    for line in lines:
        if line.step != "committed" or line is this:
            continue
        shared = [repr(name) for name in source_names(line) if name in names]
        if line.value["pool_sha256"] == this.value["pool_sha256"]:
            shared.append("the pool 名录")
        if shared:
            report.remark(f"共用 shared: draw {line.draw_id!r} (line {line.seq}) shares {', '.join(shared)}")


def source_names(line: Line) -> list[Any]:
    """The names of a commitment's seed sources; nothing has checked their form where it is another draw's."""
    sources = line.value["seed_sources"]
    return [each.get("name") for each in sources if isinstance(each, dict)] if isinstance(sources, list) else []


def remark_on_publishing(lines: list[Line], report: Report) -> None:
    """Draws without a line `published` by the end of their day in Shanghai (UTC+8), as far as the journal goes."""
    published = {line.draw_id: instant(line.value["at"]) for line in reversed(lines) if line.step == "published"}
    abandoned = {line.draw_id for line in lines if line.step == "abandoned"}
    until = instant(lines[-1].value["at"])
    for line in lines:
        if line.step != "committed":
            continue
        day = line.value["publish_by"]
        end = (day_number(day) + 1) * DAY - 8 * 3600 if is_day(day) else 0
        if published.get(line.draw_id, end) < end:
            continue
        if line.draw_id in published:
            state = "published late 逾期公布"
        elif line.draw_id in abandoned:
            state = "abandoned 已中止"
        else:
            state = "not published 逾期未公布" if until >= end else "not published yet 尚未公布"
        report.remark(f"公布 publishing: draw {line.draw_id!r}, due by {day!r}: {state}")


def remark_on_replacing(lines: list[Line], draw_id: str, report: Report) -> None:
    """The chain of draws that replace each other, in which this draw stands."""
    replacing = [line for line in lines if line.step == "committed" and is_replaces(line.value["replaces"])]
    links = [(line, line.value["replaces"]["draw_id"]) for line in replacing if line.value["replaces"] is not None]
    chain, size = {draw_id}, 0
    while len(chain) > size:  # each round adds what replaces a draw of the chain, or is replaced by one
        size = len(chain)
        for line, old in links:
            if chain & {line.draw_id, old}:
                chain |= {line.draw_id, old}
    before: set[str] = set()
    for line, old in links:
        if line.draw_id in chain:
            cause = line.value["replaces"]["cause"]
            again = "; another draw replaced it before 已被重抽过" if old in before else ""
            before.add(old)
            report.remark(
                f"重抽 drawn again: {line.draw_id!r} (line {line.seq}) replaces {old!r}, cause {cause!r}: "
                f"{known_before(lines, old, line.seq)}{again}"
            )


def known_before(lines: list[Line], draw_id: str, seq: int) -> str:
    """What of a draw stood in the journal before a line."""
    before = [line for line in lines if line.draw_id == draw_id and line.seq < seq]
    at = {line.step: line.seq for line in before}
    if "drawn" in at:
        return f"its result was out (line {at['drawn']}) 旧结果已公开"
    if "seeded" in at:
        return f"its seed was known (line {at['seeded']}), its result was not out 种子已知"
    if "committed" in at:
        return "no result was out 旧结果未产生"
    return "it had no commitment 没有承诺值"


# --- The command line (section 7) -------------------------------------------------------------------------------------


def head_of(text: str) -> str:
    """A head as typed from a slip."""
    head = text.strip().lower()
    if not is_hash(head):
        raise argparse.ArgumentTypeError("a head is 64 hexadecimal digits")
    return head


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="双随机抽查结果验证 Verifies a published double-random draw.")
    here = Path(__file__).resolve().parent
    parser.add_argument("path", metavar="PATH", nargs="?", type=Path, default=here, help="a folder or bundle.zip")
    parser.add_argument("--journal", metavar="FILE", type=Path, help="the installation's journal 公开日志")
    parser.add_argument("--head", metavar="HEX", type=head_of, help="a journal's head from elsewhere 凭条上的哈希")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parsed = parser.parse_args(given)
    if parsed.head is not None and parsed.journal is None:
        parser.error("--head needs --journal")
    return parsed


def tell(refused: Refused | None, report: Report, as_json: bool) -> None:
    detail = refused.detail if refused else "; ".join(["all checks hold", *report.remarks])
    if as_json:
        print(json.dumps({"holds": refused is None, "check": refused.check if refused else None, "detail": detail}))
        return
    if refused:
        print(f"不通过 FAILED {refused.check:<14} {CHECKS[refused.check]}: {detail}")
    for remark in report.remarks:
        print(f"注意 remark  {remark}")
    print("不成立：本次抽查不能接受 It does NOT hold." if refused else "成立：全部检查通过 It holds.")


def main(given: Sequence[str] | None = None) -> int:
    """Exit code: 0 holds, 1 does not hold, 2 wrong use."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # consoles that cannot show Chinese
    options = arguments(given)
    report = Report(quiet=options.json)
    try:
        files = read_bundle(options.path)
        journal = None if options.journal is None else read_file(options.journal)
    except Unreadable as error:
        print(f"verify.py: {error}", file=sys.stderr)
        return 2
    refused = None
    try:
        verify(files, report, journal, options.head)
    except Refused as error:
        refused = error
    tell(refused, report, options.json)
    return 1 if refused else 0


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):  # who stops reading has seen enough: that is no verdict, as exit code 1 would be
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main())
