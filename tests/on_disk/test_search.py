"""Search as people type: beginnings of words, in any script, with anything on the keyboard."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from histories import FAMILY, SCHEMA, change, no_reopening
from storage import memory
from storage.records import AnotherLayout, Readable
from storage.search import folded, snippet, words


@pytest.fixture(params=["with full text", "without"])
def readable(request, monkeypatch) -> Readable:
    """No records yet, on a SQLite with FTS5 and on one that was built without it."""
    if request.param == "without":
        monkeypatch.setattr(memory, "has_full_text", lambda connection: False)
    return Readable.empty(SCHEMA)


def tell(readable: Readable, *texts: str, kind: str = "note", field: str = "text", start: int = 0):
    """A record for each text; its id is the text's number."""
    readable.apply(
        [
            change(f"{kind} {i}", {field: text}, record=f"{i:032x}", kind=kind, hlc=i)
            for i, text in enumerate(texts, start)
        ],
        no_reopening,
    )


def found(readable: Readable, text: str, **more) -> list[int]:
    return [int(h.record, 16) for h in readable.search(text, **more)]


def test_every_word_must_begin_some_word_in_any_order(readable):
    tell(readable, "Okoro was feeding well", "Okoro slept", "Feeding was hard")

    assert found(readable, "oko fee") == [0]
    assert found(readable, "FEED") == [2, 0]
    assert found(readable, "koro") == []
    assert found(readable, "") == found(readable, "  ") == found(readable, "?!") == []


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Nguyễn Thị Hương", "nguyen huong"),
        ("Łucja Wójcik", "lucja wojc"),
        ("Siân Llŷr", "sian llyr"),
        ("Siân Llŷr", "SIÂN"),
        ("O'Brien", "obrien"),
        ("O’Brien", "o'bri"),
        ("Smith-Jones", "jones smith"),
        ("Smith—Jones", "jones"),
        ("Straße 9", "strasse"),
        ("Ελένη Παππάς", "παπ ελε"),
        ("Ёлка Цой", "елка цои"),
        ("أحمد", "احمد"),
        ("שָׁלוֹם", "של"),
        ("हिन्दी पाठ", "हिन्दी"),
        ("বাংলা", "বাং"),
        ("ਪੰਜਾਬੀ", "ਪੰਜ"),
        ("தமிழ் பேச்சு", "பேச்சு"),
        ("她今天睡得很好", "睡得"),
        ("よく眠った", "眠"),
        ("한국어 이름", "한국"),
        ("well 😀done", "done"),
        ("a\u200bb soft\u00adhyphen", "softhyphen"),
        ("e\u0301cole", "école"),
        ("call 07700 900123", "900123"),
    ],
)
def test_words_are_found_as_people_type_them(readable, said, typed):
    tell(readable, said, "something else")

    assert found(readable, typed) == [0]


def test_vowel_signs_of_scripts_that_need_them_tell_words_apart(readable):
    tell(readable, "कि", "की")

    assert found(readable, "की") == [1]


@pytest.mark.parametrize(
    "typed",
    [
        *"\"'%_*^\\\x00",
        *('"feeding', "feeding*", "-feeding", "(feeding", "text:feeding", "feeding^2", "%feeding"),
        *("feeding AND", "NOT feeding", "NEAR(feeding, 2)", "{text}: feeding", "feeding\x00"),
        *("\ud800feeding", "feeding " * 50_000, " ".join(f"feeding{i}" for i in range(20_000))),
    ],
)
def test_quotes_and_operators_are_harmless(readable, typed):
    tell(readable, "Feeding well and not near", "nothing of the kind")

    assert set(found(readable, typed)) <= {0}


@given(st.text(max_size=30))
def test_whatever_is_typed_finds_the_text_it_was_copied_from(text):
    readable = Readable.empty(SCHEMA)
    tell(readable, text)

    assert found(readable, text) == ([0] if words(text) else [])


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_more(text):
    assert words(" ".join(words(text))) == words(text)
    assert folded(text).isascii() or not text.isascii()


def test_only_the_kinds_asked_for_are_found(readable):
    tell(readable, "12 Station Road")
    tell(readable, "14 Station Road", kind="place", field="lines", start=1)
    tell(readable, "16 Station Road", kind="unheard of", start=2)

    assert sorted(found(readable, "station")) == [0, 1]
    assert found(readable, "station", kinds=["place"]) == [1]
    assert found(readable, "station", kinds=["unheard of"]) == []
    assert found(readable, "station", kinds=[]) == []


def test_whole_words_come_first_then_short_records_then_new_ones(readable):
    tell(
        readable, "Annabel rang", "Ann " + "and so on " * 40, "Ann rang", "Ann slept", "Annie rang"
    )

    assert found(readable, "ann") == [3, 2, 1, 4, 0]
    assert found(readable, "ann", limit=2) == [3, 2]


