"""Cases and tiles for tests of figures: a handful of families told in a line each.

boat = a_case("boat", opened="2026-03-02", stages={"moored": "2026-03-02"})
figure = worked_out(TILE_TOML, [boat], "2026-01-01", "2026-06-30")
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from app.casework.course import Course, Happening
from app.casework.figures import Baby, Case, Figure, Filled, Flow, Seen, Span, Thing, Working
from app.casework.figures.working_out import WorkingOut
from app.casework.period import Period, PeriodKind
from app.casework.profile import Profile
from app.casework.profile.reading import read_profile
from profiles import HARBOUR

_TILES = re.compile(r"\[\[tiles\]\].*", re.DOTALL)


def profile_with(text: str) -> Profile:
    """Harbour House with these tiles and funnels instead of its own."""
    return read_profile((_TILES.sub("", HARBOUR) + text).encode(), "harbour.toml")


def tile_text(rest: str, code: str = "asked") -> str:
    """A tile as a file says it, words left to their own."""
    return f'[[tiles]]\ncode = "{code}"\nen = "Asked"\ncy = "Gofynnwyd"\n{rest}\n'


def worked_out(rest: str, things: Iterable[Case | Thing], first: str, last: str) -> Figure:
    """That tile over these cases and things."""
    profile = profile_with(tile_text(rest))
    return _working(profile, things, first, last).tile(profile.tiles[0])


def flowed(text: str, things: Iterable[Case | Thing], first: str, last: str) -> Flow:
    """That funnel over these cases."""
    profile = profile_with(text)
    return _working(profile, things, first, last).funnel(profile.funnels[0])


def a_case(
    name: str,
    *,
    opened: str,
    closed: str = "",
    closure: str = "",
    stages: Mapping[str, str] | None = None,
    held: Iterable[Period] = (),
    happened: Iterable[tuple[str, str]] = (),
    filled: Iterable[tuple[str, str, Mapping[str, int]]] = (),
    seen: Iterable[str] = (),
    babies: Iterable[Baby] = (),
    working: Iterable[Working] = (),
    locality: str = "",
) -> Case:
    """An episode. `stages` are days they began, each ending where the next begins; `happened` is
    milestones with their days; `filled` steadiness forms by occasion; `seen` days of visits."""
    begun = sorted((stages or {}).items(), key=lambda item: item[1])
    ends = [since for _, since in begun[1:]]
    told = [
        _happening("opened", opened),
        _happening("referral_received", opened),
        *(_happening(f"stage:{code}", since) for code, since in begun),
        *(_happening(milestone, on) for milestone, on in happened),
    ]
    if closed:
        told.append(_happening(f"closed:{closure}", closed))
    return Case(
        id=name,
        family=name,
        opened=date.fromisoformat(opened),
        closed=date.fromisoformat(closed) if closed else None,
        closure=closure,
        locality=locality,
        course=Course(told),
        periods=(
            *(
                a_period("stage", code, since, until, subject=name)
                for (code, since), until in zip(begun, [*ends, ""], strict=False)
            ),
            *held,
        ),
        babies=tuple(babies),
        working=tuple(working),
        filled=tuple(
            Filled(measure="steadiness", occasion=o, on=date.fromisoformat(on), scores=scores)
            for o, on, scores in filled
        ),
        attended=tuple(
            Seen(on=date.fromisoformat(on), contact_type="deck_visit") for on in sorted(seen)
        ),
    )


def a_period(
    kind: str,
    code: str,
    since: str,
    until: str = "",
    *,
    subject: str = "baby",
    answer: bool | None = None,
) -> Period:
    return Period(
        id=f"{subject}{kind}{code}{since}",
        subject=subject,
        kind=PeriodKind(kind),
        code=code,
        since=date.fromisoformat(since),
        until=date.fromisoformat(until) if until else None,
        answer=answer,
    )


def a_thing(
    of: str,
    name: str,
    case: Case | None = None,
    on: Mapping[str, str] | None = None,
    **said: object,
) -> Thing:
    """A record of a collection with its own dates and whatever else it says."""
    amount = said.pop("amount", 0)
    scores = said.pop("scores", {})
    return Thing(
        of=of,
        id=name,
        family=case.family if case else "",
        case=case,
        days={key: date.fromisoformat(day) for key, day in (on or {}).items()},
        said=said,  # type: ignore[arg-type]  # what tests say of a thing
        scores=scores,  # type: ignore[arg-type]
        amount=Fraction(str(amount)),
    )


def _working(profile: Profile, things: Iterable[Case | Thing], first: str, last: str) -> WorkingOut:
    found: dict[str, list[Thing]] = {}
    for one in things:
        made = _as_things(one) if isinstance(one, Case) else [one]
        for thing in made:
            found.setdefault(thing.of, []).append(thing)
    span = Span(first=date.fromisoformat(first), last=date.fromisoformat(last))
    return WorkingOut(profile, found, span)


def _as_things(case: Case) -> list[Thing]:
    babies = [
        Thing(of="babies", id=f"{case.id} {b.person}", family=case.id, case=case, baby=b.person)
        for b in case.babies
    ]
    return [Thing(of="episodes", id=case.id, family=case.id, case=case), *babies]


def _happening(milestone: str, on: str) -> Happening:
    event, *about = milestone.split(":")
    return Happening(event=event, on=date.fromisoformat(on), about=tuple(about))
