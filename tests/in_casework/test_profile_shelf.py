"""Which profile is in force: a file, the organisation's own, the team's copy, or the plain one."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.casework.profile import BadProfile, Kept, NoProfile, Shelf, in_force, plain_profile
from app.casework.profile.standard import STANDARD
from app.places import PROFILES
from profiles import HARBOUR, write_profile

VERSION_2 = HARBOUR.replace("version = 1", "version = 2").replace('"Afloat"', '"At sea"')
BROKEN = HARBOUR.replace("[lone_worker]", "[loan_worker]")


@pytest.fixture
def own(tmp_path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def shipped(tmp_path) -> Path:
    return tmp_path / "shipped"


@pytest.fixture
def shelf(own, shipped) -> Shelf:
    return Shelf([own], shipped=shipped)


def afloat(shelf: Shelf, kept: Kept | None = None) -> str:
    profile = in_force(shelf, "harbour", kept).profile
    stage = profile.stage("afloat")
    return stage.words.en if stage else profile.service


def test_the_four_services_that_come_with_the_app_are_offered_by_name():
    contents = Shelf(shipped=PROFILES).contents()
    assert [p.service for p in contents.profiles] == [
        "building-bonds",
        "durham",
        "reconnect",
        "rct",
    ]
    assert contents.bad == ()


def test_an_edit_of_a_file_is_noticed_and_an_unchanged_one_is_not_read_again(shelf, shipped):
    file = write_profile(shipped)
    first = shelf.find("harbour").profile
    assert shelf.find("harbour").profile is first
    file.write_text(HARBOUR.replace('en = "Afloat"', 'en = "Adrift"'), encoding="utf-8")
    assert shelf.find("harbour").profile.stage("afloat").words.en == "Adrift"


def test_an_organisations_own_file_stands_before_the_one_that_came_with_the_app(
    shelf, own, shipped
):
    write_profile(shipped, VERSION_2)
    write_profile(own)
    assert afloat(shelf) == "Afloat"
    assert shelf.find("harbour").own


def test_a_bad_own_file_is_told_and_the_good_one_of_the_app_still_offered(shelf, own, shipped):
    write_profile(own, BROKEN)
    write_profile(shipped)
    contents = shelf.contents()
    assert [p.service for p in contents.profiles] == ["harbour"]
    assert [b.file for b in contents.bad] == ["harbour.toml"]
    with pytest.raises(BadProfile):
        shelf.find("harbour")
    found = in_force(shelf, "harbour", None)
    assert (found.profile.service, found.origin) == ("harbour", "other_file")
    assert found.bad is not None


def test_names_that_are_no_services_and_files_that_cannot_be_read_are_told(shelf, own):
    own.mkdir()
    (own / "Our Service.toml").write_text(HARBOUR, encoding="utf-8")
    (own / "notes.txt").write_text("not looked at", encoding="utf-8")
    (own / "folder.toml").mkdir()
    codes = {bad.file: bad.faults[0].code for bad in shelf.contents().bad}
    assert codes == {"Our Service.toml": "bad_file_name", "folder.toml": "not_readable"}


def test_no_folder_at_all_is_no_trouble(shelf):
    assert shelf.contents().profiles == ()
    with pytest.raises(NoProfile):
        shelf.find("harbour")


def test_without_a_file_the_teams_copy_is_used(shelf):
    kept = Kept(service="harbour", version=1, text=HARBOUR)
    assert afloat(shelf, kept) == "Afloat"
    assert in_force(shelf, "harbour", kept).origin == "copy"


def test_a_file_that_went_bad_leaves_the_device_working_with_the_copy(shelf, shipped):
    write_profile(shipped, BROKEN)
    found = in_force(shelf, "harbour", Kept(service="harbour", version=1, text=HARBOUR))
    assert found.profile.stage("afloat") is not None
    assert found.origin == "copy"
    assert [f.field for f in found.bad.faults] == ["lone_worker", "loan_worker"]


def test_of_file_and_copy_the_later_version_counts_and_of_the_same_the_file(shelf, shipped):
    write_profile(shipped)
    assert afloat(shelf, Kept(service="harbour", version=2, text=VERSION_2)) == "At sea"
    same = HARBOUR.replace('en = "Afloat"', 'en = "Adrift"')
    assert afloat(shelf, Kept(service="harbour", version=1, text=same)) == "Afloat"
    write_profile(shipped, VERSION_2)
    assert afloat(shelf, Kept(service="harbour", version=1, text=HARBOUR)) == "At sea"


def test_an_update_of_the_app_does_not_undo_an_organisations_own_profile(shelf, shipped):
    write_profile(shipped, VERSION_2)
    kept = Kept(service="harbour", version=1, text=HARBOUR, own=True)
    assert afloat(shelf, kept) == "Afloat"


def test_a_supervisor_is_offered_a_file_that_differs_from_the_copy(shelf, shipped):
    write_profile(shipped)
    assert in_force(shelf, "harbour", None).not_for_all
    assert not in_force(
        shelf, "harbour", Kept(service="harbour", version=1, text=HARBOUR)
    ).not_for_all


def test_with_nothing_at_all_the_plain_profile_is_there(shelf):
    found = in_force(shelf, "harbour", Kept(service="harbour", version=9, text="nonsense ="))
    assert (found.profile, found.origin) == (plain_profile(), "plain")


def test_the_plain_profile_offers_every_standard_code():
    plain = plain_profile()
    assert plain.codes("stage") == STANDARD["stage"]
    assert plain.codes("contact_type") == STANDARD["contact_type"]
    assert plain.codes("legal") == STANDARD["legal"]
    assert plain.reminders.rules[0].channel == "call_task"


def test_a_copy_that_this_app_cannot_read_leaves_it_with_its_own_file(shelf, shipped):
    """A newer app's profile may say what an older one does not know."""
    write_profile(shipped)
    newer = Kept(service="harbour", version=7, text=VERSION_2 + "\n[tides]\nhigh = 1\n", own=True)
    assert afloat(shelf, newer) == "Afloat"
