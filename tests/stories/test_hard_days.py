"""A birth, a loss, one family entered twice, and what the neighbour said: on real screens."""

import re

import pytest

from driver.browser import PHONE, TABLET
from stories.households import ADA, ADAEZE
from stories.town import SUPERVISOR, WORKER, Town, go_to, synchronise

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NEIGHBOUR = "The neighbour says there is shouting at night."


def test_a_birth_and_what_the_neighbour_said_reach_the_supervisor(town: Town) -> None:
    with town.in_hand(WORKER, PHONE) as phone:
        go_to(phone, "Families")
        phone.click(phone.tile(ADA.titled))
        phone.scroll_to("Baby is born")
        phone.screenshot("phone-expected")
        phone.tap("Baby is born")
        phone.fill("First name, if there is one yet", "Nia")
        phone.tap("Girl")
        phone.see("Girl or boy")
        phone.screenshot("phone-birth")
        phone.tap("Write down the birth")
        phone.scroll_to("Nia Okoro")
        phone.not_see("Baby is born")

        phone.scroll_to("Write a note", down=False)
        phone.tap("Write a note")
        phone.fill("Note", f"Both are well.\n\n{NEIGHBOUR}")
        phone.scroll_to("About somebody else…")
        phone.tap("About somebody else…")
        phone.tap(NEIGHBOUR)
        phone.screenshot("phone-somebody-else")
        phone.scroll_to("Done")
        phone.tap("Done")
        phone.tap("Sign note")
        phone.see("1 paragraph is marked as told by or about somebody else.")
        phone.tap("Yes, sign")
        phone.see("Told by or about somebody else")
        phone.screenshot("phone-somebody-else-signed")
        synchronise(phone)

    with town.in_hand(SUPERVISOR, TABLET) as laptop:
        synchronise(laptop)
        go_to(laptop, "Families")
        laptop.click(laptop.tile(ADA.titled))
        laptop.scroll_to("Nia Okoro")
        laptop.scroll_to("Both are well.")


def test_a_loss_is_one_action_and_no_screen_speaks_of_a_baby_afterwards(town: Town) -> None:
    with town.in_hand(WORKER, PHONE) as phone:
        go_to(phone, "Families")
        phone.click(phone.tile(ADA.titled))
        phone.scroll_to("The pregnancy has ended")
        phone.tap("The pregnancy has ended")
        phone.see("Who is in touch with the family?")
        phone.screenshot("phone-loss")
        phone.tap("Write it down")
        phone.scroll_to("Write a note", down=False)
        phone.see(re.compile("The pregnancy ended on"))
        phone.screenshot("phone-after-loss")
        phone.not_see("Baby is born")
        go_to(phone, "Today")
        phone.scroll_to("Ring Okoro after their loss")
        go_to(phone, "Families")
        phone.see("4 families")
        phone.not_see(re.compile("baby", re.IGNORECASE))  # once Today, with another's loss, is gone


def test_two_entries_are_joined_read_as_one_and_parted_again(town: Town) -> None:
    with town.in_hand(SUPERVISOR, TABLET) as laptop:
        go_to(laptop, "Families")
        laptop.click(laptop.tile(ADA.titled))
        laptop.see("There is a family with nearly the same name")
        laptop.tap("Is it the same family?")
        laptop.see("Person by person")
        laptop.see("Somebody else")
        laptop.screenshot("tablet-twice")
        laptop.scroll_to("How you know")
        laptop.fill("How you know", "One midwife, two forms.")
        laptop.tap("They are one family")
        laptop.see(f"Also recorded under {ADAEZE.titled}")
        laptop.screenshot("tablet-joined")
        laptop.scroll_to("Adaeze was tired")
        go_to(laptop, "Families")
        laptop.see("3 families")
        laptop.fill("Search names, addresses and notes", ADAEZE.ref)
        laptop.click(laptop.tile(ADA.titled))
        laptop.tap("They are two families")
        laptop.tap("Yes, two families")
        laptop.see("There is a family with nearly the same name")
        go_to(laptop, "Families")
        laptop.fill("Search names, addresses and notes", "")
        laptop.see("4 families")
