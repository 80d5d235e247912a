"""Rows of double publicity 双公示 out of the accounts of subjects. Pure.

A penalty is in the table while the public ledger has it: what is revoked, repaired or past its period is not. Amounts
are in 万元 with six decimals, the exchange's unit: 200 yuan are 0.020000.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.statistics.publicity.columns import CODE_OF_INDIVIDUALS, INDIVIDUAL, LEGAL, UNIFIED, Row
from shared.credit.item import Item
from shared.credit.score import Account
from shared.registry.subject import parse_subject_id

_CENTS_OF_WAN = Decimal(1_000_000)
_SIX = Decimal("0.000001")
_LICENCES = re.compile("暂扣|吊销|降低资质")
_BRACKETS = re.compile(r"[\[［(（【]\s*([0-9]{4})\s*[\]］)）】]")


def penalties(
    account: Account,
    registered: Mapping[str, Any],
    first: date,
    last: date,
    today: date,
    within: Callable[[str | None], bool] = lambda _: True,
) -> Iterator[Row]:
    """The rows of a subject's public cases that were decided within some days, both included, in regions asked for."""
    for item in account.items:
        public = item.type == "case" and item.active(today) and first <= item.decided_on <= last
        if public and within(content_of(item)["region"]):
            yield row_of(item, account.dossiers.subject_id, registered)


def content_of(item: Item) -> Mapping[str, Any]:
    """What the case of an item that counts says."""
    assert item.dossier.content is not None
    return item.dossier.content.data


def row_of(item: Item, subject_id: str, registered: Mapping[str, Any]) -> Row:
    """The row of a case that is public."""
    assert item.until is not None
    data, code = content_of(item), parse_subject_id(subject_id).code
    given = data.get("penalties", ())
    organ = data.get("organ", {})
    licences = (each.get("content") for each in given if _LICENCES.search(each["kind"]))
    individual = registered.get("legal_form") == "individual" or code.startswith(CODE_OF_INDIVIDUALS)
    return {
        "cf_xdr_mc": registered.get("name", ""),
        "cf_xdr_lb": INDIVIDUAL if individual else LEGAL,
        "cf_xdr_shxym" if len(code) == UNIFIED else "cf_xdr_gszc": code,
        "cf_frdb": registered.get("operator", ""),
        "cf_wsh": _BRACKETS.sub(r"〔\1〕", data.get("decision_no", "")),
        "cf_wfxw": item.violation.name if item.violation else data["violation_code"],
        "cf_sy": data.get("facts", data.get("summary", "")),
        "cf_yj": "；".join(item.violation.legal_basis) if item.violation else "",
        "cf_cflb": "；".join(dict.fromkeys(each["kind"] for each in given)),
        "cf_nr": "；".join(each.get("content", each["kind"]) for each in given),
        "cf_nr_fk": _wan(given, "罚款"),
        "cf_nr_wfff": _wan(given, "没收"),
        "cf_nr_zkdx": "；".join(filter(None, licences)),
        "cf_jdrq": data["decided_on"],
        "cf_gsjzq": (item.until - timedelta(days=1)).isoformat(),
        "cf_cfjg": organ.get("name", ""),
        "cf_cfjgdm": organ.get("code", ""),
        "cf_sjly": organ.get("name", ""),
        "cf_sjlydm": organ.get("code", ""),
    }


def _wan(given: Any, kind: str) -> str:
    """The sum of one kind of penalties in 万元; empty where there is none."""
    cents = [each["amount_cents"] for each in given if kind in each["kind"] and "amount_cents" in each]
    return str((Decimal(sum(cents)) / _CENTS_OF_WAN).quantize(_SIX)) if cents else ""
