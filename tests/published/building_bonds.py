"""Building Bonds, Knowsley. The service publishes percentages and says nothing of their bases, so
the bases here are made up: fifties and thirties that come out as published.
"""

from __future__ import annotations

from datetime import date, timedelta

from published.writing import Family, Writing, spread

FIRST, LAST = date(2014, 9, 1), date(2017, 5, 31)
REPORT = (date(2014, 4, 1), date(2015, 3, 31))
"""The year of the referrals of whom half were not known at maternity booking."""


def write(writing: Writing) -> list[Family]:
    """Fifty families, the parents of the groups, and the professionals who were trained."""
    worker = writing.worker("Bonds 1", "psychotherapist")
    families = [
        _family(writing, n, day, worker)
        for n, day in enumerate(spread(50, date(2014, 9, 3), REPORT[1]))
    ]
    _groups(writing, worker)
    _training(writing, worker)
    writing.write()
    return families


def _family(writing: Writing, n: int, day: date, worker: str) -> Family:
    family = writing.family(
        day,
        source="public_health_midwife",
        decision="accepted",
        locality=("huyton", "kirkby")[n % 2],
    )
    writing.stage(family, "intervention", day + timedelta(days=14))
    came = {family.adults[0]: "5" if n < 48 else "3"}
    writing.appointment(family, day + timedelta(days=20), worker, came, kind="individual_session")
    closed = day + timedelta(days=300)
    # All 50 took antidepressants at the start, 20 no longer did; abuse in 30, then 5; drugs or
    # alcohol in 21, then 4; the difficulty was known at booking for half.
    for code, at_start, at_end in (
        ("antidepressant", 50, 30), ("domestic_abuse", 30, 5), ("drugs_alcohol", 21, 4),
        ("known_at_booking", 25, 25),
    ):  # fmt: skip
        _held(writing, family, code, day, closed, begins=n < at_start, stays=n < at_end)
    _measured(writing, family, n, day, closed)
    # Of those who completed the work two of three went on to universal services.
    if n < 48:
        destination = "universal" if n % 3 else "social_care"
        writing.close(family, "completed", closed, destination)
    else:
        writing.close(family, "declined", closed)
    writing.stage(family, "closed", closed)
    return family


def _held(
    writing: Writing,
    family: Family,
    code: str,
    day: date,
    closed: date,
    *,
    begins: bool,
    stays: bool,
) -> None:
    if begins and not stays:
        half_way = day + (closed - day) / 2
        writing.period(family, "indicator", code, day, half_way, answer=True)
        writing.period(family, "indicator", code, half_way, answer=False)
    else:
        writing.period(family, "indicator", code, day, answer=begins)


def _measured(writing: Writing, family: Family, n: int, day: date, closed: date) -> None:
    """45 of 50 less depressed and anxious; all 50 better in themselves. Different forms."""
    for occasion, on in (("initial", day), ("evaluation", closed)):
        later = occasion == "evaluation"
        low = 6 if later and n < 45 else 14
        writing.form(family, "mental_health", occasion, on, {"depression": low, "anxiety": low})
        writing.form(family, "wellbeing", occasion, on, {"score": 30 if later else 22})


def _groups(writing: Writing, worker: str) -> None:
    """286 parents who came to a group at least once; some of them often."""
    for n, day in enumerate(spread(143, date(2015, 4, 1), date(2017, 3, 31))):
        family = writing.family(day, source="childrens_centre", adults=2)
        programme = ("peep_antenatal", "peep_postnatal")[n % 2]
        for week in range(1 + n % 3):
            codes = dict.fromkeys(family.adults, "5")
            on = day + timedelta(days=14 + 7 * week)
            writing.appointment(family, on, worker, codes, kind="peep_session", programme=programme)
        if n < 10:
            missed = dict.fromkeys(family.adults, "3")
            on = day + timedelta(days=42)
            writing.appointment(
                family, on, worker, missed, kind="peep_session", programme=programme
            )
    for n in range(50):
        on = FIRST + timedelta(days=n * 7)
        scores = {"recommend": 1, "learnt": 1 if n < 45 else 0}
        writing.form(None, "course_feedback", "evaluation", on, scores, "peep_antenatal")


def _training(writing: Writing, worker: str) -> None:
    """79 and 74 professionals on the two courses, each day of which they come to."""
    for programme, many, days in (("training_8_day", 79, 8), ("training_2_day", 74, 2)):
        people = [f"{programme} {n}" for n in range(many)]
        for n in range(days):
            on = date(2016, 3, 1) + timedelta(days=7 * n)
            writing.appointment(
                None, on, worker, dict.fromkeys(people, "5"),
                kind="peep_session", programme=programme,
            )  # fmt: skip
    for n in range(50):
        scores = {"useful": 1 if n < 46 else 0, "confident": 1}
        writing.form(None, "training_feedback", "evaluation", date(2016, 6, 1), scores)
