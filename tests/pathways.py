"""A family's way through a service, in few words: for stories about referrals, stages and ends."""

from dataclasses import replace
from datetime import date

from app.casework.forms import ReferralForm
from app.casework.pathway import DecisionForm
from casebooks import House, Member, pugh
from cast import BEN

MONDAY = date(2026, 11, 23)
NIA = replace(BEN, name="Nia Morgan", title="Supervisor", role="supervisor")


def referred(received: date, *, source: str = "school", **more) -> ReferralForm:
    return ReferralForm(received_at=received, source=source, **more)


def family_of(member: Member, received: date = MONDAY, **more) -> str:
    return member.book.families.register(
        pugh(
            referral=referred(received, source="midwife", via="mash", referrer="Nan Ellis"), **more
        )
    )


def clock(member: Member, family: str, code: str):
    return next(c for c in member.book.pathways.of(family).clocks if c.code == code)


def decided(kind: str, outcome: str, on: date, **more) -> DecisionForm:
    return DecisionForm(kind=kind, outcome=outcome, on=on, **more)


def come_into_signal(house: House, *one_after_the_other: Member) -> None:
    """The office takes one grant after the other, so whoever comes second makes hers anew."""
    for member in one_after_the_other:
        member.online = False
    for member in one_after_the_other:
        member.online = True
        house._deliver(member)
        house.carry()
        house.carry()
