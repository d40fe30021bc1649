"""Records that an older, newer or broken app wrote are shown as far as they go, and kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from app.casework.attendance import Code
from app.casework.casebook import reading as r
from app.casework.note import Seen
from app.casework.people import PersonKind
from casebooks import okoro
from storage.kinds import Value
from storage.vault import Statement

ODD: list[Value] = [None, "", "2026-13-45", "soon", 7, -1.5, True, [], ["x", 3], {"a": 1}]


def test_values_of_the_wrong_shape_read_as_missing():
    for odd in ODD:
        fields: dict[str, Value] = {"f": odd}
        assert r.maybe_day(fields, "f") is None
        assert r.maybe_moment(fields, "f") is None
        assert r.maybe_time(fields, "f") is None
        assert r.coded(PersonKind, fields, "f", PersonKind.ADULT) is PersonKind.ADULT
        assert r.maybe_coded(Code, fields, "f") is None
        assert isinstance(r.text(fields, "f"), str)
        assert all(isinstance(t, str) for t in r.texts(fields, "f"))
        assert isinstance(r.whole(fields, "f"), int)
        assert isinstance(r.number(fields, "f"), float)
        assert isinstance(r.flag(fields, "f"), bool)
        assert all(0 <= d <= 6 for d in r.days_of_week(fields, "f"))


def test_what_is_written_reads_back():
    fields = r.plain_fields(
        day=date(2026, 2, 28),
        at=datetime(2026, 2, 28, 9, 30, 7, tzinfo=UTC),
        wall=time(9, 30),
        code=Code.LATE_SEEN,
        days=frozenset({4, 0}),
        people=("b", "a"),
    )
    assert fields == {
        "day": "2026-02-28",
        "at": "2026-02-28T09:30:07Z",
        "wall": "09:30",
        "code": "6",
        "days": [0, 4],
        "people": ["b", "a"],
    }
    assert r.maybe_moment(fields, "at") == datetime(2026, 2, 28, 9, 30, 7, tzinfo=UTC)
    assert r.days_of_week(fields, "days") == {0, 4}
    with pytest.raises(TypeError):
        r.plain(object())
    with pytest.raises(ValueError, match="zone"):
        r.plain(datetime(2026, 2, 28))  # noqa: DTZ001


def test_only_what_differs_is_written_and_empty_equals_missing():
    assert r.differing({"a": "x"}, {"a": "x", "b": "", "c": [], "d": None}) == {}
    assert r.differing({"a": False}, {"a": None}) == {"a": None}
    assert r.differing({"a": 0}, {"a": None, "b": False}) == {"a": None, "b": False}


def test_a_newer_apps_codes_and_kinds_hide_nothing(house, amina, grace):
    family = amina.book.families.register(okoro())
    strange: dict[str, dict[str, Value]] = {
        "visit_note": {
            "contact_type": "hologram",
            "occurred_at": "2026-11-22T09:00:00Z",
            "text": "From the future.",
            "signed_at": "2026-11-22T10:00:00Z",
            "child_seen": "through_glass",
            "mood_curve": [1, 2, 3],
        },
        "appointment": {"kind": "hologram", "starts": "2026-11-23T12:00:00Z", "minutes": "long"},
        "person": {"kind": "android", "given": "Ari", "dob": "the 1st of May"},
        "period": {"kind": "phase_of_moon", "code": "full", "since": "2026-11-01"},
        "safe_contact": {"channel": "telepathy", "number": "n/a", "allowed": "mostly"},
        "dream": {"about": "sheep"},
    }
    made = {kind: amina.vault.new_id() for kind in strange}
    amina.vault.write(
        [
            Statement(casefile=family, kind=kind, record=made[kind], fields=fields)
            for kind, fields in strange.items()
        ]
    )
    house.carry()
    book = grace.book
    note = book.notes.get(made["visit_note"])
    # A profile may offer contact types of its own: one that is not known here stays what it is.
    assert (note.contact_type, note.child_seen) == ("hologram", Seen.NOT_SAID)
    shown = book.families.get(family)
    assert "Ari" in [p.given for p in shown.people]
    assert [p.code for p in shown.periods] == ["waiting"]
    assert book.diary.get(made["appointment"]).minutes == 60
    assert book.families.timeline(family).entries
    assert len(book.families.lines()) == 1
    assert grace.vault.get(made["visit_note"]).fields["mood_curve"] == [1, 2, 3]
    assert grace.vault.get(made["dream"]).fields == {"about": "sheep"}


def test_a_route_a_newer_app_calls_mostly_safe_is_not_taken_for_safe(amina):
    family = amina.book.families.register(okoro(people=()))
    person = amina.vault.new_id()
    amina.vault.write(
        [
            Statement(casefile=family, kind="person", record=person, fields={"given": "Ari"}),
            Statement(
                casefile=family,
                kind="safe_contact",
                record=amina.vault.new_id(),
                fields={"person": person, "channel": "call", "number": "1", "allowed": "mostly"},
            ),
        ]
    )
    (route,) = amina.book.families.get(family).people[0].routes
    assert route.allowed == "unknown"
    assert "not_agreed" in amina.book.families.cautions(route.id)
