"""The store's scripts on a real server and on a cluster of one node, where a script that crosses slots fails."""

from datetime import UTC, date, datetime, timedelta

import pytest
from redis.exceptions import ResponseError

from shared.credit.facts import Fact
from shared.embedded import valkey
from shared.embedded.ports import choose
from shared.eventlog.partitioner import BUCKETS, bucket_of
from shared.eventlog.port import TopicPartition
from shared.store.client import Call, Store, StoreUnavailable
from shared.store.entries import EMPTY, digest_of, merge
from shared.store.keys import Keys, field_of
from shared.store.ledgers import Change, Ledgers, Version
from shared.store.progress import Bookkeeping, Progress
from shared.store.tenure import Displaced, Tenure
from shared.telemetry.metrics import REGISTRY
from tests.support.progress import progress_of

SUBJECT = "shop:92320902MA1N00026Y-01"
AT = TopicPartition("t.enforcement.v1", bucket_of(SUBJECT) % 8)
DAY = date(2026, 3, 1).toordinal()


@pytest.fixture
def bookkeeping(store, prefix):
    return Bookkeeping(store, Keys(prefix))


@pytest.fixture
def tenure(bookkeeping):
    tenure = Tenure()
    bookkeeping.claim(range(BUCKETS), tenure)
    return tenure


@pytest.fixture
def ledgers(store, prefix, tenure):
    """Ledgers in the hands of one writer."""

    class Held(Ledgers):
        def apply(self, changes, by=tenure):
            return super().apply(changes, by)

    return Held(store, Keys(prefix))


def fact(number, *, subject=SUBJECT, recorded=0, **data):
    recorded_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=recorded)
    time = "2026-01-01T10:00:00+08:00"
    return Fact("urn:o", f"e-{number}", "cn.chengxin.fleet.declared.v1", subject, time, data, recorded_at)


def change(before, facts, *, subject=SUBJECT, rulebooks=1, day=DAY, tell=True, due=None, **summary):
    entries, digest = before
    added, displaced = merge(entries, facts)
    after = digest_of(digest, added.items(), displaced)
    made = Change(subject, digest, Version(after, rulebooks, day), added, {"n": 0, **summary}, due, tell)
    return made, ({**entries, **added}, after)


NOTHING = ({}, EMPTY)

WRITES = {
    "put out": lambda ledgers, books, tenure: books.put_out({bucket_of(SUBJECT): [SUBJECT]}, tenure),
    "apply": lambda ledgers, books, tenure: ledgers.apply([change(NOTHING, [fact(1)])[0]], tenure),
    "advance": lambda ledgers, books, tenure: books.advance({bucket_of(SUBJECT): progress_of({AT: 9})}, tenure),
}


def dump(store, prefix):
    return {key: store.client.dump(key) for key in store.client.scan_iter(f"{prefix}*")}


def test_what_is_applied_is_read_again(ledgers):
    made, (entries, digest) = change(NOTHING, [fact(1, vehicles=3), fact(2, vehicles=4)], score="95.00")
    assert ledgers.apply([made]) == []
    stored = ledgers.load([SUBJECT])[SUBJECT]
    assert stored.entries == entries
    assert stored.version == (digest, 1, DAY)
    assert stored.summary["score"] == "95.00"
    assert ledgers.read(SUBJECT) == (stored.version, stored.summary)


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_call_sent_twice_changes_nothing_the_second_time(
    store, prefix, ledgers, bookkeeping, tenure, write, monkeypatch
):
    once, states = store.run, []

    def twice(name, calls):
        answers = []
        for _ in range(2):
            answers.append(once(name, calls))
            states.append(dump(store, prefix))
        assert answers[0] == answers[1]
        return answers[0]

    monkeypatch.setattr(store, "run", twice)
    write(ledgers, bookkeeping, tenure)
    assert states[0] == states[1]


def test_a_change_of_another_state_is_a_conflict_and_writes_nothing(ledgers):
    first, state = change(NOTHING, [fact(1)])
    stale, _ = change(NOTHING, [fact(2)])
    assert ledgers.apply([first]) == []
    before = ledgers.load([SUBJECT])
    assert ledgers.apply([stale]) == [SUBJECT]
    assert ledgers.load([SUBJECT]) == before
    anew, _ = change(state, [fact(2)])
    assert ledgers.apply([anew]) == []


