"""The desk's pages: stop a number without reading anything, pause, and see what would be sent."""

import re

import pytest
import requests
from phonenumbers import PhoneNumberType as Kind
from sqlalchemy import select

from at_the_desk.wired import DUTY_CODE, OPERATOR_CODE
from desks import HOUR, MUM, number_of
from sync.server.desk import attendance, reasons
from sync.server.desk.settings import Secrets
from sync.server.tables import acts


def test_without_the_code_nobody_sees_anything(browser):
    for path in ("/desk", "/desk/stop", "/desk/console"):
        assert "Duty or operator code" in browser.open(path)
    said = browser.send("/desk/stop", number=MUM, act="stop")
    assert browser.status == 403
    assert "nothing was changed. Do it again" in said
    assert "is stopped" not in said


def test_a_wrong_code_is_refused_and_guessing_gets_slow(browser):
    assert "not the code" in browser.send("/desk/login", code="heron-lantern-43")
    assert browser.status == 403
    for _ in range(25):
        said = browser.send("/desk/login", code="guess")
    assert browser.status == 429
    assert "Try again in an hour" in said
    assert "Try again in an hour" in browser.send("/desk/login", code=DUTY_CODE)


def test_duty_stops_a_number_by_typing_it_and_reads_nothing(duty, at_desk):
    known = at_desk.order()
    at_desk.work()
    waiting = at_desk.order(opens=at_desk.now + HOUR)
    never_used = at_desk.order(opens=at_desk.now + HOUR, route="bb" * 16)

    said = duty.send("/desk/stop", number="07700 900123", act="stop")
    assert "07700 900123 is stopped. Nothing more goes out to it." in said
    other = duty.send("/desk/stop", number="07700 900999", act="stop")
    assert said == other.replace("900999", "900123")  # nobody learns whether a number is known
    at_desk.later(hours=1)
    assert at_desk.stands(known)[0] == "delivered"
    assert at_desk.stands(waiting) == ("suppressed", reasons.OPTED_OUT)
    assert at_desk.stands(never_used) == ("suppressed", reasons.OPTED_OUT)


def test_a_stop_is_written_down_without_the_number(duty, at_desk):
    duty.send("/desk/stop", number=MUM, act="stop")

    with at_desk.desk.database.reading() as connection:
        (act,) = connection.execute(select(acts)).all()
    assert (act.act, act.device) == ("desk-stop", at_desk.desk.keys.device)
    assert MUM.encode() not in act.subject


def test_what_is_no_number_is_not_taken_for_one(duty):
    said = duty.send("/desk/stop", number="her mobile", act="stop")
    assert duty.status == 422
    assert "not a telephone number. Nothing was changed" in said
    assert 'value="her mobile"' in duty.reply.text  # to be put right, and not typed anew


def test_a_number_can_be_allowed_again(duty, at_desk):
    duty.send("/desk/stop", number=MUM, act="stop")
    assert "may be used again" in duty.send("/desk/stop", number=MUM, act="allow")

    text = at_desk.order()
    at_desk.work()
    assert at_desk.stands(text) == ("sent", "")


def test_only_an_operator_pauses(duty, browser, at_desk):
    assert "needs the operator's code" in duty.send("/desk/pause")
    browser.send("/desk/login", code=OPERATOR_CODE)
    assert "The desk is paused" in browser.send("/desk/pause")

    text = at_desk.order()
    at_desk.work()
    assert at_desk.stands(text) == ("held", reasons.PAUSED)
    assert "The desk is working" in browser.send("/desk/resume")


def test_addresses_for_providers_carry_codes_so_operators_alone_see_them(duty, browser):
    assert "/desk/callbacks/" not in duty.open("/desk")
    browser.send("/desk/login", code=OPERATOR_CODE)
    assert "https://office.example.org/desk/callbacks/notify/receipt/" in browser.open("/desk")


def test_how_it_stands_is_told_in_counts_and_plain_words(duty, at_desk):
    at_desk.order(number=number_of(Kind.PREMIUM_RATE))
    at_desk.order()
    at_desk.work()

    said = duty.open("/desk")
    assert "suppressed The number costs whoever rings it" in said
    assert "No supervisor has certified this desk yet" in said
    assert "900123" not in said


def test_that_nobody_would_ring_is_said_to_whoever_can_act(duty, at_desk):
    with at_desk.desk.database.writing() as connection:
        attendance.begin(connection)
    assert "Nobody would be told of an alarm just now" in duty.open("/desk")
    at_desk.work()
    assert "Nobody would be told" not in duty.open("/desk")


def test_forms_from_elsewhere_are_refused(duty, at_desk):
    for origin in ("https://evil.example", "null"):
        reply = duty.session.post(
            duty.address + "/desk/stop",
            data={"number": MUM, "act": "stop"},
            headers={"Origin": origin},
            timeout=10,
        )
        assert reply.status_code == 403
    text = at_desk.order()
    at_desk.work()
    assert at_desk.stands(text) == ("sent", "")


def test_a_session_ends_after_some_hours_and_cannot_be_made_up(duty, at_desk, clock):
    cookie = duty.session.cookies["doorstep_desk"]
    role, expires, mac = cookie.split(".")
    duty.session.cookies.clear()
    for made_up in (
        f"operator.{expires}.{mac}",
        f"{role}.{int(expires) + 1}.{mac}",
        "x",
        "a.b.c",
        "a.b.\u00e9",
    ):
        reply = requests.get(duty.address + "/desk", cookies={"doorstep_desk": made_up}, timeout=10)
        assert "Duty or operator code" in reply.text
    clock.advance(2 * 3600)
    reply = requests.get(duty.address + "/desk", cookies={"doorstep_desk": cookie}, timeout=10)
    assert "Duty or operator code" in reply.text


def test_pages_fetch_nothing_and_can_be_read_aloud(duty):
    for path in ("/desk", "/desk/stop", "/desk/console"):
        duty.open(path)
        html = duty.reply.text
        policy = duty.reply.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "form-action 'self'" in policy
        assert duty.reply.headers["Cache-Control"] == "no-store"
        assert not re.search(r"<script|src=|https?://|@import|url\(", html)
        assert '<html lang="en-GB">' in html
        assert html.count("<h1>") == html.count("<main>") == 1
        fields = re.findall(r'<input id="([^"]+)"', html)
        assert all(f'<label for="{name}">' in html for name in fields)


def test_what_people_wrote_cannot_become_part_of_the_page(duty, at_desk):
    at_desk.order(texts=('<script>alert("x")</script>',))
    at_desk.work()
    duty.open("/desk/console")
    assert "<script>" not in duty.reply.text
    assert "&lt;script&gt;" in duty.reply.text


@pytest.mark.parametrize("page_secrets", [Secrets()])
def test_without_a_code_in_the_settings_the_page_says_how_to_set_one(browser):
    assert "DOORSTEP_OFFICE_DESK_DUTY_CODE_FILE" in browser.open("/desk")
    browser.send("/desk/login", code="")
    assert browser.status == 403
