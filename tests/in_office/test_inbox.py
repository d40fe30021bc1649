"""Inboxes at the office: numbered without a gap, taken once, and read by members only."""

import threading
from dataclasses import replace

import pytest

from builders import service_at
from storage.inbox import read_entry_header
from storage.seal import fingerprint
from sync.errors import Stale, TooMuch
from sync.protocol import MAX_ENTRIES, Cursor
from sync.server.office import OfficeService
from sync.server.surroundings import Limits


def numbers(office, device, casefile, after=0):
    """(next, top, ids) of what the office hands out of an inbox."""
    (page,) = office.inbox_pull(device.token, [Cursor(casefile=casefile.id, after=after)])
    return page.next, page.top, [entry.id for entry in page.entries]


def test_what_is_left_is_numbered_in_order_and_taken_once(service, office):
    ben, okoro = service.ben, service.okoro
    entries = [ben.leaves(okoro, remark=str(n)) for n in range(3)]
    answers = office.inbox_write(ben.token, entries)
    assert [(a.accepted, a.refused) for a in answers] == [(True, None)] * 3
    assert [a.entry for a in answers] == [read_entry_header(e.header).entry for e in entries]
    assert office.inbox_write(ben.token, entries[::-1]) == answers[::-1]
    assert numbers(office, service.amina, okoro) == (3, 3, [e.id for e in entries])
    assert numbers(office, service.amina, okoro, 2) == (3, 3, [entries[2].id])
    (position,) = [
        p for p in office.standings(service.grace.token).positions if p.casefile == okoro.id
    ]
    assert position.inbox == 3


def test_two_entries_of_one_name_are_one(service, office):
    first = service.ben.leaves(service.okoro, remark="first")
    second = service.ben.leaves(service.okoro, remark="second")
    named = replace(second, header=first.header)
    answers = office.inbox_write(service.ben.token, [first, named, first])
    assert [a.refused for a in answers] == [None, "bad-signature", None]
    assert numbers(office, service.amina, service.okoro)[2] == [first.id]


def test_several_inboxes_are_written_at_once_and_an_unknown_one_holds_up_none(service, office):
    grace = service.grace
    nowhere = service.organisation.found(grace)
    entries = [grace.leaves(c) for c in (service.silva, nowhere, service.okoro, service.silva)]
    answers = office.inbox_write(grace.token, entries)
    assert [a.refused for a in answers] == [None, "not-yours", None, None]
    assert numbers(office, service.ben, service.silva)[2] == [entries[0].id, entries[3].id]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda e, s: replace(e, signature=bytes(64)), "bad-signature"),
        (lambda e, s: replace(e, item=e.item[:-1] + b"x"), "bad-signature"),
        (lambda e, s: replace(e, item=fingerprint(e.item)), "malformed"),
        (lambda e, s: replace(e, header=e.header[:-1]), "malformed"),
        (lambda e, s: replace(s.ben, org=bytes(16)).leaves(s.okoro), "not-ours"),
        (lambda e, s: s.organisation.device("worker").leaves(s.okoro), "unknown-device"),
    ],
)
def test_what_is_not_signed_by_one_of_ours_is_not_taken(service, office, change, code):
    entry = change(service.ben.leaves(service.okoro), service)
    (answer,) = office.inbox_write(service.ben.token, [entry])
    assert (answer.accepted, answer.refused) == (False, code)
    assert numbers(office, service.amina, service.okoro) == (0, 0, [])


def test_whose_signature_it_bears_counts_and_not_who_hands_it_in(service, office):
    entry = service.ben.leaves(service.okoro)
    assert office.inbox_write(service.grace.token, [entry])[0].accepted


