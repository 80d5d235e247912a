"""Topics on which no worker may run, on a real Kafka."""

import pytest

from shared.eventlog import topics_admin
from shared.eventlog.connection import Connection
from shared.eventlog.topics import Wanted


@pytest.fixture
def connection(kafka, prefix):
    connection = Connection((kafka,), prefix)
    topics_admin.apply(connection, [Wanted(prefix + "a", 2, "delete", -1), Wanted(prefix + "b", 1, "delete", -1)])
    return connection


def test_workers_refuse_topics_that_were_made_otherwise(connection, prefix):
    wanted = [Wanted(prefix + "a", 2, "delete", -1)]
    topics_admin.refuse_unfit(connection, wanted)
    with pytest.raises(topics_admin.Unfit, match="partitions is 2, not 4"):
        topics_admin.refuse_unfit(connection, [Wanted(prefix + "a", 4, "delete", -1)])
    with pytest.raises(topics_admin.Unfit, match="c: partitions is 0, not 1"):
        topics_admin.refuse_unfit(connection, [*wanted, Wanted(prefix + "c", 1, "delete", -1)])


def test_workers_refuse_topics_whose_time_is_not_the_log_s(kafka, prefix):
    class Otherwise(Wanted):
        @property
        def configuration(self):
            return {**super().configuration, "message.timestamp.type": "CreateTime"}

    topics_admin.apply(Connection((kafka,)), [Otherwise(prefix + "d", 1, "delete", -1)])
    with pytest.raises(topics_admin.Unfit, match=r"message\.timestamp\.type is CreateTime, not LogAppendTime"):
        topics_admin.refuse_unfit(Connection((kafka,)), [Wanted(prefix + "d", 1, "delete", -1)])
