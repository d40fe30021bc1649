"""What is only on this device is counted as things, not as records."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.casework.schema import SCHEMA
from app.casework.unsent import DETAILS, count_things, things
from app.wording.vocabulary import worded
from casebooks import okoro

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Record:
    record: str
    kind: str
    casefile: str = "ab"
    minutes: int = 0
    refused: str | None = None

    @property
    def at(self) -> datetime:
        return NOON + timedelta(minutes=self.minutes)


def test_a_family_is_one_thing_and_each_note_another():
    found = things(
        [
            Record("1", "family"),
            Record("2", "person", minutes=1),
            Record("3", "visit_note", minutes=2),
            Record("4", "membership", minutes=3),
            Record("5", "visit_note", minutes=4),
            Record("6", "address", casefile="cd", minutes=5),
        ]
    )
    assert [(w.casefile, w.what, w.record) for w in found] == [
        ("ab", "visit_note", "3"),
        ("ab", DETAILS, "4"),
        ("ab", "visit_note", "5"),
        ("cd", DETAILS, "6"),
    ]


def test_what_the_app_plans_by_itself_is_one_thing_for_each_family():
    records = [
        Record("1", "appointment"),
        Record("2", "reminder", minutes=1),
        Record("3", "reminder", minutes=2),
        Record("4", "call_task", minutes=3),
        Record("5", "reminder", casefile="cd", minutes=4),
    ]
    assert [w.record for w in things(records)] == ["1", "3", "4", "5"]
    tally = {("ab", "appointment"): 1, ("ab", "reminder"): 2, ("ab", "call_task"): 1}
    assert count_things(tally | {("cd", "reminder"): 1}) == 4


def test_what_somebody_wrote_stands_above_what_the_app_plans():
    records = [
        Record("1", "call_task"),
        Record("2", "reminder", casefile="cd", minutes=1),
        Record("3", "visit_note", minutes=2),
        Record("4", "attendance", casefile="cd", minutes=3),
    ]
    assert [w.record for w in things(records)] == ["3", "4", "1", "2"]


def test_a_new_family_counts_as_one_until_the_office_has_it(house, amina):
    assert count_things(amina.vault.tally_unsent()) == 0
    with house.out_of_signal(amina):
        amina.book.families.register(okoro())
        records = len(amina.vault.unsent())
        assert records > 5
        assert count_things(amina.vault.tally_unsent()) == 1
        assert len(things(amina.vault.unsent())) == 1
    house.carry()
    assert count_things(amina.vault.tally_unsent()) == 0


def test_whatever_waits_has_words_that_nobody_needs_explained():
    kinds = {w.what for w in things(Record(k.name, k.name) for k in SCHEMA.kinds)}
    assert kinds - worded("waiting") == set()
