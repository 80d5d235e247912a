"""Settings become the client's options, and passwords stay out of sight."""

from shared.eventlog.connection import Connection
from shared.settings import Settings

SECURE = Settings(
    kafka=("a:1", "b:2"), kafka_security="SASL_SSL", kafka_username="u", kafka_password="secret", kafka_ca="ca.pem"
)


def test_the_embedded_broker_takes_the_place_of_missing_addresses():
    assert Connection.of(Settings(), ["127.0.0.1:20001"]).servers == ("127.0.0.1:20001",)
    assert Connection.of(SECURE, ["127.0.0.1:20001"]).servers == ("a:1", "b:2")


def test_sasl_is_used_where_it_is_set_alone():
    options = Connection.of(SECURE).options()
    assert (options["sasl_mechanism"], options["sasl_plain_password"]) == ("SCRAM-SHA-512", "secret")
    assert (options["security_protocol"], options["ssl_cafile"]) == ("SASL_SSL", "ca.pem")
    plain = Connection.of(Settings()).options()
    assert (plain["security_protocol"], plain["sasl_mechanism"], plain["ssl_cafile"]) == ("PLAINTEXT", None, None)


def test_groups_of_two_cities_on_one_kafka_are_apart():
    assert Connection.of(Settings(topic_prefix="chengxin.")).prefix == "chengxin."


def test_no_password_is_printed():
    assert "secret" not in repr(Connection.of(SECURE))
