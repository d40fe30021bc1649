"""Two people write about one record without having seen each other: what each field says."""

from histories import NOTE, PHONE, change
from storage.merge import causal_order, fold
from storage.opened import Opened

first = change("first", {"title": "Monday", "text": "Fed well.", "allowed": "yes", "readers": []})


def values(*changes: Opened):
    return fold(NOTE, changes).values


def test_a_later_change_replaces_only_the_fields_it_sets():
    second = change("second", {"title": "Tuesday"}, after=[first], hlc=1)

    assert values(first, second) == {**first.fields, "title": "Tuesday"}


def test_a_clock_ten_years_behind_does_not_undo_what_was_seen():
    ahead = change("ahead", {"title": "Wrong clock"}, after=[first], hlc=10**12)
    corrected = change("corrected", {"title": "Right"}, after=[ahead], hlc=1)

    assert values(first, ahead, corrected)["title"] == "Right"


def test_the_later_clock_decides_a_short_field_when_neither_has_seen_the_other():
    one = change("one", {"title": "Tuesday"}, after=[first], hlc=5)
    other = change("other", {"title": "Wednesday"}, after=[first], hlc=6)

    folded = fold(NOTE, [one, other, first])

    assert folded.values["title"] == "Wednesday"
    assert folded.conflicts == {}
    assert folded.frontier == tuple(sorted([one.id, other.id]))


def test_equal_clocks_are_decided_by_device_and_then_by_id():
    one = change("one", {"title": "Tuesday"}, hlc=5)
    other = change("other", {"title": "Wednesday"}, hlc=5, device=PHONE)
    twins = [change(n, {"title": n}, hlc=5, device=PHONE) for n in ("x", "y")]

    assert values(one, other)["title"] == "Wednesday"
    assert values(*twins)["title"] == max(twins, key=lambda c: c.id).fields["title"]


def test_both_texts_of_a_note_stay_until_somebody_chooses():
    one = change("one", {"text": "Slept."}, after=[first], hlc=6)
    other = change("other", {"text": "Smiled."}, after=[first], hlc=5)

    folded = fold(NOTE, [first, one, other])
    assert folded.values["text"] == "Slept."
    assert folded.conflicts["text"] == (one, other)

    chosen = change("chosen", {"text": "Smiled."}, after=[one, other], hlc=1)
    folded = fold(NOTE, [first, one, other, chosen])
    assert folded.values["text"] == "Smiled."
    assert folded.conflicts == {}


def test_a_choice_that_has_not_seen_a_third_text_leaves_that_one_standing():
    one = change("one", {"text": "Slept."}, after=[first], hlc=6)
    other = change("other", {"text": "Smiled."}, after=[first], hlc=5)
    third = change("third", {"text": "Cried."}, after=[first], hlc=4)
    chosen = change("chosen", {"text": "Smiled."}, after=[one, other], hlc=9)

    assert fold(NOTE, [first, one, other, third, chosen]).conflicts["text"] == (chosen, third)


def test_the_same_text_written_twice_is_no_conflict():
    one = change("one", {"text": "Slept."}, after=[first], hlc=6)
    other = change("other", {"text": "Slept."}, after=[first], hlc=5)
    third = change("third", {"text": "Smiled."}, after=[first], hlc=4)

    assert fold(NOTE, [first, one, other]).conflicts == {}
    assert fold(NOTE, [first, one, other, third]).conflicts["text"] == (one, third)


def test_one_and_true_are_different_texts():
    one = change("one", {"text": 1}, after=[first], hlc=6)
    other = change("other", {"text": True}, after=[first], hlc=5)

    assert fold(NOTE, [one, other]).conflicts["text"] == (one, other)


def test_a_change_of_something_else_leaves_a_text_that_was_replaced_replaced():
    edited = change("edited", {"text": "Slept."}, after=[first], hlc=1)
    titled = change("titled", {"title": "Tuesday"}, after=[edited], hlc=2)

    assert values(first, titled, edited)["text"] == "Slept."


def test_seeing_a_conflict_without_choosing_does_not_settle_it():
    one = change("one", {"text": "Slept."}, after=[first], hlc=6)
    other = change("other", {"text": "Smiled."}, after=[first], hlc=5)
    titled = change("titled", {"title": "Tuesday"}, after=[one, other], hlc=7)

    folded = fold(NOTE, [first, one, other, titled])

    assert folded.conflicts["text"] == (one, other)
    assert folded.frontier == (titled.id,)


def test_the_restriction_wins_whatever_the_clocks_say():
    loosened = change("loosened", {"allowed": "yes"}, after=[first], hlc=10**12)
    stopped = change("stopped", {"allowed": "no"}, after=[first], hlc=1)
    unsure = change("unsure", {"allowed": "unknown"}, after=[first], hlc=2)

    assert values(first, loosened, stopped, unsure)["allowed"] == "no"
    assert fold(NOTE, [first, loosened, stopped]).conflicts == {}


def test_a_loosening_lifts_only_the_restrictions_it_has_seen():
    amina = change("amina", {"allowed": "no"}, after=[first])
    ben = change("ben", {"allowed": "no"}, after=[first])
    lifts_one = change("lifts one", {"allowed": "yes"}, after=[amina], hlc=9)
    lifts_both = change("lifts both", {"allowed": "yes"}, after=[amina, ben], hlc=9)

    assert values(first, amina, ben, lifts_one)["allowed"] == "no"
    assert values(first, amina, ben, lifts_both)["allowed"] == "yes"


