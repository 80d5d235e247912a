"""`chengxin events show`: where an event lies on the log, since when, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice

import click

from services.cli.desk import Office, office, plain
from services.cli.installation import fail, say
from shared.desk.finding import MOST_FOUND, Found, NoRecord, described, record_at, records_of
from shared.desk.letters import Place
from shared.desk.showing import instant, shown
from shared.eventlog.port import TopicPartition
from shared.eventlog.topics import wanted

_SOURCE_AND_ID = 2
_MOST_OFFSET = 2**63 - 1


@click.group()
def events() -> None:
    """Events on the log."""


@events.command()
@click.argument("what", nargs=-1, required=True, metavar="SOURCE ID | TOPIC:PARTITION:OFFSET")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def show(what: tuple[str, ...], as_json: bool) -> None:
    """Show where an event lies, when it was recorded, whether its readers have come past it, and its dead letters.

    By SOURCE and ID the topics of events are read from their beginning, which takes as long as the log is. The
    content and the subject are not shown. Exit code 1 where there is no such event.
    """
    if len(what) > _SOURCE_AND_ID:
        raise click.UsageError("give SOURCE and ID, or one TOPIC:PARTITION:OFFSET")
    with office() as desk:
        found, left = _by_name(desk, *what) if len(what) == _SOURCE_AND_ID else (_at(desk, what[0]), False)
    if as_json:
        click.echo(json.dumps({"records": [_shown(each) for each in found], "more": left}, ensure_ascii=False))
    else:
        for each in found:
            click.echo(_lines(each))
        if left:
            say(f"and more: only the first {MOST_FOUND} are shown")
    if not found:
        fail("no record on the log has this source and id")


def _by_name(desk: Office, source: str, id_: str) -> tuple[list[Found], bool]:
    topics = {box.source: box.partitions for box in desk.boxes}
    places = [TopicPartition(name, number) for name, partitions in topics.items() for number in range(partitions)]
    records = records_of(desk.log, places, source, id_, lambda number: say(f"{number:,} records read"))
    some = list(islice(records, MOST_FOUND + 1))
    letters = desk.letters() if some else {}
    found = [described(each, desk.boxes, letters, _committed(desk)) for each in some[:MOST_FOUND]]
    return found, len(some) > MOST_FOUND


def _at(desk: Office, text: str) -> list[Found]:
    topic, _, rest = text.partition(":")
    numbers = rest.split(":")
    if not topic or len(numbers) != 2 or not all(n.isascii() and n.isdigit() and len(n) < 20 for n in numbers):  # noqa: PLR2004
        raise click.UsageError("a place is written TOPIC:PARTITION:OFFSET, such as enforcement.v1:3:512")
    place = Place(desk.full(topic), int(numbers[0]), min(int(numbers[1]), _MOST_OFFSET))
    prefix = desk.found.topic_prefix
    known = [each.name for each in wanted(prefix, desk.found.subject_partitions, desk.found.organs)]
    if place.topic not in known:
        names = ", ".join(each.removeprefix(prefix) for each in known)
        raise click.UsageError(f"{plain(topic)} is no topic of this installation; there are {names}")
    try:
        record = record_at(desk.log, place)
    except NoRecord as error:
        fail(f"there is no record at {place}: {error}")
    return [described(record, desk.boxes, desk.letters(), _committed(desk))]


def _committed(desk: Office) -> Callable[[str, TopicPartition], int]:
    def committed(group: str, at: TopicPartition) -> int:
        return desk.log.committed(group, [at]).get(at, 0)

    return committed


def _shown(found: Found) -> dict[str, object]:
    return {
        "place": str(found.place),
        "recorded_at": instant(found.recorded),
        "source": found.source,
        "id": found.id,
        "type": found.type,
        "applied": dict(found.applied),
        "dead_letters": [shown(each) for each in found.letters],
    }


def _lines(found: Found) -> str:
    lines = [
        f"{found.place}  recorded {instant(found.recorded)}",
        f"    {found.type or 'no type'}  {found.source or 'no source'}  {found.id or 'no id'}",
    ]
    refused = {letter.identity.group for letter in found.letters}
    for group, applied in found.applied.items():
        lines.append(f"    {group}: {'refused' if group in refused else 'applied' if applied else 'not read yet'}")
    lines += [f"    dead letter {each.identity}, {each.state}: {each.reason}: {each.detail}" for each in found.letters]
    return "\n".join(plain(each) for each in lines)
