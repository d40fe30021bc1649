"""A group's register, taken with no signal by a leader who may not read the family."""

import re
from datetime import time, timedelta

import pytest

from app.casework.casebook.group_lists import GroupForm
from driver.browser import PHONE, TABLET, FletBrowser
from stories.households import ADA
from stories.town import PEOPLE, THERAPIST, WORKER, Town, go_to, synchronise

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_register_taken_offline_reaches_the_family_that_the_leader_may_not_read(
    town: Town,
) -> None:
    with town.book_of(WORKER) as book:
        family = next(f for f in book.families.lines() if f.ref == ADA.ref).id
        leader = next(w for w in book.team.workers() if w.name == PEOPLE[THERAPIST].name)
        group = book.groups.start(
            GroupForm(
                programme="mbt_group",
                cohort="Weir Lane",
                starts=book.at(book.today, time(0, 5)) - timedelta(weeks=1),
                leaders=(leader.person,),
            )
        )
        (mother,) = book.groups.people_of(family)
        book.groups.enrol(group, family, mother.id)
    with (
        town.in_hand(WORKER, TABLET) as tablet,
        town.in_hand(THERAPIST, PHONE) as phone,
    ):
        synchronise(tablet)
        synchronise(phone)
        go_to(phone, "Families")
        phone.see(re.compile(r"^\d famil"))
        assert not any(ADA.titled in node.name for node in phone.tree())

        town.cables[THERAPIST].cut()
        go_to(phone, "Today")
        phone.tap("Register")
        phone.see("1 not marked yet")
        mark(phone, "Ada Okoro", "Not here")
        phone.see("0 here")
        mark(phone, "Ada Okoro", "Late")
        phone.see("1 here")
        phone.see(re.compile("^Before: Not here"))
        phone.screenshot("phone-register")
        phone.see(re.compile("only on this device"))
        phone.scroll_to("Somebody else came")
        phone.tap("Somebody else came")
        phone.fill("Or a name, if no family is on record", "Shanice Bell")
        phone.click(phone.button("Somebody else came").first)
        phone.see("2 different people have come so far")

        town.cables[THERAPIST].restore()
        synchronise(phone)
        synchronise(tablet)
        go_to(tablet, "Families")
        tablet.click(tablet.tile(ADA.titled))
        tablet.see("Engagement")
        tablet.see(re.compile(r"Group session.*Late|Late.*Group session|00:05.*[Ll]ate", re.DOTALL))


def mark(ui: FletBrowser, name: str, words: str) -> None:
    """Tap a mark in the group of that name, as somebody who hears the page would."""
    ui.click(
        ui.page.get_by_role("group", name=name).get_by_role("checkbox", name=words, exact=True)
    )
