"""The stand-alone verifier, loaded from its path as it lies in a bundle."""

import importlib.util
import sys
from pathlib import Path

PATH = Path(__file__).parents[2] / "shared" / "contracts" / "draw" / "verify.py"


def load():
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("draw_verifier", PATH)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


VERIFIER = load()


def refused_by(files, journal=None, head=None):
    """The check that the stand-alone verifier names; None where all hold."""
    try:
        VERIFIER.verify(files, VERIFIER.Report(quiet=True), journal, head)
    except VERIFIER.Refused as refused:
        return refused.check
    return None
