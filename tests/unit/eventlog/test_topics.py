"""The catalogue is the table of DESIGN.md section 4, topics."""

import re
from pathlib import Path

from shared.eventlog.topics import CATALOGUE, DAY_MS, wanted

DESIGN = Path(__file__).parents[3] / "shared/DESIGN.md"
ROWS = re.findall(r"^\| `([a-z-]+[.]v1)` \| .+ \| (by subject|1) \| (.+) \|$", DESIGN.read_text(), re.MULTILINE)
TABLE = {  # name: (keyed by subject, cleanup, days)
    name: (
        partitions == "by subject",
        "compact" if "compacted" in kept else "delete",
        int(kept.removesuffix(" days")) if kept.endswith(" days") else None,
    )
    for name, partitions, kept in ROWS
}


def test_the_catalogue_holds_the_topics_of_the_design():
    found = {
        topic.name: (topic.keyed, topic.cleanup, None if topic.retention_ms == -1 else topic.retention_ms // DAY_MS)
        for topic in CATALOGUE
    }
    assert found == TABLE


def test_an_installation_has_prefixes_inboxes_and_dead_letters():
    topics = {topic.name: topic for topic in wanted("city.", 8, ("sample", "road-office"))}
    assert len(topics) == len(TABLE) + 3 + 2 + 2
    assert topics["city.scores.v1"].partitions == topics["city.in.road-office"].partitions == 8
    assert topics["city.access.v1"].partitions == topics["city.enforcement.v1.scoring.dlq"].partitions == 1
    assert topics["city.in.sample.ingest.dlq"].retention_ms == -1
    assert topics["city.in.sample"].retention_ms == 14 * DAY_MS


def test_every_topic_is_stamped_by_the_log():
    assert {t.configuration["message.timestamp.type"] for t in wanted("", 8, ("a",))} == {"LogAppendTime"}


def test_what_is_kept_for_ever_says_so():
    assert {t.configuration["retention.ms"] for t in wanted("", 8) if t.name.endswith("enforcement.v1")} == {"-1"}
