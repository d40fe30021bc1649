"""Every part on one page, to be looked at: run it and follow the address, or let the test do so."""

import asyncio
import os
from datetime import date, time
from typing import Any

import flet as ft

from app.guards import screen
from app.layout import Shell
from app.navigation import Destination
from app.parts.banners import banner, empty, problem, safe_contact_warning, waiting
from app.parts.buttons import actions, danger, icon_button, primary, quiet, secondary
from app.parts.cards import card, columns, section
from app.parts.dialogs import Said, use_question, use_said
from app.parts.fields import (
    SecretField,
    chips,
    choice,
    dropdown,
    long_text,
    search_field,
    switch,
    text_field,
    tick,
)
from app.parts.lists import rows, tile
from app.parts.marks import Mark, Tone, status, statuses, strip
from app.parts.text import fact, figure, heading, line, small
from app.parts.when import DateField, TimeField
from app.root import Screens
from app.state import use_session, use_state, use_tab, use_wide
from app.web import serve
from app.wording import plain
from fakes import FakeClock
from on_screen.small_house import Door, house
from storage.errors import DiskFull

TODAY = date(2026, 6, 2)
PAST: tuple[tuple[str, Tone, str], ...] = (
    ("S", "good", "Tue 14 April: seen"),
    ("S", "good", "Tue 21 April: seen"),
    ("L", "plain", "Tue 28 April: late, seen"),
    ("C", "attention", "Tue 5 May: cancelled by the family"),
    ("N", "bad", "Tue 12 May: was not brought"),
    ("T", "quiet", "Fri 15 May: telephone"),
    ("S", "good", "Tue 19 May: seen"),
)
MARKS = [Mark(letter=letter, tone=tone, words=words) for letter, tone, words in PAST]


