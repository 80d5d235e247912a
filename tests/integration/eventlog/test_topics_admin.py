"""The catalogue's topics on a real Kafka."""

from concurrent.futures import ThreadPoolExecutor

from kafka.admin import KafkaAdminClient

from shared.eventlog.connection import Connection
from shared.eventlog.topics import Wanted, wanted
from shared.eventlog.topics_admin import apply, compare
from tests.support.waiting import until


def known_everywhere(connection, topics):
    """A broker may hear of a topic a little later than the one that was asked first; which one answers is chance."""
    absent = {(topic.name, "partitions", "0") for topic in topics}
    until(lambda: all(not absent & {each[:3] for each in compare(connection, topics)} for _ in range(5)))


def test_the_catalogue_is_created_once_and_then_found_as_it_should_be(kafka, prefix):
    connection, topics = Connection((kafka,)), wanted(prefix, 4, ["sample"])
    assert len(compare(connection, topics)) == len(topics)
    first = apply(connection, topics)
    assert set(first.created) == {topic.name for topic in topics}
    assert (first.existing, first.differences) == ((), ())
    known_everywhere(connection, topics)
    second = apply(connection, topics)
    assert second.created == ()
    assert set(second.existing) == {topic.name for topic in topics}
    assert second.differences == compare(connection, topics) == ()


def test_two_at_once_do_not_collide(kafka, prefix):
    topics = wanted(prefix, 2)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: apply(Connection((kafka,)), topics), range(2)))
    assert all(applied.differences == () for applied in done)


def test_differences_are_named_and_left_alone(kafka, prefix):
    connection, name = Connection((kafka,)), prefix + "t"
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    settings = {"message.timestamp.type": "CreateTime", "retention.ms": "1000", "min.insync.replicas": "1"}
    admin.create_topics({name: {"num_partitions": 2, "replication_factor": 1, "configs": settings}})
    admin.close()
    wish = [Wanted(name, 4, "delete", -1)]
    known_everywhere(connection, wish)
    expected = {
        f"{name}: partitions is 2, not 4",
        f"{name}: message.timestamp.type is CreateTime, not LogAppendTime",
        f"{name}: retention.ms is 1000, not -1",
    }
    assert {str(each) for each in apply(connection, wish, min_insync=1).differences} == expected
    assert {str(each) for each in compare(connection, wish)} == expected
