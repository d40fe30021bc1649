"""Every part on the real client: named for a screen reader, large enough, and from this machine."""

import datetime as dt

import pytest

from driver.browser import PHONE, TABLET, FletBrowser, FletServer

pytestmark = pytest.mark.browser
LOOKS = [
    ("phone", PHONE, False, "normal"),
    ("phone", PHONE, True, "largest"),
    ("tablet", TABLET, True, "normal"),
    ("tablet", TABLET, False, "largest"),
]
LANDMARKS = ("Before you get in touch", "Passphrase", "Who was there", "Nothing waits for you")


@pytest.mark.parametrize(("name", "size", "dark", "text"), LOOKS)
def test_every_part_has_a_name_and_room_for_a_thumb(name, size, dark, text):
    device = FletServer("-m", "on_screen.gallery", env={"TEXT_SIZE": text})
    with device, FletBrowser(device.url, size, dark=dark) as ui:
        ui.open()
        ui.see(LANDMARKS[0])
        for landmark in LANDMARKS:
            ui.scroll_to(landmark)
            assert ui.accessibility_problems() == [], landmark
        assert ui.external == []


def test_in_the_largest_text_on_a_phone_long_words_wrap_instead_of_being_cut():
    def height(ui, beginning, *, above):
        ui.scroll_to(above)  # so that nothing of it is cut off by the edge
        return next(node.height for node in ui.tree() if node.name.startswith(beginning))

    device = FletServer("-m", "on_screen.gallery", env={"TEXT_SIZE": "largest"})
    with device, FletBrowser(device.url, PHONE) as ui:
        ui.open()
        one_line = height(ui, "Signed", above="Record the outcome")
        assert (
            height(ui, "Kayleigh Orchid: seen on time", above="Record the outcome") > 1.5 * one_line
        )
        one_line = height(ui, "Child seen alone", above="Large text")
        assert height(ui, "Ring the health visitor", above="Large text") > 1.5 * one_line


@pytest.fixture(scope="module")
def gallery():
    with FletServer("-m", "on_screen.gallery") as device, FletBrowser(device.url) as ui:
        yield ui


@pytest.fixture
def ui(gallery):
    gallery.open()
    gallery.see("Before you get in touch")
    return gallery


def test_a_day_can_be_typed_as_one_says_it(ui):
    ui.scroll_to("Pick: Day")
    ui.fill("Day", "9 June")
    ui.see("Tuesday 9 June 2026")
    ui.fill("Day", "31 June")
    ui.press("Tab")
    ui.see("Please write a date such as 4 June 2026.")
    ui.fill("Day", "today")
    ui.see("Tuesday 2 June 2026")


def test_a_day_and_a_time_can_be_picked(ui):
    ui.scroll_to("Pick: Time")
    ui.pick_date("Pick: Day", dt.date(2026, 6, 12))
    ui.see("Friday 12 June 2026")
    ui.pick_time("Pick: Time", dt.time(14, 45))
    ui.has_value("Time", "14:45")


def test_a_name_stays_as_it_is_typed(ui):
    ui.scroll_to("Surname")
    ui.type_into("Surname", "van der Berg-ap Rhys")
    ui.has_value("Surname", "van der Berg-ap Rhys")


def test_choices_are_made_by_their_names(ui):
    ui.scroll_to("Child seen alone")
    ui.choose("Outcome", "Was not brought")
    ui.see("Was not brought")
    ui.tap("Grandmother")
    ui.tap("Child seen alone")
    ui.is_on("Child seen alone", on=False)


def test_a_passphrase_can_be_shown_and_hidden(ui):
    ui.scroll_to("Show: Passphrase")
    ui.fill("Passphrase", "kettle marble")
    ui.tap("Show: Passphrase")
    ui.see("Hide: Passphrase")
    ui.has_value("Passphrase", "kettle marble")


def test_a_question_is_asked_once_and_answered(ui):
    ui.scroll_to("Sign the note")
    ui.tap("Sign the note")
    ui.see("Once signed it stays as it is.")
    assert ui.accessibility_problems() == []
    ui.tap("Sign")
    ui.see("Signed")
    ui.not_see("Once signed it stays as it is.")


def test_undo_is_one_tap(ui):
    ui.tap("Save")
    ui.see("Saved on this device")
    ui.tap("Undo")
