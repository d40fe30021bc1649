"""Referrals: whether they fit, what was decided, who waits and why, and coming back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.casework.casebook import courses, family_lines, from_family, household, periods
from app.casework.casebook import reading as r
from app.casework.casebook.courses import Told
from app.casework.casebook.ledger import Ledger, derived_id
from app.casework.eligibility import UNBORN, Checked, Facts, Fits, check_all, flagged
from app.casework.episode import Episode, checked_reopening, episode_of
from app.casework.errors import EpisodeClosed, EpisodeOpen, Missing
from app.casework.family import FamilyStatus, Referral
from app.casework.forms import ReferralForm
from app.casework.gestation import age_words, gestation_on
from app.casework.pathway import Room, Waiter, longest_first
from app.casework.people import Person, PersonKind
from app.casework.period import PeriodKind, on_day
from storage.query import OneOf


class Referrals:
    """The part of a casebook that looks at referrals and keeps the waiting list."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def eligibility(self, family: str) -> tuple[Checked, ...]:
        """Each condition of the service on the day the referral was decided, or else today.

        What stood when it was decided stays so; what was not known then may be learnt later.
        """
        told = courses.told(self._ledger, family)
        return self._eligibility(told, referral_of(self._ledger, told))

    def answer(self, family: str, check: str, answer: bool | None) -> None:
        """What a person says to a condition that is a question; None: not known after all.

        Raises EpisodeClosed.
        """
        episode = self._open(family)
        fields = r.plain_fields(episode=episode.id, check=check, answer=answer)
        self._ledger.write(
            [
                self._ledger.statement(
                    self._ledger.remaining(family),
                    "eligibility_answer",
                    derived_id("eligibility", episode.id, check),
                    fields,
                )
            ]
        )

    def say_why_waiting(self, family: str, reason: str, text: str = "") -> None:
        """Why nobody works with the family yet. Raises EpisodeClosed."""
        episode = self._open(family)
        self._ledger.new(
            self._ledger.remaining(family),
            "waiting_reason",
            r.plain_fields(
                episode=episode.id, reason=reason, text=text.strip(), on=self._ledger.today
            ),
        )

    def waiting_list(self) -> list[Waiter]:
        """Families that wait or that nobody works with, the longest wait first."""
        reasons = {
            self._ledger.remaining(record.casefile): record
            for record in self._ledger.find("waiting_reason", order_by=("on",))
        }
        found, known = [], courses.all_told(self._ledger)
        for line in family_lines.lines(self._ledger):
            waits = line.status is FamilyStatus.WAITING or not line.workers
            if line.status is FamilyStatus.CLOSED or not waits:
                continue
            told = known.get(line.id) or courses.told(self._ledger, line.id)
            referral = referral_of(self._ledger, told)
            opened = told.latest.opened_at if told.latest else self._ledger.today
            since = referral.received_at if referral else opened
            said = reasons.get(line.id)
            fields = said.fields if said is not None else {}
            if told.latest is None or fields.get("episode") != told.latest.id:
                fields = {}
            found.append(
                Waiter(
                    family=line.id,
                    ref=line.ref,
                    name=line.name,
                    people=line.people,
                    locality=line.locality,
                    since=since,
                    days=(self._ledger.today - since).days,
                    reason=r.text(fields, "reason"),
                    text=r.text(fields, "text"),
                    said_on=r.maybe_day(fields, "on"),
                    flagged=len(flagged(self._eligibility(told, referral))),
                )
            )
        return longest_first(found)

    def room(self) -> Room:
        """How full the service is: open families against what it can take.

        The service's profile says how many that is; the team's record does where it does not.
        """
        return room(self._ledger)

    def refer_again(self, family: str, form: ReferralForm) -> str:
        """A closed family comes back: a new episode from the first stage; gives its id.

        Everything of the old one stays to be read. Raises EpisodeOpen, OutOfOrder, and Missing
        without a source.
        """
        ledger, family = self._ledger, self._ledger.remaining(family)
        if not form.source:
            raise Missing("source")
        told = courses.told(ledger, family)
        before = told.latest
        if before is not None:
            if before.open:
                raise EpisodeOpen
            checked_reopening(before, form.received_at, ledger.today)
        number = len(told.episodes) + 1
        episode, referral = derived_id("episode", family, str(number)), ledger.vault.new_id()
        stage = ledger.profile.first_stage
        values = {name: getattr(form, name) for name in ReferralForm.__dataclass_fields__}
        opening = r.plain_fields(
            service=ledger.profile.service, opened_at=form.received_at, referral=referral
        )
        _period, begun = periods.beginning(
            ledger, family, PeriodKind.STAGE, stage.code, form.received_at
        )
        ledger.write(
            [
                ledger.statement(family, "referral", referral, r.plain_fields(**values)),
                ledger.statement(family, "episode", episode, opening),
                *begun,
            ]
        )
        return episode

    def _open(self, family: str) -> Episode:
        return open_episode(courses.told(self._ledger, family))

    def _eligibility(self, told: Told, referral: Referral | None) -> tuple[Checked, ...]:
        ledger = self._ledger
        if not ledger.profile.eligibility:
            return ()
        now = check_all(ledger.profile.eligibility, self._facts(told, referral))
        then = dict(
            said.rpartition(":")[::2] for said in (referral.eligibility if referral else ())
        )
        return tuple(_as_decided(checked, then.get(checked.code)) for checked in now)

    def _facts(self, told: Told, referral: Referral | None) -> Facts:
        ledger = self._ledger
        on = (referral.decided_at if referral else None) or ledger.today
        people = [p for p in household.people(ledger, told.family) if p.until is None]
        unborn, children = _unborn(people, on), _children(people, on)
        gestations = [g.days for g in (gestation_on(p.edd, on) for p in unborn if p.edd) if g]
        months = [age_words(p.dob, on)[1] for p in children if p.dob is not None]
        pregnant = True if unborn else False if children else None
        legal = (
            on_day(told.periods, PeriodKind.LEGAL, subject, on)
            for subject in (told.family, *(p.id for p in (*unborn, *children)))
        )
        record = ledger.one(told.family, "family")
        episode = told.latest.id if told.latest else ""
        answers = ledger.of_family("eligibility_answer", told.family, {"episode": episode})
        return Facts(
            pregnant=pregnant,
            gestation_days=max(gestations, default=None),
            youngest_months=UNBORN if unborn else min(months, default=None),
            previous_removal=referral.previous_removal if referral else None,
            legal=tuple(dict.fromkeys(p.code for p in legal if p is not None)),
            locality=r.text(record.fields, "locality"),
            source=referral.source if referral else "",
            via=referral.via if referral else "",
            asked={
                r.text(a.fields, "check"): answer
                for a in answers
                if (answer := r.maybe_flag(a.fields, "answer")) is not None
            },
        )


