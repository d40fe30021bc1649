"""The passphrase: kind words and growing waits when it is wrong, and a way out when forgotten."""

import re

import pytest

from driver.browser import PHONE, TABLET, FletBrowser
from stories.households import ADA
from stories.test_getting_in import CHOSEN, choose_passphrase, the_code
from stories.town import OPENS_S, SUPERVISOR, WORKER, Town, go_to, synchronise, unlock

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_wrong_passphrase_is_answered_kindly_and_makes_the_next_try_wait(town: Town) -> None:
    with town.device(WORKER) as device, FletBrowser(device.url, PHONE) as ui:
        ui.open()
        for _ in range(3):
            ui.fill("Passphrase", "kettle marble otter meadou")
            ui.tap("Unlock")
            ui.has_value("Passphrase", "")  # emptied once the answer is there
            ui.see("That is not the passphrase of this device.", OPENS_S)
        ui.see(re.compile(r"^Try again in \d second"))
        ui.not_see(re.compile("^Try again in"))
        ui.not_see("Okoro")
        unlock(ui, WORKER)


def test_a_forgotten_passphrase_loses_neither_the_unsent_note_nor_the_draft(town: Town) -> None:
    with town.device(WORKER) as device, FletBrowser(device.url, PHONE) as ui:
        town.cables[WORKER].cut()
        ui.open()
        unlock(ui, WORKER)
        ui.tap("Start note")
        ui.fill("Note", "Signed before the passphrase was forgotten.")
        ui.tap("Sign note")
        ui.tap("Yes, sign")
        ui.see("Only on this device")
        go_to(ui, "Families")
        ui.click(ui.tile(ADA.titled))
        ui.tap("Write a note")
        ui.fill("Note", "A draft that nobody had signed.")
        ui.see(re.compile("^Saved on this device"))
        ui.tap("Lock")
        ui.see("Passphrase")
        town.cables[WORKER].restore()
        with town.in_hand(SUPERVISOR, TABLET) as laptop:
            go_to(laptop, "Team")
            laptop.click(laptop.tile("People, devices and invites"))
            laptop.choose("For", "Amina Yusuf")
            laptop.tap("Make invite")
            code = the_short_code(laptop)
            ui.tap("I forgot my passphrase")
            ui.fill("Invite code", code)
            choose_passphrase(ui)
            ui.tap("Pair again")
            ui.see("Waiting for your supervisor", OPENS_S)
            laptop.see("Amina Yusuf asks to join", 30)
            laptop.tap("Let in")
            ui.see("Today", OPENS_S)
            synchronise(laptop)
            synchronise(ui)
            synchronise(laptop)
            synchronise(ui)
            go_to(ui, "Today")
            ui.scroll_to("Begun and not finished")
            ui.see(re.compile("A draft that nobody had signed"))
            go_to(ui, "Families")
            ui.fill("Search names, addresses and notes", "passphrase was forgotten")
            ui.see("Found in what was written")
            go_to(ui, "Settings")
            ui.scroll_to("This device")
            ui.see("Is one lost or stolen?")
            go_to(laptop, "Team")
            laptop.click(laptop.tile("People, devices and invites"))
            laptop.scroll_to("Access ended")
            laptop.not_see("Wipe pending")
        ui.tap("Lock")
        unlock(ui, WORKER, CHOSEN)


def test_an_invite_that_somebody_else_used_meanwhile_is_said_and_another_leads_in(
    town: Town,
) -> None:
    with (
        town.in_hand(SUPERVISOR, TABLET) as laptop,
        town.device(WORKER) as device,
        FletBrowser(device.url, PHONE) as ui,
    ):
        ui.open()
        ui.tap("I forgot my passphrase")
        taken_back = invite_for_amina(laptop)
        laptop.tap("Take back")
        ui.fill("Invite code", taken_back)
        choose_passphrase(ui)
        ui.tap("Pair again")
        ui.see(re.compile("^The office did not accept this invite"), OPENS_S)
        used = invite_for_amina(laptop)
        whole = the_code(laptop)
        with town.device("new") as other, FletBrowser(other.url, PHONE) as phone:
            phone.open()
            phone.tap("Join with an invite")
            phone.fill("Invite code", whole)
            choose_passphrase(phone)
            phone.tap("Ask to join")
            phone.see("Waiting for Grace", OPENS_S)
        ui.fill("Invite code", used)
        ui.tap("Pair again")
        ui.see(re.compile("^This invite was used already"), OPENS_S)
        laptop.see("Amina Yusuf asks to join", 30)
        laptop.tap("Decline")
        laptop.not_see("Amina Yusuf asks to join")
        laptop.not_see("Take back")
        ui.fill("Invite code", invite_for_amina(laptop))
        ui.see(re.compile("^From your supervisor, for the office at"))
        ui.tap("Ask to join")
        ui.see("Waiting for your supervisor", OPENS_S)


def test_an_invite_made_for_a_colleague_is_seen_for_what_it_is_before_anybody_is_let_in(
    town: Town,
) -> None:
    with (
        town.in_hand(SUPERVISOR, TABLET) as laptop,
        town.device(WORKER) as device,
        FletBrowser(device.url, PHONE) as ui,
    ):
        ui.open()
        ui.tap("I forgot my passphrase")
        invite_for(laptop, "Dr Rhian Pryce")
        ui.fill("Invite code", the_code(laptop))
        ui.see(re.compile("^From Grace, for the office at"))
        choose_passphrase(ui)
        ui.tap("Pair again")
        laptop.see("Dr Rhian Pryce asks to join", OPENS_S)
        laptop.see("Not the person you invited?")
        laptop.see(re.compile("^Until now this was a device of Amina Yusuf"))


def invite_for_amina(laptop: FletBrowser) -> str:
    """The short code of a new invite for somebody who has forgotten her passphrase."""
    invite_for(laptop, "Amina Yusuf")
    return the_short_code(laptop)


def invite_for(laptop: FletBrowser, name: str) -> None:
    """Leaves the new invite in sight."""
    go_to(laptop, "Team")
    laptop.click(laptop.tile("People, devices and invites"))
    laptop.choose("For", name)
    laptop.tap("Make invite")


def the_short_code(ui: FletBrowser) -> str:
    """Eight groups of four: little enough to be read out on the telephone."""
    shape = re.compile(r"^([0-9A-Z]{4} ){7}[0-9A-Z]{4}$")
    ui.see(shape)
    return next(node.name for node in ui.tree() if shape.match(node.name))
