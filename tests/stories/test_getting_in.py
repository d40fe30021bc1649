"""Setting up: the first device of an organisation, and a new phone from a real invite."""

import re

import pytest

from driver.browser import PHONE, TABLET, FletBrowser, FletServer, free_port
from stories.households import SHARED
from stories.town import OPENS_S, SUPERVISOR, Town, go_to, synchronise

CHOSEN = "window pepper glacier ribbon"

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_new_phone_is_paired_from_an_invite_and_reads_what_it_was_given(town: Town) -> None:
    with town.in_hand(SUPERVISOR, TABLET) as laptop:
        go_to(laptop, "Team")
        laptop.click(laptop.tile("People, devices and invites"))
        laptop.fill("Name", "Noor Haddad")
        laptop.tap("Make invite")
        taken_back = the_code(laptop)
        laptop.tap("Take back")
        laptop.not_see(taken_back)
        laptop.fill("Name", "Noor Haddad")
        laptop.tap("Make invite")
        code = the_code(laptop)
        laptop.context.grant_permissions(["clipboard-read", "clipboard-write"])
        laptop.tap("Copy the code")
        laptop.see("Copied. It is gone from the clipboard in a minute.")
        assert laptop.page.evaluate("navigator.clipboard.readText()") == code

        with town.device("new") as device, FletBrowser(device.url, PHONE) as phone:
            phone.open()
            phone.tap("Join with an invite")
            phone.fill("Invite code", taken_back)
            phone.see(re.compile("^From Grace, for the office at"))
            choose_passphrase(phone)
            phone.tap("Ask to join")
            phone.see(re.compile("ask for a new one"), OPENS_S)
            phone.fill("Invite code", code)
            town.cables[SUPERVISOR].cut()
            phone.tap("Ask to join")
            phone.see("The office has not been asked yet", OPENS_S)
            town.cables[SUPERVISOR].restore()
            phone.see("Now Grace opens Doorstep", OPENS_S)
            phone.see("Waiting for Grace")

            go_to(laptop, "Team")
            laptop.see(re.compile("^1 device waits to be let in"), 30)
            laptop.tap(re.compile("^1 device waits to be let in"))
            laptop.see("Noor Haddad asks to join", 30)
            laptop.tap("Let in")
            laptop.see("Noor Haddad, Worker", 30)
            laptop.not_see("Not seen for 3 days")
            phone.see("Today", OPENS_S)
            phone.see("Nothing booked today.")

            allocate(laptop, SHARED.titled, "Noor Haddad")
            synchronise(laptop)
            synchronise(phone)
            go_to(phone, "Families")
            phone.click(phone.tile(SHARED.titled))
            phone.scroll_to(SHARED.note)
            assert phone.external == []


def the_code(ui: FletBrowser) -> str:
    """The invite as it is typed: groups of five letters and digits."""
    shape = re.compile(r"^([0-9A-Z]{5} )+[0-9A-Z]{1,5}$")
    ui.see("The invite as a picture to scan")
    ui.see(shape)
    return next(node.name for node in ui.tree() if shape.match(node.name))


def choose_passphrase(ui: FletBrowser) -> None:
    """Twice the same, strong enough."""
    ui.fill("New passphrase", CHOSEN)
    ui.see(re.compile("^Strength: (good|strong)"))
    ui.fill("The same once more", CHOSEN)


def allocate(ui: FletBrowser, family: str, worker: str) -> None:
    """Give a family to a worker, on the supervisor's device."""
    go_to(ui, "Team")
    ui.click(ui.tile("Caseloads"))
    ui.tap("Allocate a family")
    ui.choose("Family", family)
    ui.choose("Who", worker)
    ui.tap("Allocate")
    ui.see("Caseloads")


def test_an_organisation_starts_on_a_fresh_device_and_its_key_is_written_down(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder, port = tmp_path_factory.mktemp("founding"), free_port()
    office = FletServer(
        *("-m", "sync.server", "--data", folder / "office", "--port", str(port)), port=port
    )
    with (
        office,
        FletServer(
            *("-m", "app", "--data", folder / "first", "--no-key-store", "--no-browser")
        ) as device,
        FletBrowser(device.url, PHONE) as ui,
    ):
        log = office.read_log()
        claim = printed_claim(log)
        assert "executed successfully" not in log, "a claim code is not pushed out of sight"
        ui.open()
        ui.tap("Start an organisation")
        ui.fill("Address of the office", office.url)
        ui.fill("Claim code", claim)
        ui.fill("Organisation", "Brackenfold Early Help")
        ui.choose("Service", "ReConnect")
        ui.fill("Team", "Brackenfold team")
        ui.fill("Your name", "Grace Adeyemi")
        ui.tap("Next: passphrase")
        choose_passphrase(ui)
        ui.tap("Next: recovery key")
        words = recovery_words(ui)
        assert len(words) == 24
        ui.tap("I have it on paper")
        asked = words_asked(ui)
        type_back(ui, {n: words[n] for n in asked[1:]} | {asked[0]: "wrong"})
        ui.see(re.compile(f"That is not word {asked[0]}"))
        type_back(ui, {asked[0]: words[asked[0]]})
        ui.see("Today", OPENS_S)
        go_to(ui, "Team")
        ui.see("Brackenfold team")
        synchronise(ui)
        assert ui.external == []


def printed_claim(log: str) -> str:
    """The claim code stands alone on an indented line."""
    return next(line.strip() for line in log.splitlines() if re.match(r"^    \S+$", line))


def recovery_words(ui: FletBrowser) -> dict[int, str]:
    """The 24 words by their numbers, as they stand on the page."""
    ui.see("The recovery key")
    found = {}
    for n in range(1, 25):
        shape = re.compile(rf"^{n}\. ([a-z]+)$")
        ui.see(shape)
        match = next(m for node in ui.tree() if (m := shape.match(node.name)))
        found[n] = match[1]
    return found


def words_asked(ui: FletBrowser) -> list[int]:
    """The numbers of the words to type back."""
    ui.see("To be sure it is on paper, type these words back.")
    names = [node.name for node in ui.tree() if node.tag == "input"]
    return [int(match[1]) for name in names if (match := re.match(r"^Word (\d+)", name))]


def type_back(ui: FletBrowser, words: dict[int, str]) -> None:
    """Fill in those words and go on."""
    for n, word in words.items():
        ui.fill(f"Word {n}", word)
    ui.tap("Start")
