"""Unfinished text, parked sealed for the same person's next device."""

from dataclasses import replace

import pytest

from sync.errors import NotYours, TooMuch
from sync.protocol import MAX_BATCH_BYTES, ParkedDraft
from sync.server.office import OfficeService
from sync.server.surroundings import Limits


def draft(device, casefile, name=b"draft", sealed=b"sealed draft"):
    return ParkedDraft(
        draft=name.ljust(16),
        casefile=casefile.id,
        device=device.id,
        person=device.person,
        kid=casefile.key.kid,
        sealed=sealed,
        signature=device.signing.sign(sealed),
    )


@pytest.fixture
def tablet(service, office):
    """Amina's next device, in her family from now on."""
    tablet = service.organisation.joins(
        "worker", person=service.amina.person, by=service.grace, office=office
    )
    service.organisation.regrant(
        service.okoro, service.grace, [service.amina, service.grace, tablet], office=office
    )
    return tablet


def test_a_parked_draft_waits_for_the_same_persons_next_device(service, office, tablet):
    mine = draft(service.amina, service.okoro)
    office.park(service.amina.token, [mine])

    assert office.standings(tablet.token).parked == 1
    assert office.parked(tablet.token) == (mine,)
    for device in (service.amina, service.ben, service.grace):
        assert office.standings(device.token).parked == 0
        assert office.parked(device.token) == ()


def test_it_waits_until_that_device_is_in_the_casefile(service, office):
    office.park(service.amina.token, [draft(service.amina, service.okoro)])
    tablet = service.organisation.joins(
        "worker", person=service.amina.person, by=service.grace, office=office
    )

    assert office.parked(tablet.token) == ()
    service.organisation.regrant(
        service.okoro, service.grace, [service.amina, service.grace, tablet], office=office
    )
    assert len(office.parked(tablet.token)) == 1


def test_parking_again_replaces_and_never_doubles(service, office, tablet):
    office.park(service.amina.token, [draft(service.amina, service.okoro)] * 2)
    newer = draft(service.amina, service.okoro, sealed=b"more text")
    office.park(service.amina.token, [newer])
    office.park(service.amina.token, [newer])

    assert office.parked(tablet.token) == (newer,)


def test_a_draft_taken_over_is_gone(service, office, tablet):
    mine = draft(service.amina, service.okoro)
    office.park(service.amina.token, [mine])
    office.unpark(service.ben.token, [mine.draft])
    assert len(office.parked(tablet.token)) == 1

    office.unpark(tablet.token, [mine.draft])
    office.unpark(tablet.token, [mine.draft])

    assert office.parked(tablet.token) == ()


def test_a_revoked_device_may_still_park_what_it_had(service, office, tablet):
    service.organisation.revoke(service.amina, service.grace, office)
    service.amina.login(office)

    office.park(service.amina.token, [draft(service.amina, service.okoro)])

    assert len(office.parked(tablet.token)) == 1


def test_nobody_parks_in_another_name_or_into_another_family(service, office):
    amina = service.amina
    mine = draft(amina, service.okoro)
    for other in (
        replace(mine, device=service.ben.id),
        replace(mine, person=service.ben.person),
        replace(mine, casefile=service.silva.id),
        replace(mine, casefile=bytes(16)),
    ):
        with pytest.raises(NotYours):
            office.park(amina.token, [mine, other])
    tablet = service.organisation.joins(
        "worker", person=amina.person, by=service.grace, office=office
    )
    service.organisation.regrant(
        service.okoro, service.grace, [amina, service.grace, tablet], office=office
    )
    assert office.parked(tablet.token) == ()


def test_drafts_are_bounded_and_handed_out_bit_by_bit(service, office, tablet):
    amina = service.amina
    for n in range(5):
        office.park(amina.token, [draft(amina, service.okoro, b"draft %d" % n, bytes(700_000))])

    taken = 0
    while drafts := office.parked(tablet.token):
        assert sum(len(d.sealed) for d in drafts) <= MAX_BATCH_BYTES
        office.unpark(tablet.token, [d.draft for d in drafts])
        taken += len(drafts)
    assert taken == 5


def test_a_device_parks_no_more_than_its_share(database_url, service, clock):
    small = OfficeService(database_url, clock=clock, limits=Limits(parked_bytes=1000))
    small.park(service.amina.token, [draft(service.amina, service.okoro, sealed=bytes(900))])

    with pytest.raises(TooMuch):
        small.park(service.amina.token, [draft(service.amina, service.okoro, b"b", bytes(900))])
    small.close()
