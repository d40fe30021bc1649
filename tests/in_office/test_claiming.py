"""An empty office, and who may make it hers."""

import pytest

from builders import AT, Organisation, service_at
from sync.errors import InviteRefused, NotOurOffice, NotUnderstood, Stale


def founding(organisation):
    return organisation.directory.root_public, organisation.packed()


@pytest.fixture
def organisation():
    organisation = Organisation(7)
    organisation.joins("supervisor")
    return organisation


def test_an_office_belongs_to_whoever_founds_an_organisation_on_it(office, organisation):
    assert office.health() == ""
    office.found_organisation(*founding(organisation))

    assert office.health() == organisation.org.hex()


def test_founding_twice_is_founding_once(office, organisation):
    office.found_organisation(*founding(organisation))
    office.found_organisation(*founding(organisation))

    assert office.health() == organisation.org.hex()


def test_an_office_that_belongs_to_somebody_is_not_to_be_had(office, organisation):
    office.found_organisation(*founding(organisation))
    stranger = Organisation(8)
    stranger.joins("supervisor")

    with pytest.raises(NotOurOffice):
        office.found_organisation(*founding(stranger))
    assert office.health() == organisation.org.hex()


def test_the_same_root_cannot_be_used_to_slip_in_another_directory(office, organisation):
    office.found_organisation(*founding(organisation))
    first = organisation.statements[0]
    again = Organisation(7)
    again.joins("administrator")

    assert again.statements[0] == first
    with pytest.raises(NotOurOffice):
        office.found_organisation(*founding(again))


def test_an_office_with_a_claim_code_wants_it(office, organisation):
    code = office.require_claim()

    with pytest.raises(InviteRefused) as refused:
        office.found_organisation(*founding(organisation))
    assert refused.value.reason == "unknown"
    office.found_organisation(*founding(organisation), code)
    assert office.health() == organisation.org.hex()


def test_a_claim_code_may_be_typed_as_people_type(office, organisation):
    code = office.require_claim()
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    office.found_organisation(*founding(organisation), typed)

    assert office.health()


def test_a_claimed_office_has_no_claim_code(office, organisation):
    office.found_organisation(*founding(organisation), office.require_claim())

    assert office.require_claim() is None


def test_starting_again_replaces_the_claim_code(office, organisation):
    old, new = office.require_claim(), office.require_claim()

    assert old != new
    with pytest.raises(InviteRefused):
        office.found_organisation(*founding(organisation), old)
    office.found_organisation(*founding(organisation), new)


def test_guessing_the_claim_code_gets_slow(office, organisation):
    code = office.require_claim()
    for guess in range(20):
        with pytest.raises(InviteRefused):
            office.found_organisation(
                *founding(organisation), f"guess {guess}", address="192.0.2.7"
            )

    with pytest.raises(Exception, match="too many"):
        office.found_organisation(*founding(organisation), code, address="192.0.2.7")
    office.found_organisation(*founding(organisation), code, address="192.0.2.8")


def test_an_organisation_without_a_device_is_not_founded(office):
    bare = Organisation(9)

    with pytest.raises(NotUnderstood):
        office.found_organisation(*founding(bare))
    assert office.health() == ""


def test_an_organisation_signed_by_another_root_is_not_founded(office, organisation):
    other = Organisation(9)

    with pytest.raises((NotUnderstood, Stale)):
        office.found_organisation(other.directory.root_public, organisation.packed())
    assert office.health() == ""


def test_the_root_lets_a_rebuilt_laptop_in(office):
    service = service_at(office)
    organisation = service.organisation
    laptop = organisation.device("supervisor", person=service.grace.person)

    directory, grants = office.recover([organisation.root_proof(office).packed()])
    assert list(directory) == organisation.packed()
    assert {service.okoro.grant.statement.packed(), service.silva.grant.statement.packed()} == set(
        grants
    )

    statement = organisation.certify(laptop)
    office.recover([organisation.root_proof(office).packed(), statement.packed()])
    laptop.login(office)
    organisation.regrant(
        service.okoro, laptop, [service.amina, service.grace, laptop], office=office
    )
    assert office.pull(laptop.token, service.okoro.id, 0).top == 0


def test_a_repeated_recovery_is_answered_the_same(office):
    service = service_at(office)
    organisation = service.organisation
    statement = organisation.certify(organisation.device("supervisor"))

    first = office.recover([organisation.root_proof(office).packed(), statement.packed()])
    again = office.recover([organisation.root_proof(office).packed(), statement.packed()])

    assert first == again


def test_nobody_recovers_by_repeating_what_the_root_once_signed(office):
    service = service_at(office)
    organisation = service.organisation
    proof = organisation.root_proof(office).packed()
    office.recover([proof])

    with pytest.raises(Exception, match="challenge"):
        office.recover([proof])
    with pytest.raises(NotOurOffice):
        office.recover([organisation.statements[0].packed()])
    with pytest.raises(NotOurOffice):
        office.recover([])


def test_another_root_recovers_nothing(office):
    service_at(office)
    stranger = Organisation(2)

    with pytest.raises(NotOurOffice):
        office.recover([stranger.root_proof(office).packed()])


def test_a_recovery_that_does_not_follow_on_the_directory_changes_nothing(office):
    service = service_at(office)
    organisation = service.organisation
    late = organisation.device("supervisor")
    statement = organisation.directory.certify(organisation.root, bytes(16), late.certificate, AT)
    organisation.joins("worker", by=service.grace, office=office)

    with pytest.raises(Stale):
        office.recover([organisation.root_proof(office).packed(), statement.packed()])
    assert office.standings(service.grace.token).directory == 6
