"""What a verifier checks, in its order, and the refusal that names the first check which fails (DRAW.md section 6)."""

from __future__ import annotations

PROTOCOL = "chengxin-draw/1"

CHECKS = (
    "protocol",
    "plan-form",
    "pool-form",
    "roster-form",
    "recusals-form",
    "excluded-form",
    "commitment",
    "feasible",
    "seed-time",
    "seed-form",
    "result-form",
    "result-sha256",
    "seed",
    "draw",
    "replacements",
    "journal-chain",
    "journal-head",
    "journal-draw",
)


class Refused(ValueError):
    """A draw, or a part of one, that does not hold; `check` is one of `CHECKS`."""

    def __init__(self, check: str, detail: str) -> None:
        super().__init__(f"{check}: {detail}")
        self.check, self.detail = check, detail


class Infeasible(Refused):
    """Subjects for which a panel could not be filled, in the pool's order."""

    def __init__(self, subjects: list[str]) -> None:
        shown = ", ".join(subjects[:3]) + (", …" if len(subjects) > 3 else "")  # noqa: PLR2004
        super().__init__("feasible", f"too few inspectors for {len(subjects)} subjects: {shown}")
        self.subjects = subjects
