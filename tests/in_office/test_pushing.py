"""Taking changes in: every chain by itself, each change exactly once, in a dense sequence."""

from dataclasses import replace

import pytest

from storage.envelope import MAX_CHANGE_BYTES, ZERO_ID, as_item
from storage.runs import Run
from storage.seal import fingerprint
from sync.errors import TooMuch
from sync.protocol import MAX_BATCH_CHANGES
from sync.server.office import OfficeService
from sync.server.surroundings import Limits


def push(office, device, runs, heads):
    (answer,) = office.push(device.token, runs, heads)
    return answer


def test_a_change_pushed_is_there_for_who_may_see_it(service, office):
    service.amina.writes(service.okoro, "Feeding well.")
    answer = service.amina.pushes(office, service.okoro)
    page = office.pull(service.grace.token, service.okoro.id, 0)

    assert (answer.accepted, answer.refused, answer.top) == (1, None, 1)
    (run,) = page.runs
    (sealed,) = run.rebuilt(service.organisation.org)
    assert sealed == service.amina.chains[service.okoro.id][0][1]
    assert page.heads == (service.amina.head(service.okoro.id),)


def test_the_same_batch_twice_is_answered_the_same_and_stored_once(service, office):
    service.amina.writes(service.okoro, "one", "two", "three")

    first = service.amina.pushes(office, service.okoro)
    again = service.amina.pushes(office, service.okoro)

    assert first == again
    assert office.pull(service.grace.token, service.okoro.id, 0).top == 3


def test_a_batch_may_overlap_what_is_there(service, office):
    service.amina.writes(service.okoro, *"abcde")
    service.amina.pushes(office, service.okoro, 1, 3)

    assert service.amina.pushes(office, service.okoro, 2, 5).accepted == 5
    page = office.pull(service.grace.token, service.okoro.id, 0)
    assert [n for run in page.runs for n in range(run.first, run.last + 1)] == [1, 2, 3, 4, 5]


def test_an_old_batch_again_tells_how_far_the_office_is(service, office):
    service.amina.writes(service.okoro, *"abcde")
    service.amina.pushes(office, service.okoro, 1, 2)
    service.amina.pushes(office, service.okoro, 3, 5)

    answer = service.amina.pushes(office, service.okoro, 1, 2)

    assert (answer.accepted, answer.refused, answer.top) == (5, None, 5)


def test_a_gap_is_refused_until_it_is_filled(service, office):
    service.amina.writes(service.okoro, *"abcde")
    service.amina.pushes(office, service.okoro, 1, 2)

    answer = service.amina.pushes(office, service.okoro, 4, 5)

    assert (answer.accepted, answer.refused) == (2, "gap")
    assert service.amina.pushes(office, service.okoro, 3, 5).accepted == 5


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_cloned_device_forks_and_is_told_so(service, office, first):
    amina = service.amina
    amina.writes(service.okoro, *"abc")
    clone = replace(amina, chains={service.okoro.id: list(amina.chains[service.okoro.id][:1])})
    amina.pushes(office, service.okoro, 1, 1)
    amina.pushes(office, service.okoro, 2, 3)
    clone.writes(service.okoro, *"xyz")

    answer = clone.pushes(office, service.okoro, first)

    assert (answer.accepted, answer.refused) == (3, "fork")
    page = office.pull(service.grace.token, service.okoro.id, 0)
    assert page.heads[0].id == amina.chains[service.okoro.id][2][1].id


def test_another_change_two_under_an_old_number_is_a_fork_too(service, office):
    amina = service.amina
    amina.writes(service.okoro, *"abc")
    clone = replace(amina, chains={service.okoro.id: list(amina.chains[service.okoro.id][:1])})
    amina.pushes(office, service.okoro)
    clone.writes(service.okoro, "x")

    assert clone.pushes(office, service.okoro, 2, 2).refused == "fork"


def test_a_chain_that_starts_from_nowhere_is_a_fork(service, office):
    service.amina.writes(service.okoro, "a")
    (run,), heads = service.amina.batch([service.okoro])

    answer = push(office, service.amina, [replace(run, prev=b"\x01" * 32)], heads)

    assert answer.refused == "fork"


