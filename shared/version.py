"""The version of this code, as subjects that it failed on and workers that run it are marked with."""

from __future__ import annotations

from importlib import metadata

CODE = metadata.version("chengxin")
