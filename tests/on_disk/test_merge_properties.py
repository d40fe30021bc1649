"""What must hold of every history there could be, for merging and for the records it leads to."""

from hypothesis import given
from hypothesis import strategies as st

from histories import NOTE, SCHEMA, Shelf, ancestors, change, histories
from storage.merge import canonical, fields_of_one, fold, freezes
from storage.opened import Opened
from storage.records import Readable

RANK = {"yes": 0, "unknown": 1, "no": 2}


def strictness(value: object) -> int:
    return RANK.get(str(value), 3)


@given(histories(redacted=True), st.randoms(use_true_random=False))
def test_the_order_and_the_number_of_arrivals_do_not_matter(made, chance):
    shuffled = made + chance.choices(made, k=3)
    chance.shuffle(shuffled)

    assert fold(NOTE, shuffled) == fold(NOTE, made)


@given(histories(signed=False))
def test_what_is_shown_was_written_by_somebody_and_not_replaced(made):
    before = ancestors(made)
    folded = fold(NOTE, made)

    for name, value in folded.values.items():
        if name == "readers":
            continue
        setting = [c for c in made if name in c.fields]
        standing = [c for c in setting if not any(c.id in before[d.id] for d in setting)]
        assert canonical(value) in {canonical(c.fields[name]) for c in standing}
        if name == "text":
            texts = {canonical(c.fields[name]) for c in standing}
            listed = {canonical(c.fields[name]) for c in folded.conflicts.get(name, ())}
            assert listed == (texts if len(texts) > 1 else set())


@given(histories(fields=("allowed",), signed=False))
def test_a_restriction_that_nobody_has_seen_is_never_loosened(made):
    before = ancestors(made)
    shown = fold(NOTE, made).values.get("allowed", "only mornings")
    setting = [c for c in made if "allowed" in c.fields]

    for restriction in setting:
        if not any(restriction.id in before[c.id] for c in setting):
            assert strictness(shown) >= strictness(restriction.fields["allowed"])


@given(histories(fields=("readers",), signed=False))
def test_nothing_that_was_added_is_lost(made):
    added = {r for c in made for r in c.fields.get("readers", ())}

    readers = fold(NOTE, made).values.get("readers", [])

    assert isinstance(readers, list)
    assert sorted(map(str, readers)) == sorted(map(str, added))


@given(histories(fields=("title", "text", "readers")))
def test_what_followed_a_signature_might_as_well_not_have_been_written(made):
    before = ancestors(made)
    signing = {c.id for c in made if freezes(NOTE, c)}
    late = [c for c in made if before[c.id] & signing]

    folded = fold(NOTE, made)
    # Left out, they are still part of the history that others have replaced.
    without = fold(NOTE, [change_without_fields(c) if c in late else c for c in made])

    assert set(folded.ignored) == {c.id for c in late}
    assert folded.values == without.values
    assert folded.conflicts == without.conflicts


def change_without_fields(one: Opened) -> Opened:
    return one._replace(fields={})


@given(histories(signed=False, redacted=True))
def test_nothing_that_was_redacted_or_that_it_had_replaced_is_shown(made):
    before = ancestors(made)
    hidden = {i for c in made if c.redacted for i in before[c.id]}
    open_changes = [c for c in made if c.id not in hidden and not c.redacted]

    folded = fold(NOTE, made)

    assert set(folded.values) == {n for c in open_changes for n in c.fields}
    for name, value in folded.values.items():
        if name == "readers":
            assert isinstance(value, list)
            assert set(value) == {r for c in open_changes for r in c.fields.get(name, ())}
        else:
            assert canonical(value) in {
                canonical(c.fields[name]) for c in open_changes if name in c.fields
            }


@given(histories(most=1))
def test_a_record_of_one_change_needs_no_fold(made):
    assert fields_of_one(NOTE, made[0].fields) == fold(NOTE, made).values


@given(histories(redacted=True), st.data())
def test_folding_in_piece_by_piece_comes_to_the_same_as_all_at_once(made, data):
    arrivals = data.draw(st.permutations(made)) + data.draw(st.lists(st.sampled_from(made)))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(arrivals)), max_size=4)))
    batches = [arrivals[a:b] for a, b in zip([0, *cuts], [*cuts, len(arrivals)], strict=True)]
    shelf = Shelf()

    piecemeal = shelf.readable(*batches)
    at_once = Shelf(*made).readable(made)
    folded = fold(NOTE, made)

    casefile, record = made[0].casefile, made[0].record
    assert piecemeal.get(record) == at_once.get(record)
    assert piecemeal.fold_hash(casefile) == at_once.fold_hash(casefile)
    assert piecemeal.history_ids(record) == list(folded.order)
    assert piecemeal.frontier(record) == folded.frontier
    shown = piecemeal.get(record)
    assert (shown is None) == folded.gone
    if shown is not None:
        assert shown.fields == folded.values
        assert {n: [v.change_id for v in c] for n, c in shown.conflicts.items()} == {
            n: [c.id for c in standing] for n, standing in folded.conflicts.items()
        }
        assert shown.sent == (not any(c.mine for c in made))
        assert shown.frozen == folded.frozen
        assert shown.versions == len(made)
        assert (shown.author, shown.changed_by) == (
            (folded.first or shown).author,
            (folded.last or shown).author,
        )


@given(histories(), st.data())
def test_searching_finds_what_is_shown_and_nothing_that_was_replaced(made, data):
    shelf = Shelf(*made)
    readable = Readable.empty(SCHEMA)
    for one in data.draw(st.permutations(made)):
        readable.apply([one], shelf.reopen)
        if data.draw(st.booleans()):
            readable.index_pending(data.draw(st.sampled_from([None, 1])))

    shown = readable.get(made[0].record)
    assert shown is not None
    said = f"{shown.fields.get('title')} {shown.fields.get('text')}".lower()
    for word in ("monday", "tuesday", "fed", "slept", "smiled"):
        assert bool(readable.search(word)) == (word in said)


@given(histories(signed=False))
def test_whose_changes_they_are_makes_no_difference_to_the_hash(made):
    ours = Shelf().readable([c._replace(mine=True) for c in made])
    theirs = Shelf().readable([c._replace(mine=False) for c in made])

    assert ours.fold_hash(made[0].casefile) == theirs.fold_hash(made[0].casefile)


@given(histories(redacted=True))
def test_two_devices_that_know_different_changes_show_it_in_their_hashes(made):
    casefile = made[0].casefile
    extra = change("extra", {"title": "Wednesday"}, after=made)
    shelf = Shelf(*made)
    one, other = shelf.readable(made), shelf.readable([*made, extra])

    assert one.fold_hash(casefile) != other.fold_hash(casefile)
    one.apply([extra], shelf.reopen)
    assert one.fold_hash(casefile) == other.fold_hash(casefile)
