"""Every key of the store. All keys of a subject carry the hash tag of its bucket, so that one script can touch them.

Owners and lifetimes: the scoring worker that owns a bucket writes its keys, the lookup worker that owns a partition of
`scores.v1` those of the directory, the draws' worker those of people, whoever asks for a document where documents lie,
the notify worker that owns a partition of `scores.v1` what was told and is to be; none of them expires.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.eventlog.port import TopicPartition


@dataclass(frozen=True, slots=True)
class Keys:
    """Builds keys below the installation's prefix."""

    prefix: str

    def _of_bucket(self, bucket: int, what: str) -> str:
        return f"{self.prefix}{{b{bucket:04d}}}:{what}"

    def stamp(self, bucket: int) -> str:
        """String: the stamp of the last write that moved this bucket on, by which writers are fenced (`tenure.py`)."""
        return self._of_bucket(bucket, "stamp")

    def heads(self, bucket: int) -> str:
        """Hash: subject → ledger digest, number of rulebooks and day of its summary, and the summary as JSON."""
        return self._of_bucket(bucket, "heads")

    def due(self, bucket: int) -> str:
        """Sorted set: subject by the ordinal of the day on which its summary ends to be true."""
        return self._of_bucket(bucket, "due")

    def outbox(self, bucket: int) -> str:
        """Hash: subject whose summary has yet to go out → stamp of the write that says so."""
        return self._of_bucket(bucket, "outbox")

    def failed(self, bucket: int) -> str:
        """Hash: subject that could not be scored → version of the code that failed on it."""
        return self._of_bucket(bucket, "failed")

    def ledger(self, bucket: int, subject_id: str) -> str:
        """Hash: one field per distinct fact of a subject, its ledger."""
        return self._of_bucket(bucket, f"facts:{subject_id}")

    def progress(self, bucket: int) -> str:
        """String: by topic partition, the offset of the next record to apply to this bucket, and the one up to which a
        rebuild must come before it is read again; as JSON.
        """
        return self._of_bucket(bucket, "progress")

    def partitions(self) -> str:
        """String: the number of partitions of the subject topics by which this store was filled."""
        return f"{self.prefix}partitions"

    def applied(self, partition: int) -> str:
        """String: the instant until which all that is on the log is applied, by partition of the subject topics."""
        return f"{self.prefix}applied:{partition}"

    def swept(self, partition: int) -> str:
        """String: the day for which every summary of a partition of the subject topics was true when looked at."""
        return f"{self.prefix}swept:{partition}"

    def marks(self, number: int, county: str = "") -> str:
        """Hash: partition of `scores.v1` → offset of the next record to file, and the stamp of the last write for it.

        One lies in each county, and one with the places of the partition.
        """
        return self._of_county(county, "marks") if county else self._of_partition(number, "marks")

    def places(self, number: int) -> str:
        """Hash: subject of a partition → offset of the state that it is filed by, and where it may be filed."""
        return self._of_partition(number, "places")

    def counties(self, number: int) -> str:
        """Set: the counties in which subjects of a partition were ever filed."""
        return self._of_partition(number, "counties")

    def level(self, number: int) -> str:
        """Hash: until when, and for which sweep, all that the scoring workers have told of a partition is filed."""
        return self._of_partition(number, "level")

    def filed(self, county: str) -> str:
        """Hash: subject → the facets it is found by, a line each."""
        return self._of_county(county, "filed")

    def entries(self, county: str) -> str:
        """Sorted set, all of score 0: facet and subject, so that a facet's subjects lie side by side, by id."""
        return self._of_county(county, "entries")

    def people(self, what: str) -> str:
        """What the draws' worker keeps, all in one slot (`people.py` says which parts there are)."""
        return f"{self.prefix}{{people}}:{what}"

    def told(self, bucket: int) -> str:
        """Hash: subject → what subscribers were told of it, or would have been."""
        return self._of_bucket(bucket, "told")

    def deliveries(self, bucket: int) -> str:
        """Hash: delivery → what is yet to be sent."""
        return self._of_bucket(bucket, "deliveries")

    def told_until(self, number: int) -> str:
        """String: up to which offset of a partition of `scores.v1` subscribers are told, or will be."""
        return self._of_partition(number, "told-until")

    def subscriptions(self) -> str:
        """Hash: subscription and a word → how it goes: failures in a row, since when it is paused."""
        return f"{self.prefix}subscriptions"

    def subscription(self, subscription_id: str, what: str) -> str:
        """What was tried for a subscription: `tries`, a list, and `dead`, a hash of deliveries that were given up."""
        return f"{self.prefix}{{s{subscription_id}}}:{what}"

    def asked(self) -> str:
        """Hash: delivery that was given up → what is kept of it, while somebody asks for it to be sent again."""
        return f"{self.prefix}asked"

    def key_use(self) -> str:
        """Hash: access key's id → when it was last used. Web processes write it."""
        return f"{self.prefix}key-use"

    def claim(self, what: str) -> str:
        """String: who may do what is done once. It ends by itself."""
        return f"{self.prefix}claim:{what}"

    def documents(self) -> str:
        """Hash: SHA-256 of a document → where its chunks lie on `documents.v1`, a line each; and up to which position
        that topic is read.
        """
        return f"{self.prefix}documents"

    def _of_partition(self, number: int, what: str) -> str:
        return f"{self.prefix}{{d{number:04d}}}:{what}"

    def _of_county(self, county: str, what: str) -> str:
        return f"{self.prefix}{{c{county}}}:{what}"

    def workers(self, group: str) -> str:
        """Hash: member of a consumer group → what it last said of itself, as JSON. Each worker writes its own field."""
        return f"{self.prefix}workers:{group}"

    def breaker(self, at: TopicPartition) -> str:
        """String: what is counted of a topic partition's bad events, as JSON."""
        return f"{self.prefix}breaker:{field_of(at)}"


def field_of(at: TopicPartition) -> str:
    """The name of a topic partition in what is kept."""
    return f"{at.topic}:{at.partition}"
