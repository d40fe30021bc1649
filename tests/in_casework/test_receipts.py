"""Receipts come late, twice and in any order; a reminder never goes backwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.casework.receipt import (
    FORWARD,
    NOT_REACHED,
    NOT_SENT,
    WENT_OUT,
    Receipt,
    State,
    calls_for_ringing,
    overdue,
    settle,
    settled,
)
from appointments import at

NOON = at("2027-06-09 12:00")


def heard(state: State, minutes: int = 0, reference: str = "r") -> Receipt:
    return Receipt(reference=reference, state=state, at=NOON + timedelta(minutes=minutes))


def test_a_late_sent_cannot_undo_delivered():
    delivered = heard(State.DELIVERED, 5)
    assert settle(delivered, heard(State.SENT, 9)) == delivered
    assert settle(heard(State.SENT, 9), delivered) == delivered


@given(st.lists(st.tuples(st.sampled_from(State), st.integers(0, 9)), min_size=1, max_size=5))
def test_any_order_and_any_repeat_gives_the_same(said):
    receipts = [heard(state, minutes) for state, minutes in said]
    expected = settled(receipts)
    for order in permutations(receipts):
        assert settled([*order, *order]) == expected


def test_a_message_lost_and_found_counts_as_found():
    assert settle(heard(State.FAILED, 1), heard(State.DELIVERED, 2)).state is State.DELIVERED


def test_not_knowing_is_settled_by_whatever_is_known():
    for state in (State.SENT, State.DELIVERED, State.FAILED):
        assert settle(heard(State.UNKNOWN, 9), heard(state)).state is state


def test_each_state_has_left_or_has_not():
    assert NOT_SENT.isdisjoint(WENT_OUT)
    assert set(FORWARD) == set(State)
    assert set(State) - NOT_SENT - WENT_OUT == {State.PLANNED, State.HELD}


@pytest.mark.parametrize("state", sorted(NOT_REACHED))
def test_whatever_did_not_arrive_is_rung_about(state):
    assert calls_for_ringing(replace(heard(state), reason="not_found"))


@pytest.mark.parametrize("reason", ["timed_out", "interrupted", "restored"])
def test_what_is_still_being_looked_up_is_not_rung_about_yet(reason):
    assert not calls_for_ringing(replace(heard(State.UNKNOWN), reason=reason))


def test_a_correction_of_what_never_left_needs_no_call():
    silent = replace(heard(State.SUPPRESSED), reason="original_not_sent")
    assert not calls_for_ringing(silent)
    assert calls_for_ringing(replace(silent, reason="stopped"))


@pytest.mark.parametrize(
    "state", [State.PLANNED, State.SENT, State.DELIVERED, State.ANSWERED, State.WITHDRAWN]
)
def test_what_arrived_or_was_taken_back_is_not(state):
    assert not calls_for_ringing(heard(state))


def test_sent_but_not_on_her_phone_by_then_is_overdue():
    by = NOON + timedelta(hours=1)
    sent = heard(State.SENT)
    assert not overdue(sent, by, NOON)
    assert overdue(sent, by, by)
    assert not overdue(heard(State.DELIVERED), by, by)
    assert not overdue(heard(State.WITHDRAWN), by, by)
    assert not overdue(None, by, by)
    assert not overdue(sent, None, by)


def test_receipts_of_different_reminders_do_not_mix():
    both = settled([heard(State.SENT), replace(heard(State.FAILED), reference="s")])
    assert {k: v.state for k, v in both.items()} == {"r": State.SENT, "s": State.FAILED}
