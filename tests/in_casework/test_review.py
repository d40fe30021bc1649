"""A signed note waits for its supervisor; what she does adds up, in whatever order it arrives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

from app.casework.note import Addendum, ReviewAct
from app.casework.review import LOOKED_AT, TO_REVIEW, ReviewState, state

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def acts(*names: str) -> list[ReviewAct]:
    return [
        ReviewAct(id=str(n), act=name, reviewer="grace", at=NOON + timedelta(hours=n))
        for n, name in enumerate(names)
    ]


def answer(hours: float) -> Addendum:
    return Addendum(id="a", text="…", writer="amina", signed_at=NOON + timedelta(hours=hours))


def test_a_signed_note_waits_until_somebody_reads_it():
    assert state([]) is ReviewState.WAITING
    assert state(acts("read")) is ReviewState.READ


def test_reading_again_never_takes_back_what_was_said():
    assert state(acts("approved", "read")) is ReviewState.APPROVED
    assert state(acts("returned", "read")) is ReviewState.RETURNED
    assert state(acts("commented", "read")) is ReviewState.COMMENTED


def test_a_comment_on_a_returned_note_leaves_it_returned():
    assert state(acts("returned", "commented")) is ReviewState.RETURNED


def test_a_returned_note_leaves_the_queue_until_its_writer_answers():
    returned = acts("read", "returned")
    assert state(returned) not in TO_REVIEW | LOOKED_AT
    assert state(returned, [answer(0.5)]) is ReviewState.RETURNED, "written before the return"
    assert state(returned, [answer(5)]) is ReviewState.ANSWERED
    assert ReviewState.ANSWERED in TO_REVIEW


def test_an_approved_note_is_done_even_after_it_was_returned_once():
    assert state(acts("returned", "approved")) is ReviewState.APPROVED
    assert ReviewState.APPROVED not in TO_REVIEW | LOOKED_AT


def test_the_order_in_which_acts_arrive_changes_nothing():
    for order in permutations(acts("read", "commented", "returned", "approved")):
        assert state(order) is ReviewState.APPROVED