def test_a_restriction_that_a_newer_app_invented_is_the_strictest():
    newer = change("newer", {"allowed": "only through the solicitor"}, after=[first])
    refused = change("refused", {"allowed": "no"}, after=[first], hlc=9)
    emptied = change("emptied", {"allowed": None}, after=[first])

    assert values(refused, newer)["allowed"] == "only through the solicitor"
    assert values(refused, emptied)["allowed"] is None


def test_a_list_that_only_grows_keeps_what_anybody_added_in_the_order_it_came():
    one = change("one", {"readers": ["amina", "ben"]}, after=[first], hlc=2)
    other = change("other", {"readers": ["ben", "grace"]}, after=[first], hlc=1)
    emptied = change("emptied", {"readers": []}, after=[one, other], hlc=3)
    alone = change("alone", {"readers": "dev"}, after=[emptied], hlc=4)

    assert values(alone, emptied, one, other)["readers"] == ["ben", "grace", "amina", "dev"]


def test_nothing_written_after_the_signature_is_folded_in():
    signed = change("signed", {"signed_at": "2026-06-01T09:00:00Z"}, after=[first], hlc=1)
    after = change("after", {"text": "Better wording."}, after=[signed], hlc=2)
    after_that = change("after that", {"readers": ["ben"]}, after=[after], hlc=3)

    folded = fold(NOTE, [after_that, after, signed, first])

    assert folded.values == {**first.fields, **signed.fields}
    assert folded.ignored == (after.id, after_that.id)
    assert folded.frozen
    assert folded.last == signed


def test_a_change_that_had_not_seen_the_signature_still_counts():
    signed = change("signed", {"signed_at": "2026-06-01T09:00:00Z"}, after=[first], hlc=1)
    beside = change("beside", {"text": "Slept."}, after=[first], hlc=2)

    assert values(first, signed, beside)["text"] == "Slept."
    assert fold(NOTE, [first, signed, beside]).ignored == ()


def test_an_empty_signature_closes_nothing():
    unsigned = change("unsigned", {"signed_at": None})
    edited = change("edited", {"title": "Tuesday"}, after=[unsigned])

    assert values(unsigned, edited) == {"signed_at": None, "title": "Tuesday"}


def test_a_signature_withdrawn_by_somebody_who_had_not_seen_it_still_closes_the_note():
    signed = change("signed", {"signed_at": "2026-06-01T09:00:00Z"}, after=[first], hlc=1)
    blank = change("blank", {"signed_at": None}, after=[first], hlc=2)
    later = change("later", {"title": "Tuesday"}, after=[signed, blank], hlc=3)

    folded = fold(NOTE, [first, signed, blank, later])

    assert folded.values["title"] == "Monday"
    assert folded.ignored == (later.id,)


def test_a_change_whose_parent_has_not_arrived_counts_until_it_does():
    second = change("second", {"title": "Tuesday"}, after=[first], hlc=1)

    assert values(second) == {"title": "Tuesday"}
    assert fold(NOTE, [second]).frontier == (second.id,)
    assert values(second, first) == {**first.fields, "title": "Tuesday"}


def test_what_a_redacted_change_had_replaced_does_not_come_back():
    secret = change("secret", {"text": "Of another family."}, after=[first], hlc=1)
    titled = change("titled", {"title": "Tuesday"}, after=[secret], hlc=2)
    emptied = change("secret", {}, after=[first], redacted=True)

    folded = fold(NOTE, [first, emptied, titled])

    assert folded.values == {"title": "Tuesday"}
    assert not folded.gone
    assert folded.frontier == (titled.id,)


def test_a_record_redacted_whole_is_gone_but_its_place_in_the_history_stays():
    emptied = change("secret", {}, after=[first], redacted=True)
    redaction = change("redaction", {}, after=[emptied], hlc=9)

    folded = fold(NOTE, [redaction, emptied, change("first", redacted=True)])

    assert folded.gone
    assert folded.values == {}
    assert folded.frontier == (redaction.id,)


def test_a_signature_that_was_redacted_closes_nothing_any_more():
    signed = change("signed", {}, after=[first], redacted=True)
    later = change("later", {"title": "Tuesday"}, after=[signed], hlc=3)

    assert values(first, signed, later) == {"title": "Tuesday"}


def test_history_reads_oldest_first_even_where_a_clock_was_wrong():
    second = change("second", {}, after=[first], hlc=10**12)
    third = change("third", {}, after=[second], hlc=1)

    assert causal_order([third, first, second, third]) == [first, second, third]


def test_a_signature_hidden_behind_a_redaction_closes_nothing_either():
    signed = change("signed", {"signed_at": "2026-06-01T09:00:00Z"}, after=[first], hlc=1)
    emptied = change("emptied", {}, after=[signed], redacted=True)
    later = change("later", {"title": "Tuesday"}, after=[emptied], hlc=3)

    assert values(first, signed, emptied, later) == {"title": "Tuesday"}


def test_a_history_ten_thousand_changes_deep_folds_without_running_out_of_stack():
    chain = [first]
    for i in range(10_000):
        chain.append(change(i, {"title": str(i)}, after=[chain[-1]]))

    assert values(*reversed(chain))["title"] == "9999"
