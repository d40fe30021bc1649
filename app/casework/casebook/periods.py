"""Writing down that a dated stretch begins: stage, legal status, placement, indicator.

Used wherever one begins, so that the one before always ends with it and a stage always says where
the family stands.
"""

from __future__ import annotations

from datetime import date

from app.casework.casebook import reading as r
from app.casework.casebook.ledger import Ledger
from app.casework.period import PeriodKind
from storage.query import Record
from storage.vault import Statement


def beginning(
    ledger: Ledger,
    family: str,
    kind: PeriodKind,
    code: str,
    since: date,
    *,
    subject: str | None = None,
    answer: bool | None = None,
    by: str = "",
    reason: str = "",
) -> tuple[str, list[Statement]]:
    """The period's id and what to write. What holds already is not begun again: then nothing.

    `answer` is for indicators, which hold beside one another: each ends only the one of its code.
    """
    about = subject or family
    held = _open(ledger, family, kind, about, code if kind is PeriodKind.INDICATOR else None)
    for one in held:
        same = r.text(one.fields, "code") == code and one.fields.get("answer") == answer
        if same and len(held) == 1:
            return one.record, []
    period = ledger.vault.new_id()
    fields = r.plain_fields(
        subject=about,
        kind=kind,
        code=code,
        since=since,
        reason=reason.strip(),
        by=by.strip() or None,
        answer=answer,
    )
    said = [
        ledger.statement(one.casefile, "period", one.record, r.plain_fields(until=since))
        for one in held
    ]
    kept = {name: value for name, value in fields.items() if value is not None}
    said.append(ledger.statement(family, "period", period, kept))
    said += standing(ledger, family, kind, code)
    return period, said


def standing(ledger: Ledger, family: str, kind: PeriodKind, code: str) -> list[Statement]:
    """What that stage makes of the family; nothing for a stage the profile does not know."""
    stage = ledger.profile.stage(code) if kind is PeriodKind.STAGE else None
    if stage is None:
        return []
    before = ledger.one(family, "family").fields
    differing = r.differing(before, r.plain_fields(status=stage.standing))
    return [ledger.statement(family, "family", family, differing)]


def _open(
    ledger: Ledger, family: str, kind: PeriodKind, subject: str, code: str | None
) -> list[Record]:
    where: dict[str, object] = {"kind": kind.value, "until": None}
    if kind is not PeriodKind.STAGE:  # a stage is the family's, in whichever casefile it stands
        where["subject"] = subject
    if code is not None:
        where["code"] = code
    return ledger.of_family("period", family, where)