def test_many_writers_at_once_leave_no_gap(service, office):
    writers = [
        service.organisation.joins("worker", by=service.grace, office=office) for _ in range(4)
    ]
    left = [[w.leaves(service.okoro, remark=str(n)) for n in range(10)] for w in writers]
    failed: list[BaseException] = []

    def write(writer, entries):
        try:
            for entry in entries:
                office.inbox_write(writer.token, [entry])
        except BaseException as error:
            failed.append(error)

    threads = [
        threading.Thread(target=write, args=(writer, entries))
        for writer, entries in zip(writers, left, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    last, top, ids = numbers(office, service.amina, service.okoro)
    assert (last, top) == (40, 40)
    assert sorted(ids) == sorted(e.id for entries in left for e in entries)


def test_an_inbox_is_handed_out_in_bounded_pages(service, office):
    entries = [service.ben.leaves(service.okoro) for _ in range(MAX_ENTRIES + 4)]
    for start in range(0, len(entries), 200):
        office.inbox_write(service.ben.token, entries[start : start + 200])
    last, top, ids = numbers(office, service.amina, service.okoro)
    assert (last, top, len(ids)) == (MAX_ENTRIES, MAX_ENTRIES + 4, MAX_ENTRIES)
    assert numbers(office, service.amina, service.okoro, last)[2] == [e.id for e in entries[last:]]
    with pytest.raises(TooMuch):
        office.inbox_write(service.ben.token, [entries[0]] * (MAX_ENTRIES + 1))


def test_what_a_device_may_leave_in_a_day_is_counted_in_bytes(database_url, clock):
    office = OfficeService(database_url, clock=clock, limits=Limits(bytes_a_day=700))
    service = service_at(office)
    entries = [service.ben.leaves(service.okoro) for _ in range(3)]
    with pytest.raises(TooMuch):
        office.inbox_write(service.ben.token, entries)
    assert numbers(office, service.amina, service.okoro) == (0, 0, [])
    assert office.inbox_write(service.ben.token, entries[:2])[1].accepted
    office.close()


def test_a_revocation_says_how_far_what_was_left_stands(service, office):
    ben, grace, organisation = service.ben, service.grace, service.organisation
    office.inbox_write(ben.token, [ben.leaves(service.okoro), ben.leaves(service.okoro)])
    (end,) = office.chains(grace.token, ben.id)
    assert (end.casefile, end.n, end.inbox) == (service.okoro.id, 0, 2)
    short = organisation.directory.revoke(
        grace.signing, grace.id, ben.id, last={}, inboxes={end.casefile: 1}, wipe=False, at=1
    )
    with pytest.raises(Stale):
        office.publish(grace.token, short.packed())
    organisation.revoke(ben, grace, office)
    ben.login(office)
    (answer,) = office.inbox_write(ben.token, [ben.leaves(service.okoro)])
    assert answer.accepted, "kept for the members to judge: behind the end it waits for one"
    known = organisation.directory.certificate(ben.id)
    assert known.inboxes == {service.okoro.id: 2}


def test_a_redaction_takes_the_text_and_leaves_the_place(service, office):
    ben, grace, okoro = service.ben, service.grace, service.okoro
    entries = [ben.leaves(okoro, remark="secret"), ben.leaves(service.silva)]
    office.inbox_write(ben.token, entries)
    grace.writes(okoro, "redacts")
    runs, heads = grace.batch([okoro])
    office.push(grace.token, runs, heads, [entries[0].id])
    (page,) = office.inbox_pull(grace.token, [Cursor(casefile=okoro.id, after=0)])
    (bare,) = page.entries
    assert bare.redacted
    assert (bare.header, bare.signature, bare.id) == (
        entries[0].header,
        entries[0].signature,
        entries[0].id,
    )
    assert office.inbox_write(ben.token, [entries[0]])[0].accepted, "handed in again, and not back"
    (page,) = office.inbox_pull(grace.token, [Cursor(casefile=okoro.id, after=0)])
    assert page.entries == (bare,)


def test_a_removed_member_reads_no_more_of_it(service, office):
    entry = service.ben.leaves(service.okoro)
    office.inbox_write(service.ben.token, [entry])
    assert numbers(office, service.amina, service.okoro)[2] == [entry.id]
    service.organisation.regrant(
        service.okoro,
        service.grace,
        [service.grace],
        rotate=True,
        last={service.amina.id: (0, bytes(32))},
        office=office,
    )
    wanted = [Cursor(casefile=service.okoro.id, after=0)]
    assert office.inbox_pull(service.amina.token, wanted) == ()


def test_only_a_member_drops_what_was_left(service, office):
    """A supervisor of another family has no say over this one's inbox."""
    rosa = service.organisation.joins("supervisor", by=service.grace, office=office)
    hers = service.organisation.found(rosa, office=office)
    entry = service.ben.leaves(service.okoro)
    office.inbox_write(service.ben.token, [entry])
    rosa.writes(hers, "x")
    runs, heads = rosa.batch([hers])
    office.push(rosa.token, runs, heads, [entry.id])
    (page,) = office.inbox_pull(service.grace.token, [Cursor(casefile=service.okoro.id, after=0)])
    assert page.entries == (entry,)
