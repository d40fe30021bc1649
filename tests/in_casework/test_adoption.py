"""What a supervisor takes in for somebody whose access ended stays that person's: no record says
that she wrote what she only let in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.casework.attendance import Code
from app.casework.errors import NotYourNote
from app.casework.forms import Booking, ContactForm
from app.casework.timeline import Event
from casebooks import House, Member, okoro
from storage.vault import Statement

SAID = "Signed on the last afternoon."


@pytest.fixture
def family(house: House, amina: Member) -> str:
    made = amina.book.families.register(okoro())
    house.carry()
    return made


def access_ends(house: House, member: Member, casefile: str) -> None:
    """What this device writes into that casefile from now on is believed by nobody."""
    device = member.vault.public.device
    head = member.vault.head(bytes.fromhex(casefile), device)
    assert head is not None
    house.relay.roster.until[device, bytes.fromhex(casefile)] = head[0]


def takes_in(house: House, supervisor: Member) -> None:
    house.carry()
    for held in supervisor.vault.quarantine():
        supervisor.vault.adopt(held.id)


def test_an_adopted_note_keeps_its_writer_and_says_who_took_it_in(
    house: House, amina: Member, grace: Member, family: str
) -> None:
    access_ends(house, amina, family)
    signed = amina.book.notes.sign(replace(amina.book.notes.start(family), text=SAID))
    house.passes(hours=2)
    takes_in(house, grace)

    note = grace.book.notes.get(signed.id)
    assert (note.text, note.writer) == (SAID, amina.person)
    assert note.signed_at == signed.signed_at
    assert (note.adopted_by, note.adopted_at) == (grace.person, house.clock.now())
    (told,) = (e for e in grace.book.families.timeline(family).entries if e.event is Event.NOTE)
    assert told.author == amina.person
    assert [n.id for n in grace.book.notes.mine()] == []
    assert [(w.note.id, w.note.writer) for w in grace.book.supervision.queue()] == [
        (signed.id, amina.person)
    ], "nobody reviews herself, and this is not hers"
    assert grace.book.supervision.queue(writer=grace.person) == []
    assert len(grace.book.supervision.queue(writer=amina.person)) == 1
    assert grace.book.supervision.overview().to_review == 1


def test_a_note_begun_in_time_and_signed_too_late_is_its_writers_too(
    house: House, amina: Member, grace: Member, family: str
) -> None:
    draft = replace(amina.book.notes.start(family), text="Begun.")
    amina.book.notes.put_aside(draft)
    house.carry()
    access_ends(house, amina, family)
    amina.book.notes.sign(replace(amina.book.notes.reopen(draft.id), text=SAID))
    takes_in(house, grace)

    note = grace.book.notes.get(draft.id)
    assert (note.text, note.writer, note.adopted_by) == (SAID, amina.person, grace.person)


def test_nobody_else_goes_on_writing_what_was_taken_in_unsigned(
    house: House, amina: Member, grace: Member, family: str
) -> None:
    access_ends(house, amina, family)
    put = amina.book.notes.put_aside(replace(amina.book.notes.start(family), text=SAID))
    takes_in(house, grace)

    assert grace.book.notes.get(put.id).writer == amina.person
    with pytest.raises(NotYourNote):
        grace.book.notes.reopen(put.id)


def test_a_call_an_outcome_and_an_addendum_keep_their_author(
    house: House, amina: Member, grace: Member, family: str
) -> None:
    book = amina.book
    note = book.notes.sign(replace(book.notes.start(family), text="Feeding well."))
    chidi = book.families.get(family).adults[0].id
    visit = book.diary.book(
        Booking(family=family, starts=book.now - timedelta(hours=1), people=(chidi,))
    )
    house.carry()
    access_ends(house, amina, family)
    book.notes.add_addendum(note.id, "And the health visitor rang.")
    book.engagement.record_contact(ContactForm(family=family, person=chidi, outcome="spoke"))
    book.engagement.record_outcome(visit, {chidi: Code.ON_TIME})
    takes_in(house, grace)

    told = {e.event: e.author for e in grace.book.families.timeline(family).entries}
    for event in (Event.ADDENDUM, Event.CONTACT, Event.OUTCOME):
        assert told[event] == amina.person, event
    (added,) = grace.book.notes.get(note.id).addenda
    assert added.writer == amina.person


def test_nobody_can_write_in_anothers_name_by_quoting(
    house: House, amina: Member, grace: Member, family: str
) -> None:
    record = amina.vault.new_id()
    quoted = {"author": grace.person, "device": grace.vault.public.device.hex(), "change": "00"}
    amina.vault.write(
        [
            Statement(
                casefile=family,
                kind="visit_note",
                record=record,
                fields={
                    "text": "She said so herself.",
                    "contact_type": "home_visit",
                    "occurred_at": house.clock.now().isoformat(),
                    "signed_at": house.clock.now().isoformat(),
                    "adopted_from": quoted,
                },
            )
        ]
    )
    house.carry()
    note = grace.book.notes.get(record)
    assert (note.writer, note.adopted_by) == (amina.person, None)
