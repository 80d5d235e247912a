"""The catalogue is the table of DESIGN.md section 4."""

from shared.eventlog.topics import CATALOGUE, DAY_MS, wanted

TABLE = {  # name: (keyed by subject, cleanup, days)
    "enforcement.v1": (True, "delete", None),
    "inspection.v1": (True, "delete", None),
    "registry.v1": (True, "delete", None),
    "rulebooks.v1": (False, "delete", None),
    "draws.v1": (False, "delete", None),
    "documents.v1": (False, "delete", None),
    "access.v1": (False, "compact", None),
    "uploads.v1": (False, "delete", 30),
    "scores.v1": (True, "compact", None),
    "audit.v1": (False, "delete", None),
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
