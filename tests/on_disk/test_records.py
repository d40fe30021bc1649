"""The readable records: what is folded in comes out again, in order and with its past."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from histories import (
    AMINA,
    BEN,
    FAMILY,
    NOTE,
    OTHER_FAMILY,
    PHONE,
    SCHEMA,
    TABLET,
    Shelf,
    change,
    no_reopening,
    there,
)
from storage.kinds import Schema
from storage.query import AtLeast, Before, Between, Has, Not, OneOf
from storage.records import AnotherLayout, Readable

NOON = 1_780_000_000_000 << 16
"""A hybrid stamp: milliseconds since 1970, then a counter of 16 bits."""


def notes(*fields, **more):
    """One note each with these fields, a millisecond apart, in the order given."""
    return [
        change(f"note {i}", f, record=f"{i:032x}", hlc=NOON + (i << 16), **more)
        for i, f in enumerate(fields, start=1)
    ]


def titles(records):
    return [r.fields.get("title") for r in records]


def test_a_record_comes_back_with_all_that_was_said_and_by_whom():
    written = change("w", {"title": "Monday", "unheard_of": [1, {"x": None}]}, hlc=NOON, mine=True)
    edited = change(
        "e", {"title": "Tuesday"}, after=[written], hlc=NOON + (1500 << 16), author=BEN,
        device=PHONE,
    )  # fmt: skip
    readable = Shelf().readable([written, edited])

    record = readable.get(written.record)

    assert record is not None
    assert record.fields == {"title": "Tuesday", "unheard_of": [1, {"x": None}]}
    assert (record.kind, record.casefile) == ("note", FAMILY)
    assert (record.author, record.device, record.changed_by) == (AMINA, TABLET, BEN)
    assert record.at == datetime(2026, 5, 28, 20, 26, 40, tzinfo=UTC)
    assert (record.changed_at - record.at).total_seconds() == 1.5
    assert (record.sent, record.frozen, record.versions) == (False, False, 2)
    assert readable.get("e" * 32) is None


def test_beginning_a_record_and_following_it_open_no_older_change():
    first = change("1", {"title": "Monday"})
    second = change("2", {"title": "Tuesday"}, after=[first])
    third = change("3", {"text": "Fed well."}, after=[second])
    readable = Readable.empty(SCHEMA)

    readable.apply([first], no_reopening)
    readable.apply([third, second, second], no_reopening)  # out of order within one page
    readable.apply([first, second], no_reopening)  # and come twice

    assert there(readable, first.record).fields == {"title": "Tuesday", "text": "Fed well."}
    assert readable.history_ids(first.record) == [first.id, second.id, third.id]
    assert readable.frontier(first.record) == (third.id,)


def test_edits_that_arrive_before_what_they_edit_are_in_place_once_it_comes():
    first = change("1", {"title": "Monday", "text": "Fed well."})
    second = change("2", {"title": "Tuesday"}, after=[first])
    third = change("3", {"text": "Slept."}, after=[second])
    shelf = Shelf()
    readable = shelf.readable([second], [third])
    assert there(readable, first.record).fields == {"title": "Tuesday", "text": "Slept."}

    shelf.changes[first.id] = first
    readable.apply([first], shelf.reopen)

    assert there(readable, first.record).fields == {"title": "Tuesday", "text": "Slept."}
    assert readable.history_ids(first.record) == [first.id, second.id, third.id]


def test_a_merge_opens_only_the_older_changes_of_that_record():
    elsewhere = notes(*({"title": str(i)} for i in range(20)))
    first = change("1", {"text": "Fed well."}, record="f" * 32)
    shelf = Shelf()
    readable = shelf.readable(elsewhere, [first])
    one = change("2", {"text": "Slept."}, after=[first], record="f" * 32)
    other = change("3", {"text": "Smiled."}, after=[first], record="f" * 32, hlc=1)

    readable.apply([one, other], shelf.reopen)

    assert shelf.reopened == 1
    assert [v.fields for v in there(readable, "f" * 32).conflicts["text"]] == [
        {"text": "Smiled."},
        {"text": "Slept."},
    ]


def test_records_that_wait_for_a_choice_are_listed_until_it_is_made():
    first = change("1", {"text": "Fed well."})
    one = change("2", {"text": "Slept."}, after=[first], author=BEN, mine=True)
    other = change("3", {"text": "Smiled."}, after=[first], hlc=1)
    shelf = Shelf()
    readable = shelf.readable([first, one, other], notes({"title": "Quiet"}))

    (waiting,) = readable.conflicted()
    assert waiting.record == first.record
    assert [(v.author, v.sent) for v in waiting.conflicts["text"]] == [(AMINA, True), (BEN, False)]
    assert readable.conflicted("note") == [waiting]
    assert readable.conflicted("place") == []

    readable.apply([change("4", {"text": "Slept."}, after=[one, other])], no_reopening)
    assert readable.conflicted() == []


def test_a_signature_closes_the_record_for_what_comes_in_the_same_page_too():
    first = change("1", {"title": "Monday"})
    signed = change("2", {"signed_at": "2026-06-01T09:00:00Z"}, after=[first])
    late = change("3", {"title": "Tuesday"}, after=[signed], author=BEN)
    later = change("4", {"title": "Wednesday"}, after=[late], author=BEN)
    readable = Readable.empty(SCHEMA)
    readable.apply([first], no_reopening)

    readable.apply([signed, late], no_reopening)
    readable.apply([later], no_reopening)

    record = there(readable, first.record)
    assert (record.fields["title"], record.changed_by, record.frozen) == ("Monday", AMINA, True)
    assert readable.frontier(first.record) == (later.id,)


def test_a_list_grows_and_a_change_that_also_names_something_missing_follows_like_any_other():
    first = change("1", {"readers": "amina"})
    missing = change("missing", {"title": "Monday"})
    second = change("2", {"readers": ["ben", "amina"]}, after=[first, missing])
    readable = Readable.empty(SCHEMA)
    readable.apply([first], no_reopening)
    readable.apply([second], no_reopening)

    assert there(readable, first.record).fields["readers"] == ["amina", "ben"]


def test_whoever_first_said_something_began_the_record():
    silent = change("1", {})
    spoken = change("2", {"title": "Monday"}, after=[silent], hlc=NOON, author=BEN)
    shelf = Shelf()
    readable = shelf.readable([silent], [spoken])

    record = there(readable, silent.record)
    assert (record.author, record.changed_by, record.versions) == (BEN, BEN, 2)
    assert record.at == record.changed_at


def test_writing_about_something_else_keeps_the_choice_open_without_opening_anything():
    first = change("1", {"text": "Fed well."})
    one = change("2", {"text": "Slept."}, after=[first])
    other = change("3", {"text": "Smiled."}, after=[first], hlc=1)
    readable = Shelf().readable([first, one, other])

    readable.apply([change("4", {"title": "Monday"}, after=[one, other])], no_reopening)

    assert set(there(readable, first.record).conflicts) == {"text"}


def test_a_batch_that_fails_leaves_everything_as_it_was():
    first = change("1", {"text": "Fed well."})
    readable = Shelf().readable([first])
    clash = change("2", {"text": "Slept."}, hlc=1)
    new = change("3", {"title": "New"}, record="e" * 32, author="d" * 32)

    def fails(ids):
        raise OSError

    with pytest.raises(OSError):
        readable.apply([new, clash], fails)

    assert readable.get("e" * 32) is None
    assert there(readable, first.record).fields == {"text": "Fed well."}
    readable.apply([new, clash], Shelf(first).reopen)
    again = Readable.load(SCHEMA, readable.serialize())
    assert there(again, "e" * 32).author == "d" * 32


def test_a_kind_from_a_newer_app_is_kept_and_handed_back():
    readable = Shelf().readable(
        [
            change("1", {"score": 7, "of": "sleep"}, kind="measure"),
            change("2", {"score": 9}, kind="measure", record="2" * 32, hlc=1),
            change("3", {"score": 7}, kind="drawing", record="3" * 32),
        ]
    )

    assert [r.fields["score"] for r in readable.find("measure", order_by=("-score",))] == [9, 7]
    assert there(readable, "r" * 32).kind == "measure"
    assert readable.count("measure", {"score": 7}) == 1
    assert readable.apply([change("4", {}, kind="drawing", record="4" * 32)], no_reopening) == {
        "drawing"
    }


def test_a_value_of_another_type_is_kept_but_no_filter_takes_it_for_something_else():
    wrong = {"title": 5, "minutes": "45", "share": [1], "text": None}
    huge = {"title": ["Monday"], "minutes": 1 << 63, "share": 1}
    readable = Shelf().readable(notes(wrong, huge, {"title": "5", "minutes": 45, "share": 0.5}))

    assert [r.fields for r in readable.find("note", {"title": None})] == [wrong, huge]
    assert readable.count("note", {"title": "5"}) == 1
    assert readable.count("note", {"title": 5}) == 0
    assert readable.count("note", {"minutes": AtLeast(0)}) == 1
    assert readable.count("note", {"share": OneOf(0.5, 1)}) == 2


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("b", ["b"]),
        (None, [None]),
        (OneOf("a", "c"), ["a", "c"]),
        (OneOf(["a", None]), ["a", None]),
        (OneOf([]), []),
        (OneOf([f"{i}" for i in range(300_000)] + ["b"]), ["b"]),
        (Not("b"), ["a", "c", None]),
        (Not(None), ["a", "b", "c"]),
        (Not(OneOf("a", "b")), ["c", None]),
        (Not(Between("a", "c")), ["c", None]),
        (Between("a", "c"), ["a", "b"]),
        (AtLeast("b"), ["b", "c"]),
        (Before("b"), ["a"]),
        ("' OR 1=1 --", []),
    ],
)
@pytest.mark.parametrize("field", ["title", "undeclared"])
def test_each_condition_finds_what_it_says(field, wanted, found):
    readable = Shelf().readable(notes(*({field: v} for v in ("a", "b", "c")), {}))

    records = readable.find("note", {field: wanted})

    assert [r.fields.get(field) for r in records] == found
    assert readable.count("note", {field: wanted}) == len(found)


def test_a_list_is_searched_for_a_member():
    readable = Shelf().readable(notes({"readers": ["amina", "ben"]}, {"readers": []}, {}))

    assert readable.count("note", {"readers": Has("ben")}) == 1
    assert readable.count("note", {"readers": Not(Has("ben"))}) == 2


def test_something_no_field_can_be_is_refused():
    with pytest.raises(TypeError):
        Readable.empty(SCHEMA).find("note", {"title": b"Monday"})


def test_a_field_whose_name_is_sql_is_only_a_name():
    name = "x'); DROP TABLE names; --"
    readable = Shelf().readable(notes({name: 1}, {name: 2}))

    assert [r.fields[name] for r in readable.find("note", order_by=(f"-{name}",))] == [2, 1]
    assert readable.tally("note", (name,)) == {(1,): 1, (2,): 1}


def test_records_come_in_the_order_asked_and_those_without_a_value_last():
    readable = Shelf().readable(
        notes(
            {"title": "b", "minutes": 30}, {"minutes": 45}, {"title": "a", "minutes": 45},
            {"title": "a", "minutes": 30},
        )
    )  # fmt: skip

    assert titles(readable.find("note", order_by=("title",))) == ["a", "a", "b", None]
    assert titles(readable.find("note", order_by=("-title",))) == ["b", "a", "a", None]
    assert titles(readable.find("note", order_by=("-minutes", "title"))) == ["a", None, "a", "b"]
    assert titles(readable.find("note")) == ["b", None, "a", "a"]
    assert titles(readable.find("note", order_by=("title",), limit=2, offset=1)) == ["a", "b"]


def test_counting_by_combinations_of_values():
    readable = Shelf().readable(
        notes({"title": "a", "seen": True}, {"title": "a", "seen": True}, {"title": "b"}, {})
    )

    assert readable.tally("note", ("title", "seen")) == {
        ("a", 1): 2,
        ("b", None): 1,
        (None, None): 1,
    }
    assert readable.tally("note", ("title",), {"seen": True}) == {("a",): 2}
    assert readable.tally("note", ()) == {(): 4}


def test_some_fields_of_every_record_come_as_find_has_them_with_and_without_columns():
    said = notes({"title": "a", "minutes": 5, "odd": [1]}, {"title": "b"}, {"minutes": 7})
    elsewhere = change("there", {"title": "c"}, casefile=OTHER_FAMILY)
    readable = Shelf().readable([*said, elsewhere])

    for names in (("title", "minutes"), ("title", "odd"), ()):
        assert sorted(readable.cells("note", names), key=str) == sorted(
            (
                (r.record, r.casefile, *(r.fields.get(name) for name in names))
                for r in readable.find("note")
            ),
            key=str,
        )
    assert readable.cells("nothing of that kind", ("title",)) == []


def test_each_family_is_asked_for_by_itself():
    here, there = notes({"title": "here"}, {"title": "there"})
    there = change("there", {"title": "there"}, casefile=OTHER_FAMILY, record=there.record)
    readable = Shelf().readable([here, there])

    assert titles(readable.find("note", casefile=OTHER_FAMILY)) == ["there"]
    assert readable.count("note", casefile=FAMILY) == 1
    assert readable.tally("note", ("title",), casefile=FAMILY) == {("here",): 1}
    assert readable.find("note", casefile="9" * 32) == []
    assert readable.fold_hash(FAMILY) != readable.fold_hash(OTHER_FAMILY)


def test_a_change_smuggled_in_under_another_familys_record_touches_only_its_own_family():
    ours = change("ours", {"title": "Ours"}, hlc=NOON)
    smuggled = change("theirs", {"title": "Theirs"}, after=[ours], casefile=OTHER_FAMILY, hlc=NOON)
    readable = Shelf().readable([ours])
    before = readable.fold_hash(FAMILY)

    readable.apply([smuggled], no_reopening)

    assert readable.fold_hash(FAMILY) == before
    assert there(readable, ours.record).fields == {"title": "Ours"}
    assert readable.frontier(ours.record, kind="note", casefile=FAMILY) == (ours.id,)
    assert there(readable, ours.record, kind="note", casefile=OTHER_FAMILY).fields == {
        "title": "Theirs"
    }


def test_what_waits_on_this_device_counts_as_sent_once_the_office_says_so():
    first = change("1", {"title": "Monday"}, mine=True)
    second = change("2", {"title": "Tuesday"}, after=[first], mine=True, n=2)
    readable = Shelf().readable([first], [second])

    readable.mark_sent(FAMILY, 1)
    assert not there(readable, first.record).sent
    readable.mark_sent(OTHER_FAMILY, 2)
    assert not there(readable, first.record).sent
    readable.mark_sent(FAMILY, 2)
    assert there(readable, first.record).sent


def test_a_merge_does_not_take_what_was_sent_for_unsent_again():
    first = change("1", {"text": "Fed well."}, mine=True)
    shelf = Shelf()
    readable = shelf.readable([first])
    readable.mark_sent(FAMILY, 1)

    readable.apply([change("2", {"text": "Slept."}, hlc=1)], shelf.reopen)

    assert there(readable, first.record).sent


def test_a_stamp_far_in_the_future_neither_breaks_nor_wins():
    absurd = change("absurd", {"title": "Year 10,000"}, hlc=(1 << 64) - 1)
    corrected = change("corrected", {"title": "Now"}, after=[absurd], hlc=NOON)
    readable = Shelf().readable([absurd, corrected])

    assert there(readable, absurd.record).fields == {"title": "Now"}
    assert there(readable, absurd.record).at.year == 6429


def test_an_image_brings_everything_back_and_goes_on_from_there():
    first = change("1", {"title": "Monday", "text": "Fed well."}, mine=True)
    one = change("2", {"text": "Slept."}, after=[first])
    other = change("3", {"text": "Smiled."}, after=[first], hlc=1)
    shelf = Shelf()
    readable = shelf.readable([first, one, other], notes({"title": "Quiet"}))
    readable.set_position(b"so far")
    readable.find("note", order_by=("title",))

    again = Readable.load(SCHEMA, memoryview(readable.serialize()))

    assert again.get_position() == b"so far"
    assert again.get(first.record) == readable.get(first.record)
    assert again.fold_hash(FAMILY) == readable.fold_hash(FAMILY)
    assert [h.record for h in again.search("quiet")] == [f"{1:032x}"]
    chosen = change("4", {"text": "Slept."}, after=[one, other], author="d" * 32)
    again.apply([chosen, *notes({}, {"title": "New"})], shelf.reopen)
    assert there(again, first.record).changed_by == "d" * 32
    assert titles(again.find("note", order_by=("title",))) == ["Monday", "New", "Quiet"]
    assert Readable.empty(SCHEMA).get_position() == b""


@pytest.mark.parametrize(
    "damaged",
    [
        lambda image: b"not a database" * 100,
        lambda image: image[: len(image) // 2],
        lambda image: b"",
    ],
    ids=["rubbish", "half", "nothing"],
)
def test_a_damaged_image_is_refused_as_one(damaged):
    image = Shelf().readable(notes({"title": "Monday"})).serialize()

    with pytest.raises(AnotherLayout):
        Readable.load(SCHEMA, damaged(image)).find("note")


def test_an_image_of_another_schema_is_refused():
    image = Shelf().readable(notes({"title": "Monday"})).serialize()

    for other in (Schema(version=2, kinds=SCHEMA.kinds), Schema(version=1, kinds=(NOTE,))):
        with pytest.raises(AnotherLayout):
            Readable.load(other, image)


@contextmanager
def no_file_may_grow() -> Iterator[None]:
    """Every write to a file fails, wherever it is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.alone
def test_sorting_indexing_and_redacting_much_text_write_to_no_file(tmp_path):
    long = [
        {"title": f"{i % 7} {os.urandom(400).hex()}", "text": "word " * 100} for i in range(9000)
    ]
    made = notes(*long)
    shelf = Shelf()
    with no_file_may_grow():
        with pytest.raises(OSError):
            (tmp_path / "probe").write_bytes(b"x")
        readable = shelf.readable(made)
        readable.find("note", order_by=("text", "title"))
        readable.tally("note", ("text", "title"))
        shelf.changes[made[0].id] = change("note 1", record=made[0].record, redacted=True)
        readable.redact([made[0].id], shelf.reopen)
        again = Readable.load(SCHEMA, readable.serialize())
        again.redact([made[0].id], shelf.reopen)
    assert again.count("note") == 8999
