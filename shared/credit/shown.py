"""What is shown of a subject's standing: the one body of look-ups, feeds and webhooks. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from shared.credit.dossiers import kind_of
from shared.credit.item import Ledger
from shared.credit.masking import masked_name

Body = dict[str, Any]

_NO_SCORE: Body = {"score": None, "grade": None, "basis": None, "next_change_on": None, "disputed": False}
"""The view before the first version of the kind's rulebook."""


def shown(
    subject_id: str,
    ledger: Ledger,
    registered: Mapping[str, Any] | None,
    view: Mapping[str, Any] | None,
    rulebook: Mapping[str, Any] | None,
    *,
    public: bool,
) -> Body:
    """The body out of a registration and the view of an audience, where there is one; amounts that the audience may not
    see are left out of the view already. `public`: numbers of persons that stand beside a name are hidden.
    """
    registered = registered or {}
    name = registered.get("name")
    return {
        "subject_id": subject_id,
        "kind": kind_of(subject_id),
        "name": _public_name(registered) if public and name is not None else name,
        "region": registered.get("region"),
        "status": registered.get("status"),
        "ledger": ledger,
        **(_NO_SCORE if view is None else view),
        "rulebook": rulebook,
    }


def _public_name(registered: Mapping[str, Any]) -> str:
    """A trade name 字号 is shown; where it is but the name of who runs it, the surname alone is.

    Whatever its legal form is said to be: that may be left out of an entry.
    """
    name = str(registered["name"])
    if _narrow(name) == _narrow(str(registered.get("operator", ""))):
        return f"{name[:1]}**"
    return masked_name(name)


def _narrow(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())


def shown_of(summary: Mapping[str, Any], ledger: Ledger, *, public: bool) -> Body:
    """The body out of a kept summary, which has a view for the audience of each ledger."""
    said = summary["subject_id"], ledger, summary["registration"], summary[ledger], summary["rulebook"]
    return shown(*said, public=public)
