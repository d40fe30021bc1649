"""What a text back means; whatever a machine is not sure of is for a person."""

import pytest

from sync.server.desk.meanings import is_ok, meaning

WELSH = {"cy": {"change": ("AMSER ARALL",), "stop": ("DIM MWY",), "confirm": ("DO",)}}


@pytest.mark.parametrize(
    "text",
    ["STOP", "stop", "Stop.", "  stop!  ", "STOP please", "stop texting me", "STOPIO", "StopAll"],
)
def test_stop(text):
    assert meaning(text) == "stop"


@pytest.mark.parametrize("text", ["CHANGE", "change pls", "2", "2.", "CANCEL", "cancel please"])
def test_another_time(text):
    assert meaning(text) == "change"


@pytest.mark.parametrize("text", ["1", "yes", "Ok", "OK!", "thanks", "Iawn", "diolch"])
def test_yes(text):
    assert meaning(text) == "confirm"


@pytest.mark.parametrize(
    "text",
    [
        "help, he is here",
        "I can't stop him, please come to the house",
        "",
        "   ",
        "?",
        "Who is Sam",
        "ok but not if he is home",
        "can we change it to thursday because of the clinic",
        "🙏",
    ],
)
def test_anything_else_is_for_a_person(text):
    assert meaning(text) == "other"


def test_an_orders_own_words_count_in_any_language():
    assert meaning("amser arall", WELSH) == "change"
    assert meaning("Dim mwy!", WELSH) == "stop"
    assert meaning("Do", WELSH) == "confirm"
    assert meaning("amser arall") == "other"


def test_what_the_provider_took_for_an_opt_out_is_one_unless_we_know_better():
    assert meaning("ARRET", provider_says_stop=True) == "stop"
    assert meaning("CANCEL", provider_says_stop=True) == "change"


def test_who_has_seen_an_alarm_says_ok():
    for text in ("OK", "ok, going now", "Okay", "iawn"):
        assert is_ok(text)
    for text in ("", "no", "look", "not ok"):
        assert not is_ok(text)
