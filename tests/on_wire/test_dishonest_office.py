"""An office that lies: whatever it leaves out, repeats, swaps or makes up is refused or flagged,
and nothing of it is ever shown as somebody's word."""

from dataclasses import replace

import pytest

from house import House
from lines import LostReplies, at_once
from raw import keys_of
from storage.grants import make_grant, read_grant
from storage.runs import Run
from storage.statements import read_statement
from sync.ahead import when_wanted
from sync.granting import grant, remove
from sync.protocol import ChainAnswer


@pytest.fixture(params=[when_wanted, at_once], ids=["step by step", "begun ahead"])
def house(house, request):
    """Calls are made one by one, or begun while what came before is still being written down."""
    house.begin = request.param
    return house


@pytest.fixture
def three(house):
    """Grace, Amina and Ben share one family and have each written in it; Ben is behind."""
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    ben = house.joins("ben", by=grace)
    okoro = amina.founds_family()
    amina.round()
    grace.round()
    grant(grace.line, okoro, ben.person)
    ben.round()
    for i in range(3):
        amina.writes(okoro, "visit_note", text=f"Amina {i}")
        amina.round()
        grace.round()
        grace.writes(okoro, "visit_note", text=f"Grace {i}")
        grace.round()
        amina.round()
    return grace, amina, ben, okoro


class Lying(LostReplies):
    """Hands out pages as `lie` makes them out of the true one."""

    def __init__(self, inner, lie):
        super().__init__(inner, set())
        self.lie = lie

    def pull(self, token, casefile, after):
        return self.lie(self.inner.pull(token, casefile, after))

    def pull_several(self, token, wanted):
        return tuple(self.lie(page) for page in self.inner.pull_several(token, wanted))


def lied_to(ben, lie):
    outcome = ben.talks_to(Lying(ben.office, lie)).round()
    ben.talks_to(ben.office.inner)
    return outcome


def recovers(ben, grace, okoro):
    """With an honest office again, everything is there after all."""
    outcome = ben.round()
    assert ben.vault.fold_hash(okoro) == grace.vault.fold_hash(okoro)
    return outcome


def by(page, hand, runs):
    """The page with one device's runs put in the place of its own."""
    others = [run for run in page.runs if run.device != hand.device]
    return replace(page, runs=(*others, *runs))


def cut(run, start=0, stop=None):
    """A part of a run, honest or not about where it begins."""
    return replace(run, items=run.items[start:stop])


def test_repeating_old_pages_changes_nothing(three):
    grace, amina, ben, okoro = three
    ben.round()
    before = ben.vault.fold_hash(okoro)
    kept = grace.office.pull(grace.line.login().token, bytes.fromhex(okoro), 0)
    amina.writes(okoro, "visit_note", text="New.")
    amina.round()

    outcome = lied_to(ben, lambda page: replace(kept, after=page.after, next=page.next))

    assert outcome.doubted == {okoro: "nonsense"}
    assert ben.vault.fold_hash(okoro) == before
    grace.round()
    recovers(ben, grace, okoro)


def test_leaving_a_change_out_of_the_middle_is_noticed(three):
    grace, amina, ben, okoro = three

    def omit(page):
        runs = [run for run in page.runs if run.device == amina.device]
        without = [r for r in runs if r.first != 2]
        left = by(page, amina, without)
        return replace(left, next=page.next - 1, top=page.top - 1)

    outcome = lied_to(ben, omit)

    assert outcome.doubted[okoro] in ("altered", "withheld")
    assert ben.vault.count("visit_note") == 0  # all of a page or nothing
    recovers(ben, grace, okoro)


def test_leaving_out_the_end_of_one_chain_is_noticed_by_what_others_have_seen(three):
    grace, amina, ben, okoro = three

    def omit(page):
        heads = tuple(h for h in page.heads if h.device != amina.device)
        without = by(page, amina, [])
        gone = sum(len(r.items) for r in page.runs) - sum(len(r.items) for r in without.runs)
        return replace(without, heads=heads, next=page.next - gone, top=page.top - gone)

    outcome = lied_to(ben, omit)

    assert outcome.doubted == {okoro: "withheld"}


