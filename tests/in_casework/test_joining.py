"""One family entered twice: joined without losing a note, and parted again when it was not one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.casework.attendance import Code
from app.casework.casebook import pregnancies
from app.casework.errors import OneFamily, OnlySupervisors, SameFamily, TwoFamilies, Unknown
from app.casework.family import FamilyStatus
from app.casework.forms import Booking, PersonForm, RouteForm
from app.casework.life_event import LossForm, What
from app.casework.people import PersonKind, Relation
from app.casework.safe_contact import Allowed
from app.casework.timeline import Event
from casebooks import okoro
from storage.vault import Statement


def again(**more: object):
    """The same family as a colleague wrote it down a month later."""
    form = okoro()
    mother, baby = form.people
    mother = replace(
        mother,
        given="Chidinma",
        routes=(RouteForm(number="07700900201", allowed=Allowed.NO),),
        addresses=(),
    )
    grandmother = PersonForm(given="Ngozi", surname="Okoro", relation=Relation.GRANDPARENT)
    return okoro(ref="RC-0188", people=(mother, baby, grandmother), referral=None, **more)


class Pair:
    """The two entries, with a signed note and an appointment in each."""

    def __init__(self, house, member) -> None:
        self.house, self.book = house, member.book
        self.stays, self.other = self.book.families.register(okoro()), None
        house.passes(hours=1)
        self.other = self.book.families.register(again())
        self.notes = {}
        for family, said in ((self.stays, "Came by bus."), (self.other, "Asked about a cot.")):
            house.passes(hours=1)
            draft = self.book.notes.start(family)
            self.notes[family] = self.book.notes.sign(replace(draft, text=said)).id

    def of(self, family: str, kind: PersonKind = PersonKind.ADULT):
        """The mother, or the baby."""
        people = self.book.families.people(family)
        return next(p for p in people if p.kind is kind and p.relation != "grandparent")

    @property
    def same(self) -> list[tuple[str, str]]:
        return [
            (self.of(self.stays, kind).id, self.of(self.other, kind).id)
            for kind in (PersonKind.ADULT, PersonKind.UNBORN)
        ]


@pytest.fixture
def pair(house, grace) -> Pair:
    return Pair(house, grace)


@pytest.fixture
def joined(pair, grace) -> Pair:
    grace.book.joining.join(pair.stays, pair.other, pair.same, reason="Same midwife rang twice.")
    return pair


def test_the_likely_pairs_are_offered_and_a_person_decides(pair, grace):
    doubled = grace.book.joining.look(pair.stays, pair.other)
    assert (doubled.stays.ref, doubled.other.ref) == ("RC-0101", "RC-0188")
    assert [p.given for p in doubled.joining] == ["Chidinma", "", "Ngozi"]
    assert {(b, a) for a, b in doubled.likely.items()} == set(pair.same), "by her birthday"


def test_twins_are_not_taken_for_one_another_by_their_birthday(grace):
    def entry(ref: str, *names: str) -> str:
        twins = [
            PersonForm(
                kind=PersonKind.CHILD, given=n, surname="Okoro", relation=Relation.CHILD,
                dob=date(2026, 3, 1),
            )
            for n in names
        ]  # fmt: skip
        return grace.book.families.register(okoro(ref=ref, people=twins))

    one, two = entry("RC-1", "Nia", "Ada"), entry("RC-2", "Ada", "Obi")
    doubled = grace.book.joining.look(one, two)
    names = {p.id: p.given for p in (*doubled.staying, *doubled.joining)}
    assert {names[b]: names[a] for b, a in doubled.likely.items()} == {"Ada": "Ada"}


def test_one_family_is_listed_with_everybody_once_and_every_note_in_one_order(joined, grace):
    (line,) = grace.book.families.lines()
    assert (line.id, line.ref, [t.ref for t in line.also]) == (joined.stays, "RC-0101", ["RC-0188"])
    assert (line.told_apart, line.alike) == ((), ()), "it is not told apart from itself"

    shown = grace.book.families.get(joined.stays)
    assert [p.given for p in shown.people] == ["Ngozi", "Chidi", ""]
    chidi = next(p for p in shown.people if p.given == "Chidi")
    assert [also.given for also in chidi.also] == ["Chidinma"], "also recorded under"
    assert len(shown.unborn) == 1

    notes = grace.book.notes.of_family(joined.stays)
    assert [n.text for n in notes] == ["Asked about a cot.", "Came by bus."]
    assert [n.family for n in notes] == [joined.other, joined.stays], "signed where they stand"
    entries = grace.book.families.timeline(joined.stays, events={Event.NOTE, Event.JOINED}).entries
    assert [(e.event, e.text, e.under) for e in entries] == [
        (Event.JOINED, "Same midwife rang twice.", None),
        (Event.NOTE, "Asked about a cot.", joined.other),
        (Event.NOTE, "Came by bus.", None),
    ]


def test_not_one_byte_of_a_signed_note_changes(house, pair, grace):
    before = {n: grace.vault.history(n) for n in pair.notes.values()}
    grace.book.joining.join(pair.stays, pair.other, pair.same)
    grace.book.joining.part(pair.other)
    assert {n: grace.vault.history(n) for n in pair.notes.values()} == before


def test_the_other_entry_is_closed_points_on_and_is_found_by_search(joined, grace):
    other = grace.book.families.get(joined.other)
    assert (other.status, other.joined_into.id) == (FamilyStatus.CLOSED, joined.stays)
    for asked in ("RC-0188", "Chidinma", "Ngozi", "07700900201"):
        assert [x.id for x in grace.book.families.lines(asked)] == [joined.stays], asked
    (hit,) = [h for h in grace.book.search("cot") if h.kind == "visit_note"]
    assert (hit.family, hit.under, hit.restricted) == (joined.stays, joined.other, False)
    assert [x.id for x in grace.book.families.similar("Okoro")] == [joined.stays]
    overview = grace.book.supervision.overview()
    assert overview.waiting + overview.families_open == 1


def test_a_number_one_entry_calls_unsafe_is_unsafe_and_both_take_a_warning(joined, grace):
    families = grace.book.families
    (route,) = joined.of(joined.stays).routes
    assert (route.allowed, len(route.doubles)) == (Allowed.NO, 1)
    (other,) = route.doubles
    families.change_route(route.id, RouteForm(allowed=Allowed.YES))
    assert joined.of(joined.stays).routes[0].allowed is Allowed.YES, "asked again, for both"
    families.mark_unsafe(other)
    for one in (route.id, other):
        assert grace.vault.get(one).fields["allowed"] == "no"


def test_what_is_new_is_written_in_the_one_that_stays(house, joined, grace):
    book = grace.book
    mother = joined.of(joined.other)
    visit = book.diary.book(
        Booking(
            family=joined.other,
            starts=house.clock.now() + timedelta(hours=1),
            people=(mother.id,),
        )
    )
    (card,) = book.diary.today()
    assert card.family.id == joined.stays
    shown = next(p for p in book.families.people(joined.stays) if p.given == "Chidi")
    assert [(p.id, p.name) for p in card.people] == [(shown.id, "Chidi Okoro")]

    draft = book.notes.start(card.family.id, appointment=visit)
    assert (draft.family, draft.people) == (joined.stays, (shown.id,))
    book.notes.sign(replace(draft, text="One note."))
    assert book.notes.of_appointment(visit).family == joined.stays
    with pytest.raises(SameFamily):
        book.notes.move(joined.notes[joined.other], joined.stays)
    house.passes(hours=2)
    book.engagement.record_outcome(visit, {shown.id: Code.ON_TIME})
    book.engagement.record_outcome(visit, {shown.id: Code.LATE_SEEN})
    (seen,) = book.engagement.outcomes(visit)
    assert (seen.attendee, seen.code) == (shown.id, Code.LATE_SEEN), "corrected, not doubled"
    assert [m.word for m in book.engagement.pattern(joined.stays).marks] == ["late_seen"]


def test_a_loss_written_on_either_entry_is_a_loss(joined, grace):
    baby = joined.of(joined.other, PersonKind.UNBORN)
    grace.book.losses.record(
        joined.other,
        LossForm(
            what=What.PREGNANCY_ENDED,
            on=grace.book.today,
            persons=(baby.id,),
            caller=grace.person,
        ),
    )
    shown = grace.book.families.get(joined.stays)
    assert shown.unborn == ()
    assert [e.what for e in shown.events] == [What.PREGNANCY_ENDED]
    assert grace.book.families.lines()[0].gestation is None
    assert grace.book.losses.grieving(joined.stays)
    assert pregnancies.due_dates(grace.book._ledger) == {}


def test_workers_of_either_read_both_and_both_devices_show_one_family(house, grace, amina, rhian):
    pair = Pair(house, grace)
    grace.book.supervision.allocate(pair.stays, amina.person, "family_worker")
    grace.book.supervision.allocate(pair.other, rhian.person, "therapist")
    house.carry()
    house.carry()
    assert [x.ref for x in rhian.book.families.lines()] == ["RC-0188"]

    grace.book.joining.join(pair.stays, pair.other, pair.same)
    house.carry()
    house.carry()
    for member in (amina, rhian, grace):
        (line,) = member.book.families.lines()
        assert line.ref == "RC-0101"
        assert set(line.workers) == {amina.person, rhian.person}
        texts = [n.text for n in member.book.notes.of_family(line.id)]
        assert texts == ["Asked about a cot.", "Came by bus."]
    loads = {x.worker.person: x.families for x in grace.book.supervision.caseloads()}
    assert loads[rhian.person] == (line.id,), "counted once"


def test_they_were_two_families_after_all(house, grace, amina, rhian):
    pair = Pair(house, grace)
    grace.book.supervision.allocate(pair.stays, amina.person, "family_worker")
    grace.book.supervision.allocate(pair.other, rhian.person, "therapist")
    house.carry()
    grace.book.joining.join(pair.stays, pair.other, pair.same)
    house.carry()
    house.carry()
    house.passes(days=9)
    grace.book.joining.part(pair.other, reason="Two sisters-in-law.")
    house.carry()
    house.carry()
    assert [x.ref for x in grace.book.families.lines()] == ["RC-0101", "RC-0188"]
    for family, text in ((pair.stays, "Came by bus."), (pair.other, "Asked about a cot.")):
        assert [n.text for n in grace.book.notes.of_family(family)] == [text]
        shown = grace.book.families.get(family)
        assert (shown.joined_into, shown.also, shown.status) == (None, (), FamilyStatus.OPEN)
    assert {x.ref: x.workers for x in grace.book.families.lines()} == {
        "RC-0101": (amina.person,),
        "RC-0188": (rhian.person,),
    }
    entries = grace.book.families.timeline(pair.stays, events={Event.JOINED, Event.PARTED}).entries
    assert [e.event for e in entries] == [Event.PARTED, Event.JOINED]
    grace.book.joining.join(pair.stays, pair.other)
    assert len(grace.book.families.lines()) == 1, "and once more, if they were one after all"


def test_a_worker_who_holds_both_joins_takes_it_back_the_same_day_and_not_later(
    house, amina, grace
):
    pair = Pair(house, amina)
    house.carry()
    amina.book.joining.join(pair.stays, pair.other, pair.same)
    amina.book.joining.part(pair.other)
    assert len(amina.book.families.lines()) == 2
    amina.book.joining.join(pair.stays, pair.other, pair.same)
    house.carry()
    assert len(grace.book.families.lines()) == 1
    assert [j.other for j in grace.book.joining.to_share()] == [pair.other]
    grace.book.joining.share(pair.other)
    assert grace.book.joining.to_share() == []
    with pytest.raises(OnlySupervisors):
        amina.book.joining.share(pair.other)
    house.passes(days=1)
    with pytest.raises(OnlySupervisors):
        amina.book.joining.part(pair.other)
    grace.book.joining.part(pair.other)
    assert len(grace.book.families.lines()) == 2


def test_whoever_holds_only_one_of_them_keeps_her_family_and_is_told_of_the_other(
    house, grace, amina
):
    pair = Pair(house, grace)
    grace.book.supervision.allocate(pair.other, amina.person, "family_worker")
    house.carry()
    grace.access.wishes.clear()
    grace.book.joining.join(pair.stays, pair.other, pair.same)
    grace.access.wishes.clear()  # her grant for the other has not been made yet
    house.carry()
    assert [x.ref for x in amina.book.families.lines()] == ["RC-0188"]
    assert amina.book.families.get(pair.other).joined_into is None
    assert amina.book.joining.elsewhere(pair.other)
    assert not grace.book.joining.elsewhere(pair.stays)


def test_somebody_who_may_write_in_one_only_cannot_make_the_other_disappear(house, grace, rhian):
    pair = Pair(house, grace)
    grace.book.supervision.allocate(pair.stays, rhian.person, "therapist")
    house.carry()
    forged = {"other": pair.other, "stays": pair.stays, "standing": "joined"}
    rhian.vault.write(
        [
            Statement(
                casefile=pair.stays, kind="recorded_twice", record=rhian.vault.new_id(),
                fields=forged,
            )
        ]
    )  # fmt: skip
    house.carry()
    assert len(grace.book.families.lines()) == 2


def test_joined_in_opposite_directions_offline_it_is_the_same_one_family_everywhere(
    house, amina, grace
):
    pair = Pair(house, amina)
    house.carry()
    pairs = pair.same
    with house.out_of_signal(amina, grace):
        amina.book.joining.join(pair.stays, pair.other, pairs)
        house.passes(minutes=5)
        grace.book.joining.join(pair.other, pair.stays, [(b, a) for a, b in pairs])
    house.carry()
    seen = {
        tuple((x.id, x.people) for x in member.book.families.lines()) for member in (amina, grace)
    }
    assert len(seen) == 1
    ((line,),) = seen
    assert len(line[1]) == 2, "mother and grandmother, each once"


def test_joins_that_lead_in_a_circle_offline_are_cut_at_the_last_the_same_everywhere(
    house, amina, grace
):
    a, b, c = (amina.book.families.register(okoro(ref=f"RC-{n}", people=())) for n in "abc")
    house.carry()
    with house.out_of_signal(amina, grace):
        amina.book.joining.join(b, a)
        house.passes(minutes=5)
        amina.book.joining.join(c, b)
        house.passes(minutes=5)
        grace.book.joining.join(a, c)
    house.carry()
    for member in (amina, grace):
        assert [x.id for x in member.book.families.lines()] == [c]
        assert {t.id for t in member.book.families.lines()[0].also} == {a, b}


def test_three_entries_of_one_family_in_a_row_and_no_circle(house, pair, grace):
    third = grace.book.families.register(okoro(ref="RC-0200", people=()))
    grace.book.joining.join(pair.stays, pair.other, pair.same)
    with pytest.raises(OneFamily):
        grace.book.joining.join(pair.other, pair.stays)
    grace.book.joining.join(third, pair.stays)
    (line,) = grace.book.families.lines()
    assert (line.id, [t.ref for t in line.also]) == (third, ["RC-0101", "RC-0188"])
    assert len(grace.book.notes.of_family(third)) == 2
    assert len(grace.book.families.people(third)) == 3


def test_only_people_of_the_two_are_paired_and_only_what_is_joined_is_parted(pair, grace):
    stranger = grace.book.families.register(okoro(ref="RC-0300"))
    with pytest.raises(Unknown):
        grace.book.joining.join(
            pair.stays, pair.other, [(pair.of(stranger).id, pair.of(pair.other).id)]
        )
    with pytest.raises(TwoFamilies):
        grace.book.joining.part(pair.other)
    assert len(grace.book.families.lines()) == 3
    assert date(2026, 11, 23) == grace.book.today
