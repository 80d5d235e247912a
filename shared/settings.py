"""All settings, typed; `shared/environment.py` reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from shared.setting_kinds import (
    calendars_folder,
    choice,
    file,
    folder,
    power_of_two,
    setting,
    switch,
    text,
    whole,
    words,
)

PREFIX = "CHENGXIN_"
HIDDEN = "***"

_PART = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
_HOST_PORT = r"(?:[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}"
_REDIS = r"(?:rediss?://[^\s/?#]+(?:/[0-9]*)?(?:\?\S*)?|unix://\S+)"


@dataclass(frozen=True, repr=False)
class Settings:
    """What an installation may choose. Frozen: a change of settings is a new start."""

    home: Path = setting(
        Path(".chengxin"),
        "Folder of the embedded engines' data, logs and the first admin key",
        lambda env, name, unset: env.path(name, unset),
    )
    cache: str = text(
        "",
        "Folder of what is fetched once (Kafka); empty is `chengxin` in the user's cache folder, `~/.cache`",
        r".+",
        "is empty",
    )
    host: str = text(
        "127.0.0.1",
        "Address the web server listens on; `0.0.0.0` for all",
        r"[A-Za-z0-9_.:-]+",
        "must be a host name or an IP address",
    )
    port: int = whole(8080, 1, 65535, "Port the web server listens on")
    web_workers: int = whole(2, 1, 64, "Web processes")
    web_threads: int = whole(8, 1, 128, "Threads in each web process")
    ingest_workers: int = whole(1, 0, 64, "Ingest workers that `chengxin up` starts")
    scoring_workers: int = whole(1, 0, 64, "Scoring workers that `chengxin up` starts")
    lookup_workers: int = whole(1, 0, 64, "Lookup workers that `chengxin up` starts")
    notify_workers: int = whole(1, 0, 64, "Notify workers that `chengxin up` starts")
    draws_workers: int = whole(1, 0, 64, "Draws workers that `chengxin up` starts")
    kafka: tuple[str, ...] = words(
        (),
        "Kafka's bootstrap servers, `HOST:PORT` with commas between; empty starts the embedded broker",
        _HOST_PORT,
        "must be HOST:PORT, with commas between several",
    )
    kafka_security: str = choice(
        "PLAINTEXT", ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"), "How brokers are spoken to"
    )
    kafka_sasl: str = choice(
        "SCRAM-SHA-512", ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"), "How a user proves itself to brokers"
    )
    kafka_username: str = text("", "User name at the brokers (with SASL)", r"\S+", "must not contain spaces")
    kafka_password: str = text("", "Password at the brokers (with SASL)", r".+", "is empty", secret=True)
    kafka_ca: str = file("PEM file of the authorities that sign the brokers' certificates (with SSL)")
    kafka_certificate: str = file("PEM file of the client's certificate, where brokers ask for one")
    kafka_private_key: str = file("PEM file of that certificate's private key")
    topic_prefix: str = text(
        "chengxin.",
        "Begins every topic's name; one per city on a shared Kafka",
        rf"(?:{_PART}\.)+",
        "must be lower-case words with a dot behind each, such as chengxin.",
    )
    partitions: int = power_of_two(
        0,
        1024,
        "Partitions of the topics keyed by subject, a power of two, fixed when the installation is made; "
        "0 chooses 64, and 8 on the embedded broker",
    )
    replication: int = whole(
        0, 0, 15, "Copies of each partition; 0 chooses 3, or as many as there are brokers where fewer"
    )
    min_insync: int = whole(
        0,
        0,
        15,
        "Copies that must hold a record before it counts; 0 chooses one less than `replication`",
    )
    organs: tuple[str, ...] = words(
        ("sample",),
        "Organs whose topics `in.<organ>` the ingest workers read, with commas between",
        _PART,
        "must be lower-case letters, digits and hyphens, at most 40, with commas between several",
    )
    organ_bounds: tuple[str, ...] = words(
        (),
        "What organs' topics may carry, `<organ>:<region or its beginning>` or `<organ>:<source>`, with commas "
        "between; an organ without one is not bound",
        rf"{_PART}:(?:[0-9]{{2}}|[0-9]{{4}}|[0-9]{{6}}|[0-9]{{9}}|[0-9]{{12}}|[A-Za-z][^\s,]{{0,299}})",
        "must be ORGAN:REGION (2, 4, 6, 9 or 12 digits) or ORGAN:SOURCE, with commas between several",
    )
    redis: str = text(
        "",
        "Address of Redis or Valkey, `redis://HOST:PORT/0` (TLS: `rediss://`); empty starts the embedded store",
        _REDIS,
        "must be an address such as redis://HOST:6379/0, rediss://HOST:6379/0 or unix:///path",
    )
    redis_password: str = text("", "Password at the store", r".+", "is empty", secret=True)
    redis_cluster: bool = switch(default=False, what="The store is a cluster")
    key_prefix: str = text(
        "cx:",
        "Begins every key in the store; one per city on a shared store",
        r"[a-z0-9-]{1,32}:",
        "must be lower-case letters, digits and hyphens with a colon behind, such as cx:",
    )
    poll_records: int = whole(2000, 1, 50_000, "Most records a worker takes from the log in one batch")
    breaker_run: int = whole(100, 1, 1_000_000, "Bad events in a row after which a worker stops a topic partition")
    breaker_percent: int = whole(
        50, 1, 100, "Share of bad events, in percent of at least 200, above which a worker stops a topic partition"
    )
    request_events: int = whole(1000, 1, 10_000, "Most events in one HTTP request")
    request_bytes: int = whole(4 << 20, 1024, 64 << 20, "Most bytes in the body of one HTTP request")
    rate_per_key: int = whole(
        6000,
        0,
        10_000_000,
        "Requests a minute of one access key, all web processes of a server together; 0 is no limit",
    )
    rate_per_address: int = whole(
        600, 0, 10_000_000, "Requests a minute of one address that asks without a key; 0 is no limit"
    )
    rate_exchanges: int = whole(
        10, 0, 10_000_000, "One-time codes a minute that one address may try to exchange; 0 is no limit"
    )
    code_days: int = whole(30, 1, 365, "Days for which the one-time code of a notice can be exchanged")
    subject_key_days: int = whole(90, 1, 365, "Days for which the key that is given for a one-time code is valid")
    objection_file_days: int = whole(
        10, 1, 250, "Working days from the service of a notice within which it asks for an objection 异议"
    )
    objection_mark_days: int = whole(1, 1, 250, "Working days within which an objection is to be marked")
    objection_own_days: int = whole(
        3, 1, 250, "Working days within which an objection to an inspection is to be decided"
    )
    objection_other_days: int = whole(
        7, 1, 250, "Working days within which an objection to a case is to be decided, whose organ has to be asked"
    )
    proxies: int = whole(
        0, 0, 10, "Proxies in front of the web server whose X-Forwarded-For, -Proto and -Host are believed"
    )
    draws_witnessed_only: bool = switch(
        default=False,
        what="Draws may be planned without a public seed source; they are marked `witnessed, not verifiable`",
    )
    calendars: str = calendars_folder(
        "Folder of working-day calendars 工作日 beside the shipped ones, a file `YYYY.json` a year; empty is none"
    )
    public_url: str = text(
        "",
        "Address at which the public reaches this installation, for QR codes; empty is the one that was asked",
        r"https?://[A-Za-z0-9._:\[\]-]+(?:/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-])?",
        "must be an address such as https://credit.example.gov.cn, without a slash at its end",
    )
    webhook_hosts: tuple[str, ...] = words(
        (),
        "Hosts of webhooks that may lie in this network and be reached by http, with commas between; others must be "
        "in the public network and have https",
        r"[A-Za-z0-9._:-]{1,253}",
        "must be host names or IP addresses, with commas between several",
    )
    signing_keys: str = folder(
        "Folder of the keys that sign receipts and commitments and derive secrets, made by `chengxin signing rotate`; "
        "unset, nothing is signed, and `chengxin up` makes `keys` in CHENGXIN_HOME"
    )
    metrics_loopback: bool = switch(
        default=False,
        what="Processes of this machine need no key for `/metrics`; unset, `chengxin up` makes it `true`",
    )
    log_level: str = choice("info", ("debug", "info", "warning", "error"), "Least level that is logged")
    log_format: str = choice(
        "auto", ("auto", "json", "console"), "Form of the logs (`auto`: console on a terminal, else JSON)"
    )

    @property
    def embedded_log(self) -> bool:
        """Whether the log is this machine's own broker, started and stopped with it."""
        return not self.kafka

    @property
    def embedded_store(self) -> bool:
        """Whether the store is this machine's own, started and stopped with it."""
        return not self.redis

    @property
    def subject_partitions(self) -> int:
        """How many partitions the topics keyed by subject are made with."""
        return self.partitions or (8 if self.embedded_log else 64)

    def shown(self) -> dict[str, str]:
        """Values as text by the environment's names, secrets as `***`: safe to print and to log."""
        shown = self.environment()
        for each in fields(self):
            if each.metadata["secret"] and shown[variable(each.name)]:
                shown[variable(each.name)] = HIDDEN
        shown[variable("redis")] = _without_password(self.redis)
        return shown

    def __repr__(self) -> str:
        return f"Settings({self.shown()})"

    def environment(self) -> dict[str, str]:
        """The variables that make these same settings: how a child process is given them. Holds secrets."""
        return {variable(each.name): _as_text(getattr(self, each.name)) for each in fields(self)}


def variable(name: str) -> str:
    """Environment's name of a setting."""
    return PREFIX + name.upper()


def documentation() -> list[tuple[str, str, str]]:
    """Variable, default and meaning of every setting, in order: what the README's table holds."""
    return [(variable(f.name), _as_text(f.default), f.metadata["what"]) for f in fields(Settings)]


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    host = re.sub(r".*@", f"{HIDDEN}@", parts.netloc)
    return urlunsplit(parts._replace(netloc=host, query=HIDDEN if parts.query else ""))