def test_fewer_rulebooks_never_overwrite_more(ledgers):
    newer, state = change(NOTHING, [fact(1)], rulebooks=2)
    assert ledgers.apply([newer]) == []
    older, _ = change(state, [fact(2)], rulebooks=1)
    assert ledgers.apply([older]) == [SUBJECT]


def test_the_summary_that_was_made_last_stands_also_of_an_earlier_day(ledgers):
    later, state = change(NOTHING, [fact(1)], day=DAY + 1, score="90.00")
    assert ledgers.apply([later]) == []
    earlier = Change(SUBJECT, state[1], Version(state[1], 1, DAY), {}, {"score": "80.00"}, None, False)
    assert ledgers.apply([earlier]) == []
    assert ledgers.read(SUBJECT) == (Version(state[1], 1, DAY), {"score": "80.00"})


def test_one_conflict_keeps_its_whole_bucket_from_being_written(ledgers):
    other = next(name for n in range(10**6) if bucket_of(name := f"shop:other-{n}") == bucket_of(SUBJECT))
    held, _ = change(NOTHING, [fact(1)])
    assert ledgers.apply([held]) == []
    stale, _ = change(NOTHING, [fact(2)])
    good, _ = change(NOTHING, [fact(3, subject=other)], subject=other)
    assert set(ledgers.apply([good, stale])) == {SUBJECT, other}
    assert ledgers.load([other])[other].entries == {}


def test_an_earlier_copy_moves_the_time_at_which_a_fact_was_recorded(ledgers):
    late, state = change(NOTHING, [fact(1, recorded=60)])
    assert ledgers.apply([late]) == []
    early, (_, digest) = change(state, [fact(1, recorded=5)])
    assert ledgers.apply([early]) == []
    stored = ledgers.load([SUBJECT])[SUBJECT]
    assert [kept.recorded_at.second for kept in stored.entries.values()] == [5]
    assert stored.version.digest == digest == change(NOTHING, [fact(1, recorded=5)])[1][1]


def test_due_dates_follow_the_summary(ledgers, store, prefix):
    key = Keys(prefix).due(bucket_of(SUBJECT))
    made, state = change(NOTHING, [fact(1)], due=DAY + 9)
    ledgers.apply([made])
    assert store.client.zscore(key, SUBJECT) == DAY + 9
    made, _ = change(state, [fact(2)], due=None)
    ledgers.apply([made])
    assert store.client.zscore(key, SUBJECT) is None


def test_the_outbox_keeps_what_is_newer_than_what_went_out(ledgers, bookkeeping):
    bucket = bucket_of(SUBJECT)
    made, state = change(NOTHING, [fact(1)])
    ledgers.apply([made])
    going = bookkeeping.outbox([bucket])
    assert list(going[bucket]) == [SUBJECT]
    made, _ = change(state, [fact(2)])
    ledgers.apply([made])
    bookkeeping.trim(going)
    newer = bookkeeping.outbox([bucket])
    assert newer[bucket].keys() == going[bucket].keys()
    bookkeeping.trim(newer)
    assert bookkeeping.outbox([bucket]) == {}


def test_what_need_not_be_told_fills_no_outbox(ledgers, bookkeeping):
    made, _ = change(NOTHING, [fact(1)], tell=False)
    ledgers.apply([made])
    assert bookkeeping.outbox(range(BUCKETS)) == {}


def test_positions_are_read_by_the_next_to_claim_them(bookkeeping, tenure):
    bucket = bucket_of(SUBJECT)
    bookkeeping.advance({bucket: progress_of({AT: 5})}, tenure)
    bookkeeping.advance({bucket: progress_of({AT: 9}, {AT: 12})}, tenure)
    assert bookkeeping.claim([bucket], Tenure()) == bookkeeping.progress([bucket])
    assert bookkeeping.progress([bucket]) == [Progress({field_of(AT): 9}, {field_of(AT): 12})]


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_writer_whose_bucket_was_claimed_by_another_writes_nothing(ledgers, bookkeeping, tenure, write):
    bookkeeping.claim([bucket_of(SUBJECT)], Tenure())
    with pytest.raises(Displaced):
        write(ledgers, bookkeeping, tenure)
    assert ledgers.load([SUBJECT])[SUBJECT].entries == {}
    assert bookkeeping.progress([bucket_of(SUBJECT)]) == [Progress({}, {})]


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
@pytest.mark.parametrize("lost", WRITES.values(), ids=WRITES.keys())
def test_a_store_that_has_lost_a_write_takes_no_other_until_it_is_claimed_again(
    store, prefix, ledgers, bookkeeping, tenure, lost, write
):
    bucket = bucket_of(SUBJECT)
    keys = list(store.client.scan_iter(f"{prefix}{{b{bucket:04d}}}:*"))
    kept = {key: store.client.dump(key) for key in keys}
    lost(ledgers, bookkeeping, tenure)
    for key in store.client.scan_iter(f"{prefix}{{b{bucket:04d}}}:*"):
        store.client.delete(key)
    for key, content in kept.items():
        store.client.restore(key, 0, content)
    assert not bookkeeping.holds([bucket], tenure)
    with pytest.raises(Displaced):
        write(ledgers, bookkeeping, tenure)
    bookkeeping.claim([bucket], tenure)
    write(ledgers, bookkeeping, tenure)
    assert bookkeeping.holds([bucket], tenure)


