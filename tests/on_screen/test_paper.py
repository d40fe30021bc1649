"""Sheets of paper: fetched once, by this browser alone, and gone."""

from app.paper import WAITS_S, Papers, sheet
from app.web import PaperTray
from on_screen.test_gate import Visitor, page
from on_screen.test_gate import gate as gate


def test_a_sheet_is_fetched_once():
    papers = Papers()
    path = papers.offer("twenty-four words")
    assert papers.take(path) == b"twenty-four words"
    assert papers.take(path) is None


def test_a_sheet_that_nobody_fetched_is_gone_after_a_minute():
    now = [0.0]
    papers = Papers(clock=lambda: now[0])
    path = papers.offer("twenty-four words")
    now[0] += WAITS_S
    assert papers.take(path) is None
    assert papers._waiting is None  # not only unreachable


def test_another_sheet_takes_the_place_of_one_that_still_waits():
    papers = Papers()
    first, second = papers.offer("one"), papers.offer("two")
    assert papers.take(first) is None
    assert papers.take(second) == b"two"


def test_a_wrong_guess_takes_nothing_away():
    papers = Papers()
    path = papers.offer("twenty-four words")
    assert papers.take(path + "x") is None
    assert papers.take("/paper/") is None
    assert papers.take(path) == b"twenty-four words"


def test_what_was_typed_cannot_write_the_page():
    said = sheet("A & B", ["<script>x</script>"], ["<b>"], [])
    assert "<script>" not in said
    assert "<b>" not in said
    assert "A &amp; B" in said


def test_only_the_browser_that_was_let_in_fetches_it_and_keeps_no_copy(gate):
    papers = Papers()
    gate._app = PaperTray(page, papers)
    owner, stranger = Visitor(gate), Visitor(gate)
    owner.get("/?token=launch")
    path = papers.offer("twenty-four words")
    assert stranger.get(path).body == b"start it once more"
    assert owner.get(path, origin="http://evil.example").status == 403
    assert owner.get(path, method="HEAD").status == 404
    answer = owner.get(path)
    assert answer.body == b"twenty-four words"
    assert answer.headers["cache-control"] == "no-store"
    assert owner.get(path).status == 404
    assert owner.get("/families").body == b"the family"
