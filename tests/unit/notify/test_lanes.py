"""One delivery of a subject after the other, the due ones only, and no subscription in the way of another."""

from dataclasses import replace

from services.notify.delivery import Delivery
from services.notify.lanes import Lanes
from shared.eventlog.partitioner import BUCKETS, bucket_of

ALL = frozenset(range(BUCKETS))
SHOPS = [f"shop:92320902MA1N00026Y-{number:02d}" for number in range(1, 9)]


def of(name, subject=SHOPS[0], subscription="a", offset=0, **more):
    return Delivery(name, subscription, subject, b"{}", name, offset, **more)


def filled(*deliveries, buckets=ALL):
    lanes = Lanes()
    lanes.fill(deliveries, buckets)
    lanes.open()
    return lanes


def everything(lanes, now=10.0, may=lambda *_: True):
    found = []
    while (each := lanes.take(now, may)) is not None:
        found.append(each.delivery_id)
    return found


def test_what_is_due_is_taken_and_what_is_not_waits():
    lanes = filled(of("now"), of("later", SHOPS[1], due=11.0))
    assert everything(lanes) == ["now"]
    assert everything(lanes, now=11.0) == ["later"]


def one(lanes, now=10.0):
    return lanes.take(now, lambda *_: True)


def test_a_subject_has_one_under_way_and_the_newer_waits():
    lanes = filled(of("first"))
    first = one(lanes)
    assert lanes.put(of("second")) is None
    assert everything(lanes) == []
    lanes.taken(first)
    assert everything(lanes) == ["second"]


def test_a_failed_one_waits_again():
    lanes = filled(of("first"))
    assert lanes.again(one(lanes), of("first", due=15.0))
    assert everything(lanes, now=14.0) == []
    assert everything(lanes, now=15.0) == ["first"]


def test_a_failed_one_holds_its_lane_until_a_newer_one_may_follow():
    lanes = filled(of("first"))
    first = one(lanes)
    lanes.put(of("second"))
    assert not lanes.again(first, of("first", due=20.0))
    assert everything(lanes, now=30.0) == []  # what became of the first is not written yet
    lanes.given_up(first)
    assert everything(lanes, now=30.0) == ["second"]


def test_a_newer_one_takes_the_place_of_what_waits():
    lanes = filled(of("first"))
    assert lanes.withdraw(of("second").lane).delivery_id == "first"
    assert lanes.put(of("second")) is None
    assert everything(lanes) == ["second"]


def test_a_try_that_failed_while_a_newer_one_was_written_is_given_back():
    lanes = filled(of("first"))
    first = one(lanes)
    assert lanes.withdraw(first.lane) is None
    assert lanes.again(first, of("first", due=15.0))
    assert lanes.put(of("second")).delivery_id == "first"
    assert everything(lanes, now=30.0) == ["second"]


def test_what_was_taken_last_is_no_news_until_something_else_was_tried():
    lanes = filled(of("first"))
    first = one(lanes)
    assert lanes.is_news(first)
    lanes.taken(first)
    lanes.put(of("same"))
    same = one(lanes)
    assert not lanes.is_news(replace(same, digest="first"))
    lanes.taken(replace(same, digest="first"))
    lanes.put(of("other"))
    other = one(lanes)
    assert lanes.is_news(other)
    lanes.given_up(other)  # it may have come although no answer did
    lanes.put(of("first"))
    assert lanes.is_news(one(lanes))


def test_another_worker_may_have_told_something_else_meanwhile():
    lanes = filled(of("first"))
    lanes.taken(one(lanes))
    lanes.fill([of("first")], ALL)
    lanes.open()
    assert lanes.is_news(one(lanes))


def test_a_subscription_that_may_not_is_in_nobodys_way():
    lanes = filled(*(of(f"a{n}", shop) for n, shop in enumerate(SHOPS)), of("b", SHOPS[0], "b"))
    assert everything(lanes, may=lambda subscription, _: subscription == "b") == ["b"]
    assert len(everything(lanes, may=lambda subscription, busy: subscription == "a" and busy < 2)) == 2


def test_subscriptions_take_turns():
    lanes = filled(*(of(f"{name}{n}", shop, name) for name in "ab" for n, shop in enumerate(SHOPS[:2])))
    taken = everything(lanes)
    assert sorted(each[0] for each in taken[:2]) == ["a", "b"]


def test_what_another_worker_has_is_not_taken():
    lanes = filled(of("mine"), buckets=frozenset([bucket_of(SHOPS[0])]))
    lanes.put(of("others", SHOPS[1]))
    assert everything(lanes) == ["mine"]


def test_what_is_under_way_is_not_taken_twice_after_a_new_beginning():
    lanes = filled(of("first"), of("second", SHOPS[1]))
    lanes.take(10.0, lambda *_: True)
    lanes.fill([of("first"), of("second", SHOPS[1])], ALL)
    lanes.open()
    assert everything(lanes) == ["second"]


def test_who_is_resumed_has_what_had_failed_tried_from_then_on():
    lanes = filled(of("a", attempts=10, due=70_000.0), of("b", SHOPS[1], "b", attempts=10, due=70_000.0))
    assert everything(lanes, now=20.0) == []
    lanes.resumed({"a": 15.0})
    assert everything(lanes, now=14.0) == []
    assert everything(lanes, now=15.0) == ["a"]


def test_who_was_resumed_is_tried_at_the_usual_intervals_after_that():
    lanes = filled(of("a", attempts=1, due=16.0))
    lanes.resumed({"a": 12.0})
    failed = replace(one(lanes, now=13.0), attempts=2, due=43.0)
    lanes.again(failed, failed)
    lanes.resumed({"a": 12.0})
    assert everything(lanes, now=42.0) == []
    assert everything(lanes, now=43.0) == ["a"]


def test_what_comes_in_the_place_of_what_had_failed_is_tried_at_once_too():
    lanes = filled()
    lanes.resumed({"a": 15.0})
    lanes.put(of("a", attempts=10, due=70_000.0))
    assert everything(lanes, now=15.0) == ["a"]


def test_nothing_is_taken_after_a_new_beginning_before_the_lanes_are_opened():
    lanes = filled(of("first"))
    lanes.fill([of("first")], ALL)
    assert everything(lanes) == []
    lanes.open()
    assert everything(lanes) == ["first"]


def test_what_a_lane_will_tell_is_what_waits_or_else_what_is_under_way():
    lanes = filled(of("first"))
    lane = of("first").lane
    first = one(lanes)
    assert lanes.last(lane) == first  # it may fail, and wait again
    lanes.put(of("second"))
    assert lanes.last(lane).delivery_id == "second"
    lanes.taken(first)
    lanes.taken(one(lanes))
    assert lanes.last(lane) is None


def test_of_two_that_a_dead_process_left_in_a_lane_the_later_is_told():
    for left in ([of("old", offset=1), of("new", offset=2)], [of("new", offset=2), of("old", offset=1)]):
        lanes = Lanes()
        assert [each.delivery_id for each in lanes.fill(left, ALL)] == ["old"]
        lanes.open()
        assert everything(lanes) == ["new"]


def test_what_waits_for_who_is_no_more_is_dropped():
    lanes = filled(of("a"), of("b", SHOPS[1], "b"))
    assert [each.delivery_id for each in lanes.drop("a")] == ["a"]
    assert lanes.subscriptions() == {"b"}
