"""The office's reminder desk: confirmed with the founding, and by its code when it is another."""

import os
import re

import pytest

from driver.browser import TABLET
from stories.town import SUPERVISOR, Town, go_to
from sync.desk import desk_fingerprint
from sync.server.desk.keys import DeskKeys, read_keys, replace_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_desk_is_believed_from_the_founding_on_and_another_one_only_by_its_code(
    town: Town,
) -> None:
    keys = town.folder / "office" / "desk.keys"
    ours = read_keys(keys.read_text())
    with town.in_hand(SUPERVISOR, TABLET) as laptop:
        go_to(laptop, "Team")
        laptop.click(laptop.tile("People, devices and invites"))
        laptop.scroll_to("Reminder desk")
        laptop.see(desk_fingerprint(ours.identity()), 30)
        laptop.see("Confirmed. Reminders are sealed to this desk alone.")

        town.office.stop()
        another = DeskKeys.fresh(os.urandom)
        replace_in(keys, another)
        town.office.start()

        laptop.scroll_to(desk_fingerprint(another.identity()))
        laptop.see(re.compile("^The office shows a reminder desk that nobody has confirmed"), 30)
        laptop.scroll_to("The codes are the same")
        laptop.tap("The codes are the same")
        laptop.see("Confirmed. Reminders are sealed to this desk alone.", 30)