def test_two_runs_of_one_chain_have_to_link(service, office):
    amina = service.amina
    amina.writes(service.okoro, *"abcd")
    (whole,), (head,) = amina.batch([service.okoro])
    left = replace(whole, items=whole.items[:2])
    skip = Run(
        casefile=whole.casefile,
        device=whole.device,
        kid=whole.kid,
        first=4,
        prev=bytes(32),
        items=whole.items[3:],
    )
    torn = replace(skip, first=3)

    assert push(office, amina, [left, skip], [head]).refused == "gap"
    assert push(office, amina, [left, torn], [head]).refused == "fork"
    covered = push(office, amina, [left, torn], [amina.head(service.okoro.id, 2), head])
    assert (covered.accepted, covered.refused) == (2, "fork")


def test_a_change_of_key_in_mid_batch_is_one_chain(service, office):
    amina = service.amina
    amina.writes(service.okoro, "old", "old")
    service.organisation.regrant(
        service.okoro, service.grace, [amina, service.grace], rotate=True, office=office
    )
    amina.writes(service.okoro, "new")

    assert amina.pushes(office, service.okoro).accepted == 3
    page = office.pull(service.grace.token, service.okoro.id, 0)
    assert [len(run.items) for run in page.runs] == [2, 1]
    rebuilt = [s.id for run in page.runs for s in run.rebuilt(service.organisation.org)]
    assert rebuilt == [sealed.id for _, sealed in amina.chains[service.okoro.id]]


def test_changes_without_a_head_are_not_taken(service, office):
    service.amina.writes(service.okoro, "a", "b")
    runs, _ = service.amina.batch([service.okoro])

    assert push(office, service.amina, runs, []).refused == "bad-head"
    assert office.standings(service.grace.token).positions[0].top == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda head: replace(head, signature=bytes(64)),
        lambda head: replace(head, id=bytes(32)),
        lambda head: replace(head, n=1),
    ],
)
def test_a_head_that_does_not_vouch_for_the_batch_is_refused(service, office, spoil):
    service.amina.writes(service.okoro, "a", "b")
    runs, (head,) = service.amina.batch([service.okoro])

    answer = push(office, service.amina, runs, [spoil(head)])

    assert (answer.accepted, answer.refused) == (0, "bad-head")


def test_a_colleagues_head_does_not_vouch(service, office):
    service.amina.writes(service.okoro, "a")
    runs, _ = service.amina.batch([service.okoro])
    forged = replace(service.amina, signing=service.ben.signing).head(service.okoro.id)

    assert push(office, service.amina, runs, [forged]).refused == "bad-head"


def test_what_lies_beyond_the_head_waits_for_the_next_one(service, office):
    service.amina.writes(service.okoro, *"abc")
    runs, _ = service.amina.batch([service.okoro])

    answer = push(office, service.amina, runs, [service.amina.head(service.okoro.id, 2)])

    assert (answer.accepted, answer.refused) == (2, None)
    assert service.amina.pushes(office, service.okoro).accepted == 3


def test_one_bad_chain_does_not_hold_up_another(service, office):
    organisation, amina = service.organisation, service.amina
    family = organisation.found(amina, [service.grace], office=office)
    amina.writes(service.okoro, "a")
    amina.writes(family, "a", "b")
    good, heads = amina.batch([service.okoro])
    bad, more = amina.batch([family], 2)

    answers = {a.casefile: a for a in office.push(amina.token, [*bad, *good], [*heads, *more])}

    assert answers[family.id].refused == "gap"
    assert answers[service.okoro.id].accepted == 1


def test_nobody_pushes_into_a_casefile_that_is_not_hers_or_not_there(service, office):
    amina = service.amina
    nowhere = service.organisation.found(amina)
    for casefile in (service.silva, nowhere):
        amina.writes(casefile, "a")
        answer = amina.pushes(office, casefile)
        assert (answer.accepted, answer.refused, answer.quarantined) == (0, "not-a-member", False)
    assert office.pull(service.grace.token, service.silva.id, 0).top == 0