def test_nobody_writes_in_a_bucket_that_was_never_claimed(ledgers):
    with pytest.raises(Displaced):
        ledgers.apply([change(NOTHING, [fact(1)])[0]], Tenure())


def test_a_rebuild_is_behind_until_its_ends_are_applied(bookkeeping, tenure):
    bucket = bucket_of(SUBJECT)
    for position in (0, 4, 10):
        bookkeeping.advance({bucket: progress_of({AT: position}, {AT: 10})}, tenure)
        assert bookkeeping.progress([bucket])[0].behind == 10 - position


def test_scripts_come_back_after_the_server_forgot_them(store, ledgers):
    made, state = change(NOTHING, [fact(1)])
    ledgers.apply([made])
    store.client.script_flush()
    made, _ = change(state, [fact(2)])
    assert ledgers.apply([made]) == []


def test_no_node_of_a_cluster_is_asked_for_the_keys_of_a_script(valkey_cluster, prefix):
    store = Store(valkey_cluster, cluster=True)
    store.ping()  # what the client asks when it connects
    nodes = [[node] for node in store.client.get_primaries()]
    for node in nodes:
        store.client.config_resetstat(target_nodes=node)
    Bookkeeping(store, Keys(prefix)).claim(range(8), Tenure())
    asked = {name for node in nodes for name in store.client.info("commandstats", target_nodes=node)}
    store.close()
    assert "cmdstat_evalsha" in asked
    assert "cmdstat_command|getkeys" not in asked


@pytest.mark.parametrize("cluster", [False, True])
def test_a_store_that_is_not_there_is_unavailable(cluster):
    nowhere = Store("redis://127.0.0.1:1", timeout=0.2, cluster=cluster)
    with pytest.raises(StoreUnavailable):
        nowhere.ping()
    with pytest.raises(StoreUnavailable):
        nowhere.run("trim", [Call(["k"], [])])


def test_the_store_tells_the_time(bookkeeping):
    assert abs(bookkeeping.clock() - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_store_that_is_full_is_waited_for(tmp_path):
    port = choose()
    server = valkey.start(port=port, password="p", folder=tmp_path, log=tmp_path / "log")
    try:
        server.wait_until(lambda: valkey.is_ready(port, "p"), seconds=30)
        full = Store(f"redis://:p@127.0.0.1:{port}/0")
        full.client.config_set("maxmemory", 1)
        with pytest.raises(StoreUnavailable, match=r"OOM|OutOfMemory"):
            Bookkeeping(full, Keys("k:")).claim([1, 2], Tenure())
        full.close()
    finally:
        server.stop(seconds=10)


def script_errors(script):
    return REGISTRY.get_sample_value("chengxin_store_script_errors_total", {"script": script}) or 0


def test_a_script_that_the_store_breaks_off_is_counted_and_an_unreachable_store_is_not(store, prefix):
    before = script_errors("trim")
    key = Keys(prefix).outbox(0)
    store.pipelined(lambda pipe, name: pipe.set(name, "no hash"), [key])
    with pytest.raises(ResponseError):
        store.run("trim", [Call([key], ["subject", "stamp"])])
    assert script_errors("trim") == before + 1
    with pytest.raises(StoreUnavailable):
        Store(f"redis://127.0.0.1:{choose()}/0", retries=0).run("trim", [])
    assert script_errors("trim") == before + 1
