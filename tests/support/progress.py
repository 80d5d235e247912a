"""How far a bucket is applied, by its topic partitions."""

from shared.store.keys import field_of
from shared.store.progress import Progress


def progress_of(positions, until=()):
    """The progress of a bucket that is applied up to some positions, and rebuilt until others."""
    return Progress(*({field_of(at): offset for at, offset in dict(each).items()} for each in (positions, until)))
