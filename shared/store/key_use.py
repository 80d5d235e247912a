"""When access keys were last used, as the web processes have seen it: a help for whoever clears up, and no record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shared.store.client import Store
from shared.store.keys import Keys


class KeyUse:
    """Reads and writes. Both raise `StoreUnavailable`."""

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store, self._key = store, keys.key_use()

    def note(self, used: Mapping[str, datetime]) -> None:
        """Say of some keys when they were used last."""
        if used:
            texts = {key_id: instant.isoformat() for key_id, instant in used.items()}
            self._store.pipelined(lambda pipe, said: pipe.hset(self._key, mapping=said), [texts])

    def read(self) -> dict[str, datetime]:
        """By key id; a key that was not used since the store was made is left out."""
        [found] = self._store.pipelined(lambda pipe, _: pipe.hgetall(self._key), [None])
        return {key_id.decode(): datetime.fromisoformat(said.decode()) for key_id, said in found.items()}
