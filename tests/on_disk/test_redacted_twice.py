"""A note was edited by somebody who had not heard that it was redacted: it is redacted again."""

from fakes import START
from relay import PASSPHRASE, note
from storage.clock import moment_of


def test_a_note_redacted_a_second_time_is_gone_from_every_device_for_good(
    relay, amina, grace, tmp_path
):
    casefile = amina.found({v.public.device: v.public.receiving for v in (amina, grace)})
    record = amina.new_id()
    amina.write([note(casefile, record, text="Belongs to another family.")])
    relay.exchange(casefile, amina, grace)

    amina.write([note(casefile, record, text="Still the wrong family.")])  # out of signal
    grace.redact(record)
    relay.exchange(casefile, amina, grace)
    relay.exchange(casefile, amina, grace)
    for vault in (amina, grace):
        shown = vault.get(record)
        assert shown.fields == {"text": "Still the wrong family."}
        assert shown.author == amina.me.person
        assert vault.search("another") == []

    grace.redact(record)
    relay.exchange(casefile, grace, amina)

    before = grace.fold_hash(casefile)
    for vault in (amina, grace):
        assert vault.get(record) is None
        assert vault.search("wrong") == []
        vault.lock()
        (tmp_path / f"{vault.device_file.path.name}.image").unlink(missing_ok=True)
        vault.unlock(PASSPHRASE)
        assert vault.get(record) is None
        assert vault.fold_hash(casefile) == before


def test_one_record_id_in_two_families_is_two_records_with_histories_of_their_own(
    relay, amina, grace
):
    ours = amina.found({v.public.device: v.public.receiving for v in (amina, grace)})
    theirs = amina.found({amina.public.device: amina.public.receiving})
    record = amina.new_id()
    amina.write([note(theirs, record, text="Theirs.")])

    amina.write([note(ours, record, text="Ours."), note(ours, record, text="Ours, edited.")])
    amina.write([note(ours, record, text="Ours, edited again.")])
    relay.exchange(ours, amina, grace)

    assert [r.fields["text"] for r in amina.find("visit_note", casefile=theirs)] == ["Theirs."]
    (edited,) = amina.find("visit_note", casefile=ours)
    assert (edited.versions, edited.conflicts) == (3, {})
    assert grace.fold_hash(ours) == amina.fold_hash(ours)


def test_a_stamp_that_claims_the_end_of_time_can_still_be_shown():
    assert moment_of((1 << 64) - 1).year == 9999
    assert moment_of(1_780_304_400_000 << 16) == START