def test_a_name_is_not_crowded_out_by_very_many_notes_with_the_same_letters(readable):
    tell(readable, "Ann's house", kind="place", field="lines", start=1000)
    tell(readable, *(f"ann slept {i}" for i in range(2000, 2400)), start=2000)

    assert found(readable, "a")[0] == 1000


def test_what_was_edited_away_is_not_found_any_more(readable):
    first = change("1", {"text": "Fed well.", "title": "Monday"})
    readable.apply([first], no_reopening)
    assert readable.search("monday fed")
    second = change("2", {"text": "Slept badly."}, after=[first])
    readable.apply([second], no_reopening)
    readable.apply([change("3", {"text": "Slept well."}, after=[second])], no_reopening)

    assert not readable.search("fed")
    assert not readable.search("badly")
    assert readable.search("monday slept")


def test_a_text_that_was_empty_when_it_was_indexed_is_found_once_it_is_written(readable):
    first = change("1", {"text": ""})
    readable.apply([first], no_reopening)
    readable.index_pending()
    readable.apply([change("2", {"text": "Fed well."}, after=[first])], no_reopening)

    assert readable.search("fed")


def test_a_large_pull_is_readable_at_once_and_searchable_as_the_index_follows(readable):
    tell(readable, *(f"word{i}" for i in range(2000)))

    assert readable.count("note") == 2000
    assert not readable.search("word1999")
    assert readable.index_pending(1000) == 1000
    assert readable.index_pending() > 0
    assert readable.index_pending() == 0
    assert found(readable, "word1999") == [1999]


def test_a_note_saved_while_a_large_pull_is_being_indexed_waits_for_no_index(readable):
    tell(readable, *(f"word{i}" for i in range(2000)))
    tell(readable, "Fed well.", start=5000)

    while readable.index_pending(500):
        pass
    assert found(readable, "fed") == [5000]


def test_what_is_kept_in_mind_until_it_is_indexed_is_what_the_records_say(readable, monkeypatch):
    monkeypatch.setattr("storage.folding.FRESH", 3)
    tell(readable, "Fed at one.", "Fed at two.", "Fed at three.")
    tell(readable, "Slept at four.", "Slept at five.", start=3)  # too many to keep in mind

    def breaks(ids):
        raise OSError("the disk is away")

    first = change("note 1", {"text": "Fed at two."}, record=f"{1:032x}", hlc=1)
    edit = change("edit", {"text": "Bathed at two."}, record=f"{1:032x}", after=[first], hlc=9)
    readable.apply([edit], no_reopening)
    stranger = change("stranger", {"text": "Lost at six."}, record=f"{2:032x}", hlc=10)
    fresh = change("fresh", {"text": "Lost at seven."}, record=f"{7:032x}", hlc=11)
    with pytest.raises(OSError, match="away"):
        readable.apply([fresh, stranger], breaks)
    readable.index_pending()

    assert found(readable, "at") == [1, 4, 3, 2, 0]
    assert found(readable, "bathed") == [1]
    assert found(readable, "lost") == []


def test_words_in_mind_of_a_family_that_is_forgotten_are_forgotten_too(readable):
    tell(readable, "Fed well.")
    readable.forget(FAMILY)
    tell(readable, "Slept.", start=1)
    readable.index_pending()

    assert found(readable, "fed") == []
    assert found(readable, "slept") == [1]


def test_the_index_travels_in_the_image():
    readable = Readable.empty(SCHEMA)
    tell(readable, "Fed well.", "Slept.")
    readable.index_pending()

    again = Readable.load(SCHEMA, readable.serialize())

    assert again.index_pending() == 0
    assert found(again, "fed") == [0]


def test_an_image_made_with_full_text_is_rebuilt_where_there_is_none(monkeypatch):
    image = Readable.empty(SCHEMA).serialize()
    monkeypatch.setattr(memory, "has_full_text", lambda connection: False)

    with pytest.raises(AnotherLayout):
        Readable.load(SCHEMA, image)


def test_this_sqlite_has_full_text():
    assert memory.has_full_text(sqlite3.connect(":memory:"))


def test_the_snippet_shows_the_first_word_found_and_what_stands_around_it():
    long = f"{'At the start. ' * 20}Then Łucja was\nfeeding   well.{' And so on.' * 20}"

    shown = snippet(long, words("luc"))

    assert "Then Łucja was feeding well." in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 122
    assert snippet("Short.", words("nowhere")) == "Short."
    assert snippet("x" * 500, words("x")) == "x" * 120 + "…"


def test_hits_say_where_they_were_found(readable):
    one = change("1", {"text": "Fed well.", "title": "Monday"}, kind="note", casefile="9" * 32)
    readable.apply([one], no_reopening)

    (hit,) = readable.search("fed")

    assert (hit.record, hit.kind, hit.casefile) == (one.record, "note", "9" * 32)
    assert hit.snippet == "Monday Fed well."
