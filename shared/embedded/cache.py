"""Where fetched files are kept: once for all installations of a user, so that a second one needs no network."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder(given: str, home: Path) -> Path:
    """The folder that is given, else `chengxin` in the user's cache folder (XDG Base Directory).

    Service accounts often have no folder of their own: then it is `cache` in the installation's home.
    """
    if given:
        return Path(given)
    try:
        users = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chengxin"
        users.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return home / "cache"
    return users