def test_reordering_a_chain_is_noticed(three):
    grace, amina, ben, okoro = three

    def reorder(page):
        runs = sorted((r for r in page.runs if r.device == amina.device), key=lambda r: -r.first)
        return by(page, amina, runs)

    outcome = lied_to(ben, reorder)

    assert outcome.doubted == {okoro: "altered"}
    assert ben.vault.count("visit_note") == 0
    recovers(ben, grace, okoro)


def test_numbering_a_change_anew_is_noticed(three):
    grace, amina, ben, okoro = three

    def renumber(page):
        (first, *_) = [r for r in page.runs if r.device == amina.device]
        return by(page, amina, [first, replace(first, first=2, prev=bytes(32)), first])

    assert lied_to(ben, renumber).doubted == {okoro: "altered"}
    recovers(ben, grace, okoro)


def test_altering_one_bit_is_noticed(three):
    grace, amina, ben, okoro = three

    def alter(page):
        (run, *rest) = page.runs
        item = bytearray(run.items[0])
        item[40] ^= 1
        return replace(page, runs=(replace(run, items=(bytes(item), *run.items[1:])), *rest))

    assert lied_to(ben, alter).doubted == {okoro: "altered"}
    recovers(ben, grace, okoro)


@pytest.mark.parametrize("shown", ["first", "last"])
def test_a_fork_shown_to_one_device_only_is_noticed_when_they_compare(three, house, shown):
    grace, amina, ben, okoro = three
    ben.round()
    # Amina's tablet was copied: the office shows Ben the copy's change 4 and Grace the tablet's.
    house.folder.joinpath("copy").mkdir()
    amina.vault.close()
    path = house.folder / "copy" / "amina.doorstep"
    path.write_bytes(amina.path.read_bytes())
    amina.reopens()
    amina.writes(okoro, "visit_note", text="Tablet's four.")
    amina.round()
    copy = house.picks_up("copy")
    copy.vault.close()
    copy.path, copy.around = path, amina.around
    copy.reopens()
    copy.writes(okoro, "visit_note", text="Copy's four.")
    batch = copy.vault.device_file.outbox()
    grace.round()
    grace.writes(okoro, "visit_note", text="Grace has seen the tablet's four.")
    grace.round()

    def fork(page):
        forked = by(page, amina, batch.runs)
        if shown == "first":
            forked = replace(forked, runs=tuple(reversed(forked.runs)))
        return replace(
            forked,
            heads=(*(h for h in page.heads if h.device != amina.device), *batch.heads),
        )

    outcome = lied_to(ben, fork)

    if shown == "last":
        assert outcome.doubted == {okoro: "withheld"}
    else:  # what Grace says she has seen stands in quarantine beside it
        assert (outcome.quarantined, outcome.doubted) == (1, {})
    # From here on the two chains cannot be made one again, whatever the office shows.
    amina.writes(okoro, "visit_note", text="Tablet's five.")
    amina.round()
    assert ben.round().doubted[okoro] in ("altered", "withheld")


def test_a_change_under_the_wrong_key_name_is_refused(three):
    grace, amina, ben, okoro = three

    def rename(page):
        team = ben.vault.grants(bytes.fromhex(ben.vault.me.team))[-1].kids[0]
        return replace(page, runs=tuple(replace(r, kid=team) for r in page.runs))

    assert lied_to(ben, rename).doubted == {okoro: "altered"}
    recovers(ben, grace, okoro)


def test_one_familys_changes_are_not_taken_for_anothers(three):
    grace, amina, ben, okoro = three
    second = amina.founds_family()
    amina.writes(second, "visit_note", text="Another family's.")
    amina.round()
    grace.round()
    grant(grace.line, second, ben.person)
    theirs = grace.office.pull(grace.line.login().token, bytes.fromhex(second), 0)

    def splice(page):
        if page.casefile.hex() != okoro:
            return page
        runs = tuple(replace(r, casefile=page.casefile) for r in theirs.runs)
        heads = tuple(replace(h, casefile=page.casefile) for h in theirs.heads)
        count = sum(len(r.items) for r in runs)
        return replace(
            page, runs=runs, heads=heads, next=page.after + count, top=page.after + count
        )

    outcome = lied_to(ben, splice)

    assert okoro in outcome.doubted
    assert {r.casefile for r in ben.vault.find("visit_note")} == {second}
    recovers(ben, grace, okoro)