def referral_of(ledger: Ledger, told: Told) -> Referral | None:
    """The referral that the latest episode began with."""
    episode = told.latest
    if episode is None:
        return None
    found = [from_family.referral(x) for x in ledger.of_family("referral", told.family)]
    for one in found:
        if one.id == episode.referral:
            return one
    own = [x for x in found if episode_of(told.episodes, x.received_at) == episode]
    return max(own, key=lambda x: (x.received_at, x.id), default=None)


def open_episode(told: Told) -> Episode:
    """The episode that is open. Raises EpisodeClosed."""
    if told.latest is None or not told.latest.open:
        raise EpisodeClosed
    return told.latest


def room(ledger: Ledger) -> Room:
    """How full the service is, families recorded twice counted once."""
    team = next(iter(ledger.find("team", limit=1)), None)
    own = r.maybe_whole(team.fields, "capacity") if team is not None else None
    stated = ledger.profile.capacity.families
    most = stated if stated is not None else own
    joined = ledger.joined().into
    counted: dict[str, int] = {}
    for record in ledger.find(
        "family", {"status": OneOf(FamilyStatus.OPEN.value, FamilyStatus.WAITING.value)}
    ):
        if record.casefile not in joined:
            status = r.text(record.fields, "status")
            counted[status] = counted.get(status, 0) + 1
    return Room(
        held=counted.get(FamilyStatus.OPEN, 0),
        waiting=counted.get(FamilyStatus.WAITING, 0),
        most=most,
    )


def _as_decided(now: Checked, then: str | None) -> Checked:
    """As it stood when it was decided; what was not known then, as it is known now."""
    if then in (Fits.MET, Fits.NOT_MET):
        return Checked(check=now.check, fits=Fits(then), seen=now.seen)
    return now


def _unborn(people: Iterable[Person], on: date) -> list[Person]:
    """Babies on the way that day, also those that have been born or were lost since."""
    return [
        p
        for p in people
        if (p.kind is PersonKind.UNBORN and (p.ended_on is None or p.ended_on > on))
        or (p.kind is PersonKind.CHILD and p.edd is not None and p.dob is not None and p.dob > on)
    ]


def _children(people: Iterable[Person], on: date) -> list[Person]:
    return [
        p
        for p in people
        if p.kind is PersonKind.CHILD
        and (p.dob is None or p.dob <= on)
        and (p.ended_on is None or p.ended_on > on)
    ]
