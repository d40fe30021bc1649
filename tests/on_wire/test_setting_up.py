"""An organisation begins once, however often the reply is lost."""

import pytest

from house import House
from lines import LostReplies, NoSignal
from storage.recovery import new_seed
from sync.client import HttpOffice
from sync.errors import InviteRefused, NotOurOffice, Offline
from sync.exchange import Exchange
from sync.setting_up import finish, found_organisation, is_begun


def test_an_organisation_has_a_supervisor_a_team_and_an_office(house):
    grace = house.begins("grace")
    me = grace.vault.me
    assert me.role == "supervisor"
    assert house.service.health() == me.org
    (team,) = grace.vault.casefiles()
    assert (team.id, team.kind) == (me.team, "team")


def test_with_the_reply_lost_and_the_app_closed_what_was_begun_is_finished(house):
    grace = house.picks_up("grace")
    seed = new_seed(grace.around.randomness)
    with pytest.raises(Offline):
        found_organisation(
            grace.vault,
            LostReplies(grace.office, {"found_organisation"}),
            seed=seed,
            address=house.address,
        )
    grace.reopens()
    assert is_begun(grace.vault)

    me = finish(grace.vault, grace.office, address=house.address)

    assert not is_begun(grace.vault)
    assert house.service.health() == me.org
    assert grace.round().doubted == {}
    assert [c.kind for c in grace.vault.casefiles()] == ["team"]


def test_an_office_that_belongs_to_somebody_is_not_taken_over(house):
    house.begins("grace")
    mallory = house.picks_up("mallory")
    with pytest.raises(NotOurOffice):
        found_organisation(mallory.vault, mallory.office, seed=bytes(32), address=house.address)


def test_a_wrong_claim_code_is_refused_and_the_right_one_then_taken(house):
    code = house.service.require_claim()
    grace = house.picks_up("grace")
    seed = new_seed(grace.around.randomness)
    with pytest.raises(InviteRefused):
        found_organisation(
            grace.vault, grace.office, seed=seed, address=house.address, claim="WRONG"
        )
    me = found_organisation(
        grace.vault, grace.office, seed=seed, address=house.address, claim=code.lower()
    )
    assert house.service.health() == me.org


def test_without_a_signal_nothing_is_begun_twice(house):
    grace = house.picks_up("grace")
    seed = new_seed(grace.around.randomness)
    for _ in range(2):
        with pytest.raises(Offline):
            found_organisation(grace.vault, NoSignal(), seed=seed, address=house.address)
    found_organisation(grace.vault, grace.office, seed=seed, address=house.address)
    Exchange(grace.vault, HttpOffice(house.address)).round()
    assert len(grace.vault.casefiles()) == 1


def test_an_address_in_the_clear_elsewhere_is_refused(tmp_path):
    house = House(tmp_path)
    grace = house.picks_up("grace")
    with pytest.raises(ValueError, match="https"):
        found_organisation(
            grace.vault, grace.office, seed=bytes(32), address="http://office.example"
        )
    house.close()
