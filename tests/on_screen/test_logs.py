import logging

import pytest

from app.logs import Discreet

WORDS = ("Orchid", "07700", "yellow kettle")


def line(name="app.screens.note", msg="saved", args=(), error=None):
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, msg, args, info)
    return Discreet().format(record)


def raised(error):
    try:
        secret = "Mrs Orchid, 07700 900123"  # noqa: F841 - stands in a traceback's locals
        raise error
    except Exception as caught:
        return caught


def test_our_own_lines_say_what_they_count():
    assert "round done: 3 sent" in line("app.rounds", "round done: %d sent", (3,))


@pytest.mark.parametrize("name", ["app.guards", "flet", "uvicorn.error", "asyncio"])
def test_of_an_exception_only_its_kind_is_kept(name):
    written = line(name, "it broke", error=raised(ValueError("Mrs Orchid, 07700 900123")))
    assert "it broke (ValueError)" in written
    assert "Traceback" not in written
    assert not any(word in written for word in WORDS)


@pytest.mark.parametrize(
    "message",
    [
        "Unhandled error: Mrs Orchid, 07700 900123",
        "_on_message: {'value': 'yellow kettle'}",
        'set "Orchid" as title',
        "patch [Orchid]",
    ],
)
def test_a_librarys_filled_in_message_loses_what_it_was_filled_with(message):
    written = line("flet", message)
    assert not any(word in written for word in WORDS)


def test_a_librarys_arguments_are_not_written():
    written = line("flet", "on_%s failed for %s", ("click", "Mrs Orchid"))
    assert "on_%s failed" in written
    assert "Orchid" not in written


def test_what_is_not_even_text_is_named_by_its_kind():
    assert "ValueError" in line("flet", ValueError("Mrs Orchid"))
    assert "Orchid" not in line("flet", ValueError("Mrs Orchid"))