@screen
def Gallery() -> Any:
    wide = use_wide()
    text, set_text = use_state("Calm visit. Baby fed well.")
    phrase, set_phrase = use_state("")
    surname, set_surname = use_state("")
    rung, ring_ = use_state(False)
    query, set_query = use_state("")
    on, set_on = use_state(TODAY)
    at, set_at = use_state(time(9, 30))
    picked, pick = use_state("home")
    with_, set_with = use_state(["mother"])
    outcome, set_outcome = use_state("5")
    ticked, set_ticked = use_state(True)
    asked, ask = use_state(False)
    said, say = use_state(None)
    use_question(
        asked,
        title="Sign this note?",
        words="Orchid family, 4 Bridge Street. Once signed it stays as it is.",
        yes="Sign",
        on_yes=lambda: say(Said(words="Signed")),
        on_close=lambda: ask(False),
    )
    use_said(said, lambda: say(None))
    session, tab = use_session(), use_tab()

    def travel() -> None:
        tab.sync.waiting, tab.sync.total, tab.sync.done = 2, 14, 12

    def count_down() -> None:
        tab.countdown.seconds = 45

    return Shell(
        "All parts",
        [
            safe_contact_warning(
                "Do not ring after 17:00 and leave no message.", code_word="yellow kettle"
            ),
            columns(
                section(
                    "Next",
                    [
                        card(
                            heading("10:00 Orchid family", level=3),
                            line("4 Bridge Street, Aylesbury"),
                            statuses(
                                status("Signed", "good"),
                                status("Only on this device", "attention"),
                                status("Was not brought", "bad"),
                                status("Draft", "quiet"),
                                status("Telephone", "plain", icon=ft.Icons.CALL),
                                status("Kayleigh Orchid: seen on time, at the door only", "good"),
                            ),
                            strip(
                                MARKS,
                                label="7 contacts since April: 4 seen, 1 late, 1 cancelled, "
                                "1 not brought",
                            ),
                            actions(
                                primary("Start the note", count_down, icon=ft.Icons.EDIT_NOTE),
                                secondary("Record the outcome", travel),
                                quiet("Ring", lambda: None, icon=ft.Icons.CALL),
                            ),
                        ),
                    ],
                    action=quiet("Free slots", lambda: None),
                ),
                section(
                    "Family",
                    [
                        card(
                            fact("Due date", "Mon 14 December 2026 (28+0)", icon=ft.Icons.EVENT),
                            fact("Legal status", "Child protection plan since Fri 1 May"),
                            ft.Row([figure("9", "seen"), figure("2", "missed")], spacing=24),
                            small("Saved today 09:40 on this device"),
                        ),
                        rows(
                            [
                                tile(
                                    "Amina Orchid", "mother, 27", lambda: None, icon=ft.Icons.PERSON
                                ),
                                tile(
                                    "Baby Orchid",
                                    "unborn, 28+0",
                                    lambda: None,
                                    icon=ft.Icons.CHILD_CARE,
                                    trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
                                ),
                            ]
                        ),
                    ],
                ),
                wide=wide,
            ),
            heading("Fields"),
            search_field("Search families", query, set_query),
            text_field("First name", "Zoë", lambda _v: None, hint="As she wants to be called"),
            text_field("Due date", "4/6/2029", lambda _v: None, error="This is 3 years ahead."),
            DateField("Day", on, set_on, today=TODAY),
            TimeField("Time", at, set_at),
            text_field("Surname", surname, set_surname, keyboard=ft.KeyboardType.NAME),
            SecretField("Passphrase", phrase, set_phrase, hint="Four unrelated words"),
            long_text("Visit note", text, set_text, lines=4),
            choice(
                "Where",
                picked,
                {"home": "At home", "centre": "Children's centre", "clinic": "Clinic"},
                pick,
            ),
            chips(
                "Who was there",
                with_,
                {"mother": "Mother", "father": "Father", "gran": "Grandmother", "baby": "Baby"},
                set_with,
                error="Choose at least the child or say why not.",
            ),
            dropdown(
                "Outcome",
                outcome,
                {"5": "Seen on time", "6": "Late, seen", "3": "Was not brought"},
                set_outcome,
            ),
            tick("Child seen alone", ticked, set_ticked),
            tick("Ring the health visitor about sleep, and the clinic about Friday", rung, ring_),
            switch("Large text", session.settings.text_size != "normal", lambda _v: None),
            heading("Words"),
            banner("Two misses in a row: talk about what is in the way.", tone="plain"),
            problem(plain(DiskFull())),
            waiting("Opening 12 of 14", done=12, total=14),
            empty("Nothing waits for you", hint="New referrals appear here."),
            actions(
                secondary("Sign the note", lambda: ask(True)),
                danger("Redact", lambda: None),
                icon_button(ft.Icons.COPY, "Copy", lambda: None),
            ),
            line("Ŵyn, Łucja, Nguyễn, Ελένη, Оксана, سلمى, מרים, आशा, রূপা, ਸਿਮਰਨ, தமிழ், 李娜, 🌈"),
        ],
        broad=True,
        actions=[icon_button(ft.Icons.SEARCH, "Search", lambda: None)],
        foot=primary("Save", lambda: say(Said(words="Saved on this device", undo=lambda: None))),
    )


SCREENS = Screens(
    setup=Gallery,
    unlock=Gallery,
    handed=Gallery,
    routes=[ft.Route(path="/", component=Gallery)],
    places=lambda _session: [
        Destination(route=route, words=words, icon=icon, selected_icon=icon)
        for route, words, icon in (
            ("/", "Today", ft.Icons.TODAY),
            ("/families", "Families", ft.Icons.FAMILY_RESTROOM),
            ("/team", "Team", ft.Icons.SUPERVISOR_ACCOUNT),
            ("/sync", "Sync", ft.Icons.CLOUD_OUTLINED),
            ("/settings", "Settings", ft.Icons.SETTINGS),
        )
    ],
)


if __name__ == "__main__":
    gallery, _main = house(Door(locked=False), clock=FakeClock())
    if size := os.environ.get("TEXT_SIZE"):
        asyncio.run(gallery.change_settings(text_size=size))
    serve(gallery, SCREENS, say=lambda address: print(f"Open {address}", flush=True))