def test_nobody_pushes_under_another_devices_name(service, office):
    service.amina.writes(service.okoro, "a")
    runs, heads = service.amina.batch([service.okoro])

    answer = push(office, service.grace, runs, heads)

    assert (answer.accepted, answer.refused) == (0, "not-a-member")


def test_an_altered_ciphertext_breaks_its_head(service, office):
    service.amina.writes(service.okoro, "a", "b")
    (run,), heads = service.amina.batch([service.okoro])
    flipped = run.items[0][:-1] + bytes([run.items[0][-1] ^ 1])

    answer = push(office, service.amina, [replace(run, items=(flipped, run.items[1]))], heads)

    assert answer.refused == "bad-head"


def test_a_change_above_a_mebibyte_stops_its_chain_there(service, office):
    amina = service.amina
    amina.writes(service.okoro, "a", "b")
    (run,), _ = amina.batch([service.okoro])
    large = replace(run, items=(run.items[0], bytes(12 + MAX_CHANGE_BYTES + 1)))

    answer = push(office, amina, [large], [amina.head(service.okoro.id, 1)])

    assert (answer.accepted, answer.refused) == (1, "too-large")


def test_a_batch_above_the_limits_is_too_much(service, office):
    amina = service.amina
    amina.writes(service.okoro, *("x",) * (MAX_BATCH_CHANGES + 1))
    runs, heads = amina.batch([service.okoro])
    with pytest.raises(TooMuch):
        office.push(amina.token, runs, heads)
    with pytest.raises(TooMuch):
        office.push(amina.token, [replace(runs[0], items=(bytes(900_000),) * 3)], heads)

    assert amina.pushes(office, service.okoro, 1, MAX_BATCH_CHANGES).accepted == MAX_BATCH_CHANGES
    assert amina.pushes(office, service.okoro, MAX_BATCH_CHANGES + 1).accepted == 1001


def test_a_device_that_sends_more_than_its_share_waits_for_tomorrow(database_url, service, clock):
    small = OfficeService(database_url, clock=clock, limits=Limits(bytes_a_day=1000))
    amina = service.amina
    amina.writes(service.okoro, *"abcdef")
    amina.pushes(small, service.okoro, 1, 3)

    with pytest.raises(TooMuch):
        amina.pushes(small, service.okoro, 4, 6)
    assert small.pull(service.grace.token, service.okoro.id, 0).top == 3

    clock.advance(24 * 3600)
    amina.login(small)
    assert amina.pushes(small, service.okoro, 4, 6).accepted == 6
    small.close()


def test_a_replay_costs_nothing_of_the_days_share(database_url, service, clock):
    small = OfficeService(database_url, clock=clock, limits=Limits(bytes_a_day=1000))
    service.amina.writes(service.okoro, *"abc")
    for _ in range(5):
        assert service.amina.pushes(small, service.okoro).accepted == 3
    small.close()


def test_a_worker_cannot_hand_in_a_change_whose_text_is_gone(service, office):
    amina = service.amina
    amina.writes(service.okoro, "a", "b", "c")
    (run,), heads = amina.batch([service.okoro])
    middle = run.items[1]
    bare = replace(run, items=(run.items[0], middle[:12] + fingerprint(middle[12:]), run.items[2]))

    refused = push(office, amina, [bare], [amina.head(service.okoro.id, 1), *heads])
    assert (refused.accepted, refused.refused) == (1, "redacted")

    amina.pushes(office, service.okoro)
    replay = push(office, amina, [bare], heads)
    assert (replay.accepted, replay.refused) == (3, None)


def test_an_empty_push_is_answered_with_nothing(service, office):
    assert office.push(service.amina.token, [], []) == ()


def test_a_supervisor_may_hand_in_a_change_whose_text_is_gone(service, office):
    grace = service.grace
    grace.writes(service.okoro, "a")
    (run,), heads = grace.batch([service.okoro])
    item = as_item(grace.chains[service.okoro.id][0][1]._replace(ct=None))

    assert push(office, grace, [replace(run, items=(item,))], heads).accepted == 1
    assert run.prev == ZERO_ID
