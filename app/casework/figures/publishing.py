"""What of a service's figures may leave the team: numbers and the service's own words, nobody's id.

Small numbers say who is meant, so a count from 1 up to a service's limit is not given, and neither
is a number from which it could be worked out by taking others from the whole, or by knowing that
none of those hidden is nothing. What a slice is called comes from the profile; a value that is no
code of it is counted with the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from app.casework.attendance import Code, Obstacle, outcome_word
from app.casework.figures.figure import Counted, Figure, Flow, Slice
from app.casework.figures.span import Span
from app.casework.profile import Profile
from app.casework.profile.tiles import Show, Tile
from app.casework.profile.words import NO_WORDS, Words

NOT_OF_FAMILIES = frozenset({"workers"})
"""Collections whose small numbers say nothing about a family."""
FIXED: Mapping[str, frozenset[str]] = {
    "outcome": frozenset({*(outcome_word(code) for code in Code), "was_not_brought"}),
    "obstacle": frozenset(o.value for o in Obstacle),
    "status": frozenset({"open", "done", "dropped"}),
    "state": frozenset({"sent", "delivered", "failed", "unknown", "suppressed", "answered"}),
    "channel": frozenset({"text", "voice", "call_task"}),
}
"""Keys whose values are the app's own codes. Every other key but these and the profile's lists
names somebody or something, and is not split by."""
LISTS: Mapping[str, str] = {
    "venue": "venue_type", "role": "job", "form": "measure",
    **{name: name for name in (
        "stage", "source", "via", "locality", "closure", "destination", "team", "function",
        "intervention", "legal", "placement", "contact_type", "programme", "appraisal", "agency",
        "decision", "occasion", "rule",
    )},
}  # fmt: skip
"""Keys whose values are codes of the profile, and the vocabulary of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedSlice:
    """A part of a figure. `hidden`: too small a number to give; then all three are None."""

    code: str
    words: Words = NO_WORDS
    value: Fraction | None = None
    number: Fraction | None = None
    of: Fraction | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A figure as others may see it. `rest` is what falls in no slice."""

    code: str
    words: Words
    section: Words = NO_WORDS
    show: Show
    unit: str = ""
    digits: int = 0
    value: Fraction | None = None
    number: Fraction | None = None
    of: Fraction | None = None
    hidden: bool = False
    slices: tuple[PublishedSlice, ...] = ()
    rest: PublishedSlice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The figures of one team over one span. `below`: counts from 1 to one less are not given."""

    team: str
    service: Words
    span: Span
    below: int
    figures: tuple[PublishedFigure, ...] = field(default=())


def publication(
    profile: Profile, team: str, span: Span, figures: Sequence[Figure], flows: Sequence[Flow]
) -> Publication:
    """What may be published of these figures."""
    below = profile.small_numbers
    return Publication(
        team=team,
        service=profile.name,
        span=span,
        below=below,
        figures=(
            *(_figure(profile, figure, below) for figure in figures),
            *(_flow(flow, below) for flow in flows),
        ),
    )


def _figure(profile: Profile, figure: Figure, below: int) -> PublishedFigure:
    tile = figure.tile
    hidden = _hidden(figure, figure.numerator, figure.denominator, len(figure.own), below)
    section = next((s.words for s in profile.sections if s.code == tile.section), NO_WORDS)
    unit = getattr(tile.mean, "unit", "") if tile.mean else ""
    slices, rest, kept = _slices(profile, figure, below)
    if not kept or (hidden and tile.show == "shares"):
        hidden, slices, rest = True, (), None
    return PublishedFigure(
        code=tile.code,
        words=tile.words,
        section=section,
        show=tile.show,
        unit=unit,
        digits=tile.digits,
        value=None if hidden else figure.value,
        number=None if hidden else _number(figure),
        of=None if hidden or figure.denominator is None else figure.denominator.number,
        hidden=hidden,
        slices=slices,
        rest=rest,
    )


def _number(figure: Figure) -> Fraction:
    """What is above the line; of a mean, how many values it is of."""
    return Fraction(len(figure.own)) if figure.tile.mean else figure.numerator.number


def _slices(
    profile: Profile, figure: Figure, below: int
) -> tuple[tuple[PublishedSlice, ...], PublishedSlice | None, bool]:
    """The slices with words of the profile; whatever else there is goes to the rest.

    The third is False where the whole gives the small ones away, whatever else is hidden.
    """
    tile = figure.tile
    allowed = _allowed(profile, tile)
    named = [s for s in figure.slices if s.part is not None or s.code in allowed]
    others = [s for s in figure.slices if s.part is None and s.code not in allowed]
    if not named:
        return (), None, True
    found = [_slice(profile, figure, one, below) for one in named]
    loose = [*others, *([figure.rest] if figure.rest else [])]
    rest = _rest(figure, loose, below) if loose else None
    numbers = [_parts_number(figure, one) for one in named]
    if rest is not None:
        found.append(rest)
        numbers.append(sum((one.numerator.number for one in loose), Fraction(0)))
    together, kept = _with_more(found, numbers, below)
    if rest is None:
        return tuple(together), None, kept
    return tuple(together[:-1]), together[-1], kept


