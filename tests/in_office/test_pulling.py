"""Handing changes out: whole pages, dense, and covered by signed heads."""

import pytest

from sync.errors import NotYours
from sync.protocol import MAX_BATCH_BYTES


def pulled(office, device, casefile, after=0):
    """Every page after a cursor."""
    pages = []
    while True:
        page = office.pull(device.token, casefile.id, after)
        assert page.after == after
        pages.append(page)
        after = page.next
        if after == page.top:
            return pages


def rebuilt(service, pages):
    org = service.organisation.org
    return [sealed for page in pages for run in page.runs for sealed in run.rebuilt(org)]


def test_two_people_s_changes_come_in_the_order_the_office_took_them(service, office):
    amina, grace = service.amina, service.grace
    for device in (amina, grace, amina):
        device.writes(service.okoro, "x")
        device.pushes(office, service.okoro, len(device.chains[service.okoro.id]))

    pages = pulled(office, grace, service.okoro)

    assert [(run.device, run.first) for run in pages[0].runs] == [
        (amina.id, 1),
        (grace.id, 1),
        (amina.id, 2),
    ]


def test_a_page_ends_on_heads_that_cover_it_all(service, office):
    amina, grace = service.amina, service.grace
    for _ in range(4):
        for device in (amina, grace):
            at = len(device.chains.get(service.okoro.id, ())) + 1
            device.writes(service.okoro, *("x" * 300,) * 150)
            device.pushes(office, service.okoro, at)

    pages = pulled(office, grace, service.okoro)

    assert len(pages) > 1
    furthest: dict[bytes, int] = {}
    for page in pages:
        for run in page.runs:
            furthest[run.device] = run.last
        covered = {head.device: head.n for head in page.heads}
        assert {device: furthest[device] for device in covered} == covered
        assert covered.keys() == {run.device for run in page.runs}
    assert len(rebuilt(service, pages)) == 1200


def test_saves_pushed_one_by_one_travel_as_one_run_under_one_head(service, office):
    for n in range(1, 21):
        service.amina.writes(service.okoro, f"save {n}")
        service.amina.pushes(office, service.okoro, n)

    page = office.pull(service.grace.token, service.okoro.id, 0)

    assert [len(run.items) for run in page.runs] == [20]
    assert [head.n for head in page.heads] == [20]


def test_pages_stay_within_the_limits(service, office):
    for n in range(1, 13):
        service.amina.writes(service.okoro, *(service.organisation.randomness(150_000).hex(),) * 2)
        service.amina.pushes(office, service.okoro, 2 * n - 1)

    pages = pulled(office, service.grace, service.okoro)

    assert len(pages) > 2
    for page in pages:
        assert sum(len(item) for run in page.runs for item in run.items) <= MAX_BATCH_BYTES
    assert len(rebuilt(service, pages)) == 24


def test_a_full_batch_comes_back_whole_however_large(service, office):
    service.amina.writes(service.okoro, service.organisation.randomness(900_000).hex()[:950_000])
    service.amina.writes(service.okoro, service.organisation.randomness(900_000).hex()[:950_000])
    service.amina.pushes(office, service.okoro)

    assert office.pull(service.grace.token, service.okoro.id, 0).next == 2


def test_a_page_never_ends_between_two_keys_of_one_batch(service, office):
    amina, large = service.amina, service.organisation.randomness(450_000).hex
    amina.writes(service.okoro, large(), large())
    amina.pushes(office, service.okoro)
    amina.writes(service.okoro, large())
    service.organisation.regrant(
        service.okoro, service.grace, [amina, service.grace], rotate=True, office=office
    )
    amina.writes(service.okoro, large(), large())
    amina.pushes(office, service.okoro, 3)

    first, second = pulled(office, service.grace, service.okoro)

    assert [head.n for head in first.heads] == [first.runs[-1].last] == [2]
    assert [run.first for run in second.runs] == [3, 4]
    assert [head.n for head in second.heads] == [5]


def test_a_cursor_in_the_middle_of_a_batch_goes_on_from_there(service, office):
    service.amina.writes(service.okoro, *"abcdefgh")
    service.amina.pushes(office, service.okoro, 1, 3)
    service.amina.pushes(office, service.okoro, 4, 8)
    chain = [sealed for _, sealed in service.amina.chains[service.okoro.id]]

    for after in range(9):
        pages = pulled(office, service.grace, service.okoro, after)
        assert rebuilt(service, pages) == chain[after:]


def test_a_cursor_beyond_the_end_gets_an_empty_page(service, office):
    service.amina.writes(service.okoro, "a")
    service.amina.pushes(office, service.okoro)

    page = office.pull(service.grace.token, service.okoro.id, 5)

    assert (page.next, page.top, page.runs, page.heads) == (5, 1, (), ())


def test_who_is_not_in_a_casefile_is_told_what_she_is_told_of_none(service, office):
    answers = []
    for casefile in (service.silva.id, bytes(16)):
        with pytest.raises(NotYours) as answer:
            office.pull(service.amina.token, casefile, 0)
        answers.append(str(answer.value))

    assert answers[0] == answers[1]


def test_standings_tell_of_my_casefiles_and_no_others(service, office):
    service.ben.writes(service.silva, "a", "b")
    service.ben.pushes(office, service.silva)

    grace = {p.casefile: p for p in office.standings(service.grace.token).positions}
    amina = office.standings(service.amina.token)

    assert grace[service.silva.id].top == 2
    assert grace[service.silva.id].grant == service.silva.grant.id
    assert [p.casefile for p in amina.positions] == [service.okoro.id]
    assert amina.office_time == 1_780_304_400_000
