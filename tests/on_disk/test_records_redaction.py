"""What must vanish does: from records, from search, and from every byte of the image."""

import pytest

from histories import BEN, FAMILY, OTHER_FAMILY, SCHEMA, Shelf, change
from storage.records import Readable

WORDS = ["zanzibar", "quokka", "xylophone", "O'Zymandias", "Łuccombe"]
TEXT = " ".join(WORDS)


def traces(readable: Readable) -> list[str]:
    """Words that can still be read in the image, or that the search index still lists.

    The index shortens a word that begins like the one before it, so its own list is asked too.
    """
    image = readable.serialize()
    found = [w for w in WORDS if w.encode() in image or w.lower().encode() in image]
    connection = readable._memory.connection
    connection.execute("CREATE VIRTUAL TABLE temp.listed USING fts5vocab(main, words, row)")
    listed = {term for (term,) in connection.execute("SELECT term FROM listed")}
    connection.execute("DROP TABLE temp.listed")
    folded = ["zanzibar", "quokka", "xylophone", "ozymandias", "luccombe"]
    return found + [w for w in folded if any(term.startswith(w[:6]) for term in listed)]


def careless(readable: Readable) -> Readable:
    """On a SQLite that leaves what was deleted in its pages, as it does unless built otherwise."""
    readable._memory.connection.execute("PRAGMA secure_delete = OFF")
    return readable


def others(count: int = 300):
    return [
        change(f"other {i}", {"text": f"Fed well {i}.", "title": f"zz{i}"}, record=f"{i:032x}")
        for i in range(count)
    ]


def test_the_words_are_there_before():
    secret = change("secret", {"text": TEXT})
    readable = careless(Shelf().readable([secret], others()))
    readable.index_pending()

    assert len(traces(readable)) > len(WORDS)


@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "not indexed yet"])
def test_a_redacted_record_leaves_no_word_behind(indexed):
    secret = change("secret", {"text": TEXT, "title": "quokka", "signed_at": "2026-06-01"})
    shelf = Shelf()
    readable = careless(shelf.readable([secret], others()))
    if indexed:
        readable.index_pending()
    shelf.changes[secret.id] = change("secret", redacted=True)

    assert readable.redact([secret.id], shelf.reopen) == {"note"}

    assert traces(readable) == []
    assert readable.get(secret.record) is None
    assert readable.count("note") == 300
    assert readable.find("note", {"title": "quokka"}) == []
    assert readable.search("quokka") == []
    assert readable.tally("note", ("title",)).get(("quokka",)) is None
    assert readable.frontier(secret.record) == (secret.id,)
    assert readable.history_ids(secret.record) == [secret.id]
    assert [h.record for h in readable.search("zz7")][:1] == [f"{7:032x}"]


def test_words_that_were_edited_away_before_vanish_too():
    first = change("1", {"text": TEXT})
    second = change("2", {"text": "Fed well."}, after=[first])
    shelf = Shelf()
    readable = careless(shelf.readable([first], others()))
    readable.index_pending()
    readable.apply([second], shelf.reopen)
    readable.index_pending()
    shelf.changes[second.id] = second
    shelf.changes[first.id] = change("1", redacted=True)

    readable.redact([first.id], shelf.reopen)

    assert traces(readable) == []
    record = readable.get(first.record)
    assert record is not None
    assert record.fields == {"text": "Fed well."}


def test_both_sides_of_a_conflict_vanish():
    first = change("1", {"text": "Fed well."})
    one = change("2", {"text": TEXT}, after=[first])
    other = change("3", {"text": f"Also {TEXT}"}, after=[first], hlc=1)
    shelf = Shelf()
    readable = careless(shelf.readable([first, one, other], others()))
    readable.index_pending()
    shelf.changes[one.id] = change("2", after=[first], redacted=True)
    shelf.changes[other.id] = change("3", after=[first], redacted=True)
    shelf.changes[first.id] = change("1", redacted=True)

    readable.redact([first.id, one.id, other.id], shelf.reopen)

    assert traces(readable) == []
    assert readable.conflicted() == []
    assert readable.get(first.record) is None


def test_a_redaction_that_comes_first_keeps_what_it_hides_from_ever_showing():
    hollow = change("secret", redacted=True)
    redaction = change("redaction", after=[hollow], hlc=9)
    shelf = Shelf()

    readable = careless(shelf.readable([redaction], [hollow]))

    assert readable.get(hollow.record) is None
    assert readable.count("note") == 0
    assert readable.fold_hash(FAMILY) == Shelf().readable([hollow, redaction]).fold_hash(FAMILY)


def test_an_edit_made_without_knowing_of_the_redaction_shows_by_itself():
    secret = change("secret", {"text": TEXT, "title": "Monday"})
    hollow = change("secret", redacted=True)
    redaction = change("redaction", after=[hollow], hlc=3, author="e" * 32)
    edit = change("edit", {"title": "Tuesday"}, after=[secret], hlc=2, author=BEN)
    shelf = Shelf()
    readable = careless(shelf.readable([hollow, redaction], [edit]))

    record = readable.get(secret.record)

    assert record is not None
    assert record.fields == {"title": "Tuesday"}
    assert (record.author, record.changed_by) == (BEN, BEN)


def test_redacting_what_is_not_here_changes_nothing():
    readable = careless(Shelf().readable(others(3)))
    before = readable.fold_hash(FAMILY)

    assert readable.redact([bytes(32)], Shelf().reopen) == set()
    assert readable.redact([], Shelf().reopen) == set()
    assert readable.fold_hash(FAMILY) == before


def test_a_change_that_can_no_longer_be_opened_at_all_takes_its_record_with_it():
    secret = change("secret", {"text": TEXT})
    readable = careless(Shelf().readable([secret], others()))

    readable.redact([secret.id], lambda ids: {})

    assert readable.get(secret.record) is None
    assert traces(readable) == []


def test_a_forgotten_family_leaves_no_word_behind_and_may_come_back():
    theirs = [
        change("1", {"text": TEXT}, casefile=OTHER_FAMILY, record="1" * 32, mine=True),
        change("2", {"lines": TEXT}, casefile=OTHER_FAMILY, record="2" * 32, kind="place"),
        change("3", {"words": TEXT}, casefile=OTHER_FAMILY, record="3" * 32, kind="unheard of"),
    ]
    edited = change(
        "4", {"text": f"{TEXT} again"}, casefile=OTHER_FAMILY, record="1" * 32, after=theirs[:1]
    )
    shelf = Shelf()
    readable = careless(shelf.readable(others(), theirs, [edited]))
    readable.index_pending()
    before = readable.fold_hash(OTHER_FAMILY)

    assert readable.forget(OTHER_FAMILY) == {"note", "place", "unheard of"}

    assert traces(readable) == []
    assert readable.count("note") == 300
    assert readable.search("quokka") == []
    assert readable.get("3" * 32) is None
    assert readable.history_ids("1" * 32) == []
    again = Readable.load(SCHEMA, readable.serialize())
    again.apply([*theirs, edited], shelf.reopen)
    assert again.fold_hash(OTHER_FAMILY) == before
    assert len(again.search("quokka")) == 2
    assert again.forget("9" * 32) == set()