def _parts_number(figure: Figure, one: Slice) -> Fraction:
    """What counts of a slice: of a mean how many values, else what is above the line."""
    if figure.tile.mean:
        return Fraction(sum(thing.id in figure.own for thing in one.numerator.things))
    return one.numerator.number


def _allowed(profile: Profile, tile: Tile) -> frozenset[str]:
    if tile.by in FIXED:
        return FIXED[tile.by]
    return frozenset(profile.codes(LISTS.get(tile.by, "")) or ())


def _slice(profile: Profile, figure: Figure, one: Slice, below: int) -> PublishedSlice:
    tile = figure.tile
    own = sum(thing.id in figure.own for thing in one.numerator.things)
    words = one.part.words if one.part else _words(profile, tile.by, one.code)
    if _hidden(figure, one.numerator, one.denominator, own, below):
        return PublishedSlice(code=one.code, words=words, hidden=True)
    return PublishedSlice(
        code=one.code,
        words=words,
        value=one.value,
        number=Fraction(own) if tile.mean else one.numerator.number,
        of=one.denominator.number if one.denominator else None,
    )


def _rest(figure: Figure, loose: Sequence[Slice], below: int) -> PublishedSlice:
    """Everything without words of the profile, added up; ratios of it are not given."""
    number = sum((one.numerator.number for one in loose), Fraction(0))
    if _small(number, below):
        return PublishedSlice(code="", hidden=True)
    whole = figure.numerator.number
    value = number * 100 / whole if figure.tile.show == "shares" and whole else None
    return PublishedSlice(
        code="", value=number if figure.tile.show == "number" else value, number=number
    )


def _words(profile: Profile, key: str, code: str) -> Words:
    """The profile's own words for a code, in both languages; none for the app's own codes."""
    vocabulary = LISTS.get(key, "")
    return Words(
        en=profile.word(vocabulary, code, "en_GB"), cy=profile.word(vocabulary, code, "cy_GB")
    )


def _hidden(figure: Figure, above: Counted, under: Counted | None, own: int, below: int) -> bool:
    """Whether a number here is small enough to point at somebody."""
    tile = figure.tile
    if tile.mean is not None:
        return _small(Fraction(own), below)
    numbers = [] if _of_workers(tile, over=False) else [above.number]
    if under is not None and not _of_workers(tile, over=True):
        numbers.append(under.number)
        if tile.show == "percentage":
            numbers.append(under.number - above.number)
        elif tile.show == "reduction":
            numbers.append(abs(above.number - under.number))
    return any(_small(number, below) for number in numbers)


def _of_workers(tile: Tile, *, over: bool) -> bool:
    selection = tile.denominator if over else tile.numerator
    return selection is not None and selection.of in NOT_OF_FAMILIES


def _small(number: Fraction, below: int) -> bool:
    return 0 < number < below


def _with_more(
    slices: Sequence[PublishedSlice], numbers: Sequence[Fraction], below: int
) -> tuple[list[PublishedSlice], bool]:
    """Hide the next smallest that is not nothing, until what the others leave of the whole tells
    no hidden one. False where nothing is left to hide and the whole still tells."""
    found = list(slices)
    while _told([n for n, one in zip(numbers, found, strict=True) if one.hidden], below):
        shown = [n for n, one in enumerate(found) if not one.hidden and numbers[n]]
        if not shown:
            return found, False
        at = min(shown, key=lambda n: numbers[n])
        found[at] = replace(found[at], value=None, number=None, of=None, hidden=True)
    return found, True


def _told(hidden: Sequence[Fraction], below: int) -> bool:
    """Whether the sum of what is hidden says what each is.

    One alone is that sum. Several are, where the sum is the least it can be, for nothing is never
    hidden and each is then one; or the most that as many small numbers can make together.
    """
    count, total = len(hidden), sum(hidden, Fraction(0))
    if count <= 1:
        return count == 1
    return total in (count, count * (below - 1))


def _flow(flow: Flow, below: int) -> PublishedFigure:
    """A funnel as a figure: a step that few reached, or at which few were lost, is not given."""
    slices: list[PublishedSlice] = []
    before: Fraction | None = None
    for step in flow.steps:
        number = step.counted.number
        lost = before - number if before is not None else Fraction(0)
        words = step.step.words if step.step else NO_WORDS
        code = step.step.code if step.step else ""
        if _small(number, below) or _small(lost, below):
            slices.append(PublishedSlice(code=code, words=words, hidden=True))
        else:
            slices.append(PublishedSlice(code=code, words=words, value=number, number=number))
        before = number
    return PublishedFigure(
        code=flow.funnel.code, words=flow.funnel.words, show="number", slices=tuple(slices)
    )
