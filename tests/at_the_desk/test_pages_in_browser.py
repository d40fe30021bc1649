"""The desk's pages in a real browser that runs no script: on a phone and a tablet, by keyboard."""

import pytest
from playwright.sync_api import expect

from at_the_desk.wired import DUTY_CODE, OPERATOR_CODE, SCRIPT
from desks import HELLO, console_of
from driver.browser import PHONE, SCREENSHOTS, TABLET
from driver.chromium import Chromium
from offices import served
from sync.server.desk.settings import Secrets
from sync.server.office import OfficeService

pytestmark = pytest.mark.browser

SMALLEST = 44
"""CSS pixels: what a thumb hits. Source: WCAG 2.2, "Target Size (Enhanced)"."""
PLACES = ("/desk", "/desk/stop", "/desk/console")


@pytest.fixture
def address(at_desk, database_url, clock):
    desk = at_desk.desk
    desk.providers["sms"] = console_of(desk)
    service = OfficeService(database_url, clock=clock)

    def with_codes(address):
        return desk, Secrets(public_url=address, duty_code=DUTY_CODE, operator_code=OPERATOR_CODE)

    with served(service, desk=with_codes) as address:
        yield address
    service.close()


@pytest.fixture(params=[(PHONE, "light"), (TABLET, "dark")], ids=["phone", "tablet"])
def page(request, address):
    size, scheme = request.param
    with Chromium() as browser:
        context = browser.new_context(
            viewport=size, color_scheme=scheme, java_script_enabled=False, base_url=address
        )
        yield context.new_page()
        context.close()


def signs_in(page, code):
    page.goto("/desk")
    page.get_by_label("Duty or operator code").fill(code)
    page.get_by_role("button", name="Sign in").click()


def test_duty_stops_a_number_by_keyboard_alone(page, at_desk):
    page.goto("/desk")
    expect(page.get_by_label("Duty or operator code")).to_be_focused()
    page.keyboard.type(DUTY_CODE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="How the desk stands")).to_be_visible()
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Stop a number")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Stop a number")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Telephone number").first).to_be_focused()
    page.keyboard.type("her mobile")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
    expect(page).to_have_title("Problem: Stop a number · Doorstep desk")
    number = page.get_by_label("Telephone number").first
    expect(number).to_have_value("her mobile")
    expect(number).to_have_accessible_description(page.get_by_role("alert").inner_text())
    number.fill("07700 900123")
    number.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("07700 900123 is stopped")

    text = at_desk.order()
    at_desk.work()
    assert at_desk.stands(text) == ("suppressed", "opted_out")


def test_a_text_is_watched_leaving_and_arriving_and_is_answered(page, at_desk):
    signs_in(page, OPERATOR_CODE)
    page.get_by_role("link", name="What would have been sent").click()
    expect(page.get_by_text("No message has left yet")).to_be_visible()
    text = at_desk.order()
    at_desk.work()

    page.reload()
    message = page.get_by_role("article")
    expect(message.get_by_role("heading")).to_have_text("Text to 07700 900123")
    expect(message).to_contain_text(HELLO)
    at_desk.later(seconds=5)
    page.get_by_role("link", name="Look again").click()
    expect(message).to_contain_text("reached phone")
    message.get_by_label("Answer from this phone").fill("CHANGE")
    message.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("The answer was taken in.")
    assert [told["meaning"] for told in at_desk.told("reply")] == ["change"]
    assert at_desk.stands(text) == ("delivered", "")


def test_an_operator_pauses_and_resumes(page):
    signs_in(page, OPERATOR_CODE)
    page.get_by_role("button", name="Pause everything to families").click()
    expect(page.get_by_text("The desk is paused")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("The desk is working")).to_be_visible()


def test_everything_fits_and_is_large_enough_to_hit(page, at_desk, request):
    at_desk.order()
    at_desk.order(number="+447700900002", route="bb" * 16)
    at_desk.desk.providers["voice"] = console_of(at_desk.desk, "voice")
    at_desk.order(route="cc" * 16, channel="voice", texts=(), voice=SCRIPT)
    at_desk.alarm(after_s=0)
    at_desk.work()
    at_desk.later(seconds=5)
    width = page.viewport_size["width"]
    page.goto("/desk")
    assert problems(page, width) == []
    signs_in(page, OPERATOR_CODE)

    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for place in PLACES:
        page.goto(place)
        assert problems(page, width) == [], place
        name = f"desk-{place.rpartition('/')[2]}-{request.node.callspec.id}.png"
        page.screenshot(path=SCREENSHOTS / name, full_page=True)
        mine = page.locator("[aria-current=page]")
        expect(mine).to_have_count(1)


def problems(page, width):
    """What is cut off at the side, and what a thumb would miss."""
    found = []
    for each in page.locator("h1, h2, p, table, dd, code, input, button, nav a").all():
        box = each.bounding_box()
        what = each.inner_text()[:40] or each.get_attribute("id")
        if box["x"] < 0 or box["x"] + box["width"] > width:
            found.append(f"{what} is cut off")
    for each in page.locator("input, button, nav a").all():
        if each.bounding_box()["height"] < SMALLEST:
            found.append(f"{each.inner_text() or each.get_attribute('id')} is too small")
    return found