def test_a_page_of_a_stranger_is_not_believed(three, house):
    grace, amina, ben, okoro = three
    mallory = house.picks_up("mallory")
    me = ben.vault.me
    mallory.vault.join(
        org=bytes.fromhex(me.org),
        person=bytes.fromhex(amina.person),
        role="worker",
        team=None,
        office_url=me.office_url,
        recovery_public=me.recovery_public,
    )
    made = mallory.vault.found({})
    mallory.writes(made, "visit_note", text="Made up.")
    batch = mallory.vault.device_file.outbox()

    def invent(page):
        if page.casefile.hex() != okoro:
            return page
        runs = tuple(replace(r, casefile=page.casefile) for r in batch.runs)
        return replace(page, runs=(*page.runs, *runs), next=page.next + 1, top=page.top + 1)

    outcome = lied_to(ben, invent)

    assert outcome.quarantined >= 1
    assert "Made up." not in {r.fields["text"] for r in ben.vault.find("visit_note")}


def test_an_older_directory_is_refused(three, house):
    grace, _, ben, _ = three
    ben.round()
    length = ben.line.directory.length

    class Shorter(LostReplies):
        def standings(self, token):
            return replace(self.inner.standings(token), directory=length - 1)

    outcome = ben.talks_to(Shorter(ben.office, set())).round()
    assert outcome.doubted == {"directory": "withheld"}
    assert ben.line.directory.length == length


def test_another_directory_is_refused(three, house, tmp_path):
    grace, _, ben, _ = three
    ben.round()
    (tmp_path / "other").mkdir()
    other = House(tmp_path / "other", seed=2)
    helen = other.begins("helen")
    foreign = tuple(helen.vault.directory_statements())

    class Foreign(LostReplies):
        def standings(self, token):
            true = self.inner.standings(token)
            return replace(true, directory=true.directory + 2)

        def directory(self, token, after):
            return foreign

    outcome = ben.talks_to(Foreign(ben.office, set())).round()
    assert outcome.doubted == {"directory": "withheld"}
    assert all(c.device != helen.device for c in ben.line.directory.devices.values())
    other.close()


def test_a_grant_to_somebody_nobody_certified_is_refused(three, house):
    grace, _, ben, okoro = three
    stranger = house.picks_up("mallory")
    casefile = bytes.fromhex(okoro)
    (*_, newest) = grace.vault.grants(casefile)
    forged = make_grant(
        stranger.vault.signing_key,
        org=newest.statement.org,
        signer=stranger.device,
        previous=newest,
        casefile=casefile,
        epoch_keys=keys_of(grace, okoro),
        receivers={stranger.device: stranger.vault.public.receiving},
        recovery_public=bytes(range(32)),
        last={},
        linked_to=None,
        label="family",
        randomness=stranger.around.randomness,
    )

    outcome = ben.talks_to(Granting(ben.office, casefile, forged.statement.packed())).round()

    assert outcome.doubted[okoro] == "nonsense"
    assert len(ben.vault.members(okoro)) == 3


class Granting(LostReplies):
    """Shows one grant more than there is."""

    def __init__(self, inner, casefile, packed):
        super().__init__(inner, set())
        self.casefile, self.packed = casefile, packed

    def standings(self, token):
        true = self.inner.standings(token)
        newest = read_grant(read_statement(self.packed)).id
        return replace(
            true,
            positions=tuple(
                replace(p, grant=newest) if p.casefile == self.casefile else p
                for p in true.positions
            ),
        )

    def grants_several(self, token, casefiles):
        return tuple(
            replace(g, statements=(*g.statements, self.packed))
            if g.casefile == self.casefile
            else g
            for g in self.inner.grants_several(token, casefiles)
        )


def test_a_worker_who_grants_by_herself_is_refused_by_devices_too(three):
    grace, amina, ben, okoro = three
    casefile = bytes.fromhex(okoro)
    made = amina.vault.regrant(
        casefile,
        {
            d: grace.line.directory.devices[d].receiving
            for d in (amina.device, grace.device, ben.device)
        },
        rotate=False,
        last={},
    )
    outcome = ben.talks_to(Granting(ben.office, casefile, made.statement.packed())).round()
    assert outcome.doubted[okoro] == "nonsense"


