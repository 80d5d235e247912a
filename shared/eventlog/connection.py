"""How brokers are reached: addresses, encryption and proof of who we are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Connection:
    """One Kafka, and the prefix that keeps this installation's groups and transactions apart from another's."""

    servers: tuple[str, ...]
    """`HOST:PORT` of one or more brokers."""
    prefix: str = ""
    security: str = "PLAINTEXT"
    mechanism: str = ""
    username: str = ""
    password: str = ""
    authorities: str = ""
    certificate: str = ""
    private_key: str = ""

    @classmethod
    def of(cls, settings: Settings, servers: Sequence[str] = ()) -> Connection:
        """By settings; `servers` are those of the embedded broker where settings name none."""
        return cls(
            tuple(settings.kafka or servers),
            settings.topic_prefix,
            settings.kafka_security,
            settings.kafka_sasl if settings.kafka_security.startswith("SASL") else "",
            settings.kafka_username,
            settings.kafka_password,
            settings.kafka_ca,
            settings.kafka_certificate,
            settings.kafka_private_key,
        )

    def options(self) -> dict[str, Any]:
        """Kafka client's options that every kind of client takes."""
        return {
            "bootstrap_servers": list(self.servers),
            "client_id": "chengxin",
            "security_protocol": self.security,
            "sasl_mechanism": self.mechanism or None,
            "sasl_plain_username": self.username or None,
            "sasl_plain_password": self.password or None,
            "ssl_cafile": self.authorities or None,
            "ssl_certfile": self.certificate or None,
            "ssl_keyfile": self.private_key or None,
        }

    def __repr__(self) -> str:
        return f"Connection({','.join(self.servers)}, {self.security})"
