"""What a parent reads: her language, a first name and a time, and how many texts that takes."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.casework.discretion import Indiscretion, Secrets, indiscretions
from app.casework.message_text import Facts, compose, languages_for
from app.casework.moments import UK
from app.casework.sms_length import GSM_BASIC, GSM_EXTENSION, sms_length
from appointments import RECONNECT

BOTH = ("en", "cy")
TEMPLATES = RECONNECT.templates
TEN = Facts(starts=datetime(2027, 6, 1, 10, tzinfo=UK), worker="Sam")


def said(language="en", *more, easy=False, facts=TEN, key="coming"):
    return compose(TEMPLATES[key], facts, languages=(language, *more), easy=easy)


def test_a_parent_reads_a_first_name_a_day_and_a_time():
    assert said() == (
        "Hi. Sam will see you Tuesday 1 June, 10am. Reply CHANGE if you need another time."
    )


def test_easy_read_has_short_lines_one_fact_each():
    assert said(easy=True).splitlines() == [
        "Hi.",
        "Sam will see you.",
        "Day: Tuesday 1 June.",
        "Time: 10am.",
        "Not a good time? Reply CHANGE.",
    ]


def test_in_welsh_the_day_is_softened_and_the_morning_is_welsh():
    assert said("cy") == (
        "Helo. Bydd Sam yn eich gweld ddydd Mawrth 1 Mehefin, 10yb. "
        "Atebwch NEWID os oes angen amser arall."
    )


@pytest.mark.parametrize(
    ("hour", "minute", "english", "welsh"),
    [
        (0, 0, "12am", "12yb"),
        (9, 5, "9:05am", "9:05yb"),
        (12, 0, "12pm", "12yp"),
        (14, 30, "2:30pm", "2:30yp"),
    ],
)
def test_the_hour_as_people_say_it(hour, minute, english, welsh):
    facts = Facts(starts=datetime(2028, 2, 29, hour, minute, tzinfo=UK), worker="Sam")
    assert f"29 February, {english}" in said(facts=facts)
    assert f"29 Chwefror, {welsh}" in said("cy", facts=facts)


def test_until_somebody_asked_both_languages_go_the_welsh_first():
    assert languages_for("", BOTH, ("cy", "en")) == ("cy", "en")
    both = said(*languages_for("", BOTH, ("cy", "en")))
    assert both.startswith("Helo.")
    assert "\nHi. Sam" in both


@pytest.mark.parametrize(
    ("preference", "wanted"),
    [
        ("Welsh", ("cy",)),
        ("Cymraeg", ("cy",)),
        ("cy", ("cy",)),
        ("English", ("en",)),
        (" english ", ("en",)),
        ("Somali", ("en",)),
    ],
)
def test_a_preference_is_kept(preference, wanted):
    assert languages_for(preference, BOTH, ("cy", "en")) == wanted


def test_a_service_with_one_language_writes_in_it():
    assert languages_for("Welsh", ("en",), ()) == ("en",)
    assert languages_for("", ("en",), ()) == ("en",)


# -- length --------------------------------------------------------------------------------


def test_the_gsm_alphabet_is_whole():
    assert len(GSM_BASIC) == 127  # 128 without the escape
    assert len(GSM_EXTENSION) == 10


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "parts"),
    [
        ("", "GSM-7", 0, 0),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("[~]", "GSM-7", 6, 1),
        ("a" * 152 + "€" * 5, "GSM-7", 162, 2),
        ("ŵ" * 70, "UCS-2", 70, 1),
        ("ŵ" * 71, "UCS-2", 71, 2),
        ("ŷ" + "a" * 133, "UCS-2", 134, 2),
        ("ŷ" + "a" * 134, "UCS-2", 135, 3),
        ("👍", "UCS-2", 2, 1),
        ("àèéìòùöüäñ", "GSM-7", 10, 1),
    ],
)
def test_characters_and_parts_as_the_network_counts_them(text, alphabet, units, parts):
    found = sms_length(text)
    assert (found.alphabet, found.units, found.parts) == (alphabet, units, parts)


def test_a_pair_is_never_torn_between_two_parts():
    # 152 septets, then a pair: the first part has room for one more only.
    assert sms_length("a" * 152 + "€" + "a" * 152).parts == 3
    assert sms_length("a" * 153 + "€" + "a" * 151).parts == 2


@pytest.mark.parametrize("letter", "ŵŷâêîôûïŴŶ")
def test_one_welsh_accent_costs_the_long_alphabet(letter):
    found = sms_length(f"Bydd Si{letter}n yn eich gweld")
    assert found.alphabet == "UCS-2"
    assert found.unusual == (letter,)


def test_a_reminder_in_one_language_is_one_text_and_in_two_is_two():
    assert sms_length(said()).parts == 1
    assert sms_length(said("cy")).parts == 1
    assert sms_length(said("cy", "en")).parts == 2


# -- what must not be in it -----------------------------------------------------------------

SECRETS = Secrets(service=("ReConnect", "Northmere Early Help"), addresses=("4 Larch Row",))


@pytest.mark.parametrize("key", sorted(TEMPLATES))
@pytest.mark.parametrize("language", BOTH)
def test_the_shipped_wording_gives_nothing_away(key, language):
    for easy in (False, True):
        assert indiscretions(said(language, easy=easy, key=key), SECRETS) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Sam from ReConnect", Indiscretion.SERVICE),
        ("Sam from northmere early-help", Indiscretion.SERVICE),
        ("See www.example.org", Indiscretion.LINK),
        ("https://x.test/1", Indiscretion.LINK),
        ("find us at example.org.uk", Indiscretion.LINK),
        ("at 4 LARCH ROW", Indiscretion.ADDRESS),
        ("at ZX1 4AA", Indiscretion.ADDRESS),
        ("Your therapy session", Indiscretion.TELLING),
        ("about the domestic abuse", Indiscretion.TELLING),
        ("Mental-health visit", Indiscretion.TELLING),
        ("Gweithiwr o'r gwasanaethau cymdeithasol", Indiscretion.TELLING),
    ],
)
def test_what_would_tell_a_stranger_is_found_in_the_final_text(text, found):
    assert indiscretions(text, SECRETS) == (found,)


def test_the_service_may_be_named_where_that_was_agreed_and_a_link_never():
    assert indiscretions("Sam from ReConnect", SECRETS, service_agreed=True) == ()
    told = indiscretions("www.reconnect.example.org", SECRETS, service_agreed=True)
    assert told == (Indiscretion.LINK,)


def test_a_name_that_only_contains_a_word_is_no_telling():
    assert indiscretions("Hi. Courtney will see you Friday", SECRETS) == ()