def test_a_grant_that_would_let_the_desk_read_is_refused_whoever_signed_it(three, house):
    grace, amina, ben, okoro = three
    casefile = bytes.fromhex(okoro)
    everybody = (amina.device, grace.device, ben.device, house.desk.device)
    made = grace.vault.regrant(
        casefile,
        {d: grace.line.directory.devices[d].receiving for d in everybody},
        rotate=False,
        last={},
    )
    outcome = ben.talks_to(Granting(ben.office, casefile, made.statement.packed())).round()
    assert outcome.doubted[okoro] == "nonsense"
    assert house.desk.device.hex() not in ben.vault.members(okoro)


def test_swapped_receiving_keys_reach_nobody(three, house):
    """The office cannot put its own key behind a member: the certificate says which it is."""
    grace, amina, ben, okoro = three
    mallory = house.picks_up("mallory")
    remove(grace.line, okoro, ben.person)
    (*_, newest) = grace.vault.grants(bytes.fromhex(okoro))
    assert ben.device not in newest.keys
    assert mallory.device not in newest.keys
    amina.round()
    assert amina.vault.members(okoro) == tuple(
        sorted(d.hex() for d in (amina.device, grace.device))
    )


def test_an_old_epoch_of_a_removed_member_is_not_believed(three):
    grace, amina, ben, okoro = three
    ben.round()
    remove(grace.line, okoro, ben.person)
    ben.writes(okoro, "visit_note", text="After I was removed.")
    batch = ben.vault.device_file.outbox()
    amina.round()

    def smuggle(page):
        return replace(
            page,
            runs=(*page.runs, *batch.runs),
            heads=(*page.heads, *batch.heads),
            next=page.next + 1,
            top=page.top + 1,
        )

    grace.writes(okoro, "visit_note", text="So that there is something to pull.")
    grace.round()
    outcome = lied_to(amina, smuggle)

    assert outcome.quarantined == 1
    assert "After I was removed." not in {r.fields["text"] for r in amina.vault.find("visit_note")}


def test_promising_more_than_it_hands_out_is_noticed(three):
    grace, _, ben, okoro = three

    class Promising(LostReplies):
        def standings(self, token):
            true = self.inner.standings(token)
            return replace(true, positions=tuple(replace(p, top=p.top + 5) for p in true.positions))

    outcome = ben.talks_to(Promising(ben.office, set())).round()
    assert outcome.doubted[okoro] == "withheld"


def test_taking_a_casefile_back_to_an_earlier_state_is_noticed(three):
    grace, amina, ben, okoro = three
    ben.round()

    class Restored(LostReplies):
        def standings(self, token):
            true = self.inner.standings(token)
            return replace(
                true, positions=tuple(replace(p, top=max(0, p.top - 1)) for p in true.positions)
            )

    outcome = ben.talks_to(Restored(ben.office, set())).round()
    assert outcome.doubted == {okoro: "withheld"}


def test_an_office_restored_from_a_backup_is_sent_again_what_it_lost(house):
    grace = house.begins("grace")
    amina = house.joins("amina", by=grace)
    okoro = amina.founds_family()
    amina.writes(okoro, "visit_note", text="In the backup.")
    amina.round()
    for i in range(2):
        amina.writes(okoro, "visit_note", text=f"Lost with the disk {i}.")
    sent: list[object] = []

    class Lost(LostReplies):
        """Takes the first push without keeping it, as an office does that is then restored."""

        def push(self, token, runs, heads, drops=()):
            if not sent:
                sent.append(runs)
                return tuple(
                    replace(answer, accepted=3, refused=None)
                    for answer in self.inner.push(token, [], [], ()) or fabricated(runs)
                )
            return self.inner.push(token, runs, heads, drops)

    def fabricated(runs: tuple[Run, ...]):
        return [ChainAnswer(casefile=r.casefile, device=r.device, accepted=3) for r in runs]

    amina.talks_to(Lost(amina.office, set())).round()
    assert amina.vault.device_file.outbox_size().changes == 0
    amina.writes(okoro, "visit_note", text="Afterwards.")
    outcome = amina.round()
    assert outcome.still_here == 0
    grace.round()
    assert grace.vault.count("visit_note") == 4
