"""A redacted text leaves the office; its place in the chain stays."""

import pytest

from storage.envelope import as_item
from sync.errors import NotYours


@pytest.fixture
def wrong(service, office):
    """A note that Amina wrote on the wrong family."""
    service.amina.writes(service.okoro, "before", "about another family", "after")
    service.amina.pushes(office, service.okoro)
    return service.amina.chains[service.okoro.id][1][1]


def items(office, service):
    page = office.pull(service.grace.token, service.okoro.id, 0)
    return [item for run in page.runs for item in run.items]


def redact(office, service, change):
    """Grace says so with a change of her own, and has the text dropped."""
    at = len(service.grace.chains.get(service.okoro.id, ())) + 1
    service.grace.writes(service.okoro, "redaction")
    runs, heads = service.grace.batch([service.okoro], at)
    return office.push(service.grace.token, runs, heads, [change.id])


def test_the_text_goes_and_the_chain_still_verifies(service, office, wrong):
    redact(office, service, wrong)

    kept = items(office, service)
    assert [len(item) == 44 for item in kept] == [False, True, False, False]
    assert kept[1] == wrong.nonce + wrong.ct_hash
    page = office.pull(service.grace.token, service.okoro.id, 0)
    ids = [s.id for run in page.runs[:1] for s in run.rebuilt(service.organisation.org)]
    assert ids == [sealed.id for _, sealed in service.amina.chains[service.okoro.id]]


def test_the_bytes_are_gone_from_every_file_of_the_office(service, office, wrong, database):
    core = wrong.ct[20:60]
    before = b"".join(database.files().values())
    assert core in before

    redact(office, service, wrong)

    database.sweep()
    # Not in PostgreSQL's log, which comes round by itself: build/README.md says so.
    after = b"".join(database.files().values())
    assert wrong.ct_hash in after
    assert core not in after


def test_pushing_the_redacted_change_again_does_not_bring_it_back(service, office, wrong):
    redact(office, service, wrong)

    answer = service.amina.pushes(office, service.okoro)

    assert (answer.accepted, answer.refused) == (3, None)
    assert len(items(office, service)[1]) == 44


def test_redacting_twice_is_redacting_once(service, office, wrong):
    redact(office, service, wrong)
    office.push(service.grace.token, [], [], [wrong.id, wrong.id])

    assert items(office, service)[1] == wrong.nonce + wrong.ct_hash


def test_only_a_supervisor_of_the_casefile_redacts(service, office, wrong):
    rosa = service.organisation.joins("supervisor", by=service.grace, office=office)
    for device in (service.amina, service.ben, service.olwen):
        with pytest.raises(NotYours):
            office.push(device.token, [], [], [wrong.id])
    office.push(rosa.token, [], [], [wrong.id, bytes(32)])

    assert items(office, service)[1] == as_item(wrong)


def test_a_supervisor_who_was_taken_out_redacts_no_more(service, office, wrong):
    organisation, grace = service.organisation, service.grace
    rosa = organisation.joins("supervisor", by=grace, office=office)
    organisation.regrant(service.okoro, grace, [service.amina, grace, rosa], office=office)
    organisation.regrant(service.okoro, grace, [service.amina, grace], rotate=True, office=office)

    office.push(rosa.token, [], [], [wrong.id])

    assert items(office, service)[1] == as_item(wrong)


def test_no_text_is_dropped_when_the_word_for_it_was_refused(service, office, wrong):
    service.grace.writes(service.okoro, "lost", "redaction")
    runs, heads = service.grace.batch([service.okoro], 2)

    (answer,) = office.push(service.grace.token, runs, heads, [wrong.id])

    assert answer.refused == "gap"
    assert items(office, service)[1] == as_item(wrong)


def test_text_in_quarantine_can_be_redacted_too(service, office, wrong):
    ben = service.ben
    ben.writes(service.silva, "one", "two")
    service.organisation.revoke(ben, service.grace, office)
    ben.login(office)
    ben.pushes(office, service.silva)
    sealed = ben.chains[service.silva.id][0][1]

    office.push(service.grace.token, [], [], [sealed.id])

    (page,) = office.quarantined(service.grace.token)
    assert [len(item) == 44 for item in page.runs[0].items] == [True, False]
