"""Outcomes keep the NHS's codes; a child nobody brought is never said not to have attended."""

from __future__ import annotations

from app.casework.attendance import Code, of_appointment, outcome_word, was_missed


def test_the_codes_are_the_nhs_ones():
    assert {c.name: c.value for c in Code} == {
        "ON_TIME": "5",
        "LATE_SEEN": "6",
        "LATE_NOT_SEEN": "7",
        "DID_NOT_ATTEND": "3",
        "CANCELLED_BY_FAMILY": "2",
        "CANCELLED_BY_SERVICE": "4",
        "NOT_YET": "0",
    }


def test_a_baby_nobody_brought_was_not_brought():
    assert outcome_word(Code.DID_NOT_ATTEND, not_brought=True) == "was_not_brought"
    assert outcome_word(Code.DID_NOT_ATTEND) == "did_not_attend"


def test_coming_too_late_to_be_seen_is_a_miss_and_cancelling_is_not():
    assert was_missed(Code.LATE_NOT_SEEN)
    assert was_missed(Code.DID_NOT_ATTEND)
    assert not was_missed(Code.CANCELLED_BY_FAMILY)
    assert not was_missed(Code.NOT_YET)


def test_a_visit_took_place_when_one_of_two_parents_was_there():
    assert of_appointment([Code.DID_NOT_ATTEND, Code.ON_TIME]) is Code.ON_TIME
    assert of_appointment([Code.DID_NOT_ATTEND, Code.CANCELLED_BY_FAMILY]) is (
        Code.CANCELLED_BY_FAMILY
    )
    assert of_appointment([]) is Code.NOT_YET
