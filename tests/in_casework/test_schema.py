"""What storage is told about each kind of record, where getting it wrong would harm somebody."""

from __future__ import annotations

import pytest

from app.casework.codes import VOCABULARY
from app.casework.safe_contact import STRICTNESS
from app.casework.schema import SCHEMA
from storage.kinds import Policy


def policy(kind: str, field: str) -> Policy:
    return SCHEMA.by_name[kind].policy(field)


@pytest.mark.parametrize(("kind", "field"), [("visit_note", "text"), ("appointment", "starts")])
def test_what_two_people_wrote_offline_is_kept_for_somebody_to_choose(kind: str, field: str):
    assert policy(kind, field) is Policy.KEEP_BOTH


def test_the_stricter_answer_about_a_phone_wins_from_yes_through_unknown_to_no():
    allowed = SCHEMA.by_name["safe_contact"].by_name["allowed"]
    assert allowed.policy is Policy.MOST_RESTRICTIVE
    assert allowed.loosest_first == tuple(STRICTNESS)
    assert policy("consent", "state") is Policy.MOST_RESTRICTIVE


def test_an_address_once_secret_from_somebody_stays_so():
    assert policy("address", "secret_from") is Policy.ADD_ONLY


@pytest.mark.parametrize("kind", ["visit_note", "addendum"])
def test_the_signature_freezes_what_was_written(kind: str):
    assert SCHEMA.by_name[kind].frozen_by == "signed_at"


def test_names_addresses_and_notes_can_be_searched_and_code_words_cannot():
    searchable = {(k.name, f) for k in SCHEMA.kinds for f in k.searchable}
    assert {
        ("family", "name"),
        ("person", "surname"),
        ("address", "lines"),
        ("visit_note", "text"),
    } <= searchable
    assert ("safe_contact", "code_word") not in searchable


def test_every_vocabulary_has_words_to_find_and_none_twice():
    for codes in VOCABULARY.values():
        assert codes
        assert len(set(codes)) == len(codes)
