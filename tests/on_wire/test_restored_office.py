"""The office is put back from a backup: the devices give back what it lost, and miss nothing."""

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from house import House
from ordered import capsule, new_id
from storage.envelope import HASH_BYTES
from storage.statements import make_statement, read_statement
from storage.stop import StopPlan
from sync.errors import ChainRefused, DeviceUnknown, NotYours
from sync.granting import grant, remove, revoke
from sync.server import apart, backup, restoring
from sync.server.database import Database
from sync.server.desk.tables import capsules
from sync.server.tables import inbox as kept_inbox


@pytest.fixture
def house(tmp_path, database_url):
    """An office that works on through its own restore."""
    (tmp_path / "apart").mkdir()
    house = House(tmp_path, url=database_url, kept_apart=tmp_path / "apart")
    yield house
    house.close()


@pytest.fixture
def staff(house):
    """Grace supervises; Amina and Ben share a family."""
    grace = house.begins("grace")
    amina, ben = house.joins("amina", by=grace), house.joins("ben", by=grace)
    okoro = amina.founds_family()
    amina.round()
    grace.round()
    grant(grace.line, okoro, ben.person)
    for hand in (grace, ben, amina):
        hand.round()
    return grace, amina, ben, okoro


def back_up(house):
    path = house.folder / "backup"
    backup.write(house.service.surroundings.database, path, at=1, version="1")
    return path


def put_back(house, path, *, kept=True):
    database = Database(house.url)
    done = restoring.restore(
        database,
        path,
        replace=True,
        remembered=apart.read([house.kept_apart] if kept else []),
        randomness=os.urandom,
        now=house.service.surroundings.now(),
    )
    database.close()
    return done


def note(hand, family, text):
    return hand.writes(family, "visit_note", text=text)


def rest(*hands):
    """Rounds until nobody has anything left to say; gives the last round of each."""
    for _ in range(6):
        outcomes = [hand.round() for hand in hands]
        if not any(outcome.sent or outcome.received for outcome in outcomes):
            return outcomes
    raise AssertionError("they never come to rest")


def held(house, hand, family):
    """How many changes of a family the office has."""
    (position,) = [
        p for p in hand.line.ask(house.service.standings).positions if p.casefile.hex() == family
    ]
    return position.top


def test_what_was_sent_after_the_backup_comes_back_by_itself(house, staff):
    grace, amina, _, okoro = staff
    note(amina, okoro, "before")
    rest(*staff[:3])
    path = back_up(house)
    lost = [note(amina, okoro, f"after {n}") for n in range(3)]
    rest(*staff[:3])
    before = held(house, grace, okoro)

    put_back(house, path)
    assert amina.round().sent == 3
    assert held(house, grace, okoro) == before
    outcomes = rest(amina, grace)

    assert not any(outcome.doubted or outcome.refusals for outcome in outcomes)
    assert all(grace.reads(record) for record in lost)
    assert amina.vault.fold_hash(okoro) == grace.vault.fold_hash(okoro)


def test_numbers_that_are_given_again_hide_nothing_from_anybody(house, staff):
    """Ben's notes get the numbers that Amina's had, before she is in contact again."""
    grace, amina, ben, okoro = staff
    path = back_up(house)
    hers = [note(amina, okoro, text) for text in ("one", "two")]
    rest(amina, grace)
    his = [note(ben, okoro, text) for text in ("three", "four")]

    put_back(house, path)
    ben.round()
    rest(amina, ben, grace)

    for hand in (amina, ben, grace):
        assert all(hand.reads(record) for record in (*hers, *his)), hand.name
    assert len({hand.vault.fold_hash(okoro) for hand in (amina, ben, grace)}) == 1


def test_a_text_that_was_redacted_comes_back_nowhere(house, staff):
    grace, amina, ben, okoro = staff
    in_backup = note(amina, okoro, "about another family")
    rest(*staff[:3])
    path = back_up(house)
    after = note(amina, okoro, "about another family too")
    note(amina, okoro, "feeding well")
    rest(*staff[:3])
    for record in (in_backup, after):
        grace.vault.redact(record)
    rest(grace)  # the others have not heard of it

    done = put_back(house, path)
    outcomes = rest(amina, ben, grace)
    helen = house.joins("helen", by=grace)
    grant(grace.line, okoro, helen.person)
    grace.round()
    rest(helen)

    assert (done.dropped, done.awaited) == (1, 1)
    assert not any(outcome.refusals for outcome in outcomes)
    for hand in (amina, ben, grace, helen):
        texts = [hand.reads(record).get("text") for record in (in_backup, after)]
        assert texts == [None, None], hand.name
    assert len({h.vault.fold_hash(okoro) for h in (amina, ben, grace, helen)}) == 1


def test_what_was_left_and_redacted_comes_back_without_its_text(house, staff):
    """Ben leaves two things for a family that he is not in."""
    grace, amina, ben, _ = staff
    silva = amina.founds_family()
    rest(amina, grace)
    inbox = amina.inbox_of(silva)
    in_backup = ben.leaves(inbox, code="5")
    rest(ben, amina, grace)
    path = back_up(house)
    after = [ben.leaves(inbox, code=str(n)) for n in (6, 7)]
    rest(ben, amina, grace)
    for record in (in_backup, after[0]):
        grace.vault.redact(record)
    rest(grace)  # Amina has not heard of it, and hands in what she has

    done = put_back(house, path)
    outcomes = rest(amina, ben, grace)

    assert (done.dropped, done.awaited) == (1, 1)
    assert not any(outcome.doubted or outcome.refusals for outcome in outcomes)
    with house.service.surroundings.database.reading() as connection:
        items = connection.execute(select(kept_inbox.c.item)).scalars().all()
    assert sum(len(item) == HASH_BYTES for item in items) == 2
    assert len(items) == 3
    for hand in (amina, grace):
        assert [hand.reads(r).get("code") for r in (in_backup, *after)] == [None, None, "7"]
    assert amina.vault.fold_hash(silva) == grace.vault.fold_hash(silva)


def test_a_stop_since_the_backup_is_the_first_thing_that_is_said_again(house, staff):
    """And before it has been, no device lets the desk believe that all is silenced."""
    grace, amina, _, okoro = staff
    order = capsule(
        house.service.surroundings.now(), casefile=okoro, route=new_id(), reference=new_id()
    )
    amina.vault.write([], orders=[order])
    rest(amina)
    path = back_up(house)
    amina.vault.write([], orders=[StopPlan(route=order.route, consent=order.consent)])
    rest(amina, grace)
    house.clock.advance(3600)
    put_back(house, path)
    assert states(house) == {order.reference: "planned"}
    heard = []
    amina.talks_to(Overheard(house.service, heard))

    amina.round()

    assert states(house) == {order.reference: "suppressed"}
    assert heard.index("put_orders") < heard.index("withdrawals_done")
    assert amina.vault.orders_waiting() == []


class Overheard:
    """A line to the office that writes down which calls are made."""

    def __init__(self, inner, heard):
        self.inner, self.heard = inner, heard

    def __getattr__(self, name):
        self.heard.append(name)
        return getattr(self.inner, name)


def states(house):
    with house.service.surroundings.database.reading() as connection:
        rows = connection.execute(select(capsules.c.reference, capsules.c.state))
        return {reference.hex(): state for reference, state in rows}


def test_who_was_let_in_or_out_after_the_backup_stays_so(house, staff):
    grace, amina, ben, okoro = staff
    path = back_up(house)
    helen = house.joins("helen", by=grace)
    grant(grace.line, okoro, helen.person)
    remove(grace.line, okoro, ben.person)
    rest(grace, helen, amina)
    written = note(helen, okoro, "my first")
    rest(helen, amina)

    put_back(house, path)
    outcomes = rest(grace, amina, helen)

    assert not any(outcome.doubted or outcome.refusals for outcome in outcomes)
    assert amina.reads(written)
    assert ben.round().ended == (okoro,)
    house.joins("olwen", by=grace, role="administrator")  # the directory goes on


def test_a_second_restore_is_noticed_as_well(house, staff):
    grace, amina, _, okoro = staff
    path = back_up(house)
    note(amina, okoro, "one")
    rest(amina, grace)
    for _ in range(2):
        put_back(house, path)
        outcomes = rest(amina, grace)
        assert not any(outcome.doubted for outcome in outcomes)
    assert amina.vault.fold_hash(okoro) == grace.vault.fold_hash(okoro)
    assert held(house, grace, okoro) == amina.vault.cursor(bytes.fromhex(okoro))


def test_a_device_that_was_away_for_both_gives_back_what_it_had(house, staff):
    grace, amina, ben, okoro = staff
    path = back_up(house)
    record = note(ben, okoro, "before I went on leave")
    rest(ben)
    put_back(house, path)
    note(amina, okoro, "meanwhile")
    rest(amina, grace)

    rest(ben, grace)

    assert grace.reads(record)
    assert ben.vault.fold_hash(okoro) == grace.vault.fold_hash(okoro)


def test_decisions_that_nobody_kept_apart_are_given_back_too(house, staff):
    """The disk is gone, and what was kept on it with it: the devices remember."""
    grace, amina, ben, okoro = staff
    path = back_up(house)
    helen = house.joins("helen", by=grace)
    grant(grace.line, okoro, helen.person)
    revoke(grace.line, ben.device.hex())
    silva = amina.founds_family()
    rest(amina, grace, helen)
    written = note(helen, okoro, "my first"), note(amina, silva, "hers too")
    rest(amina, helen, grace)

    put_back(house, path, kept=False)
    with pytest.raises(DeviceUnknown):  # until somebody has told the office of her again
        helen.round()
    outcomes = rest(amina, helen, grace)

    assert not any(outcome.doubted or outcome.refusals for outcome in outcomes)
    assert ben.round().revoked
    for hand in (amina, grace):
        assert all(hand.reads(record) for record in written), hand.name
    house.joins("olwen", by=grace, role="administrator")
    rest(amina, grace)


def test_only_a_restored_office_takes_what_somebody_else_signed(house, staff):
    grace, amina, _, okoro = staff
    before = grace.line.directory.length
    house.joins("helen", by=grace)
    amina.line.catch_up()
    statement = amina.vault.directory_statements()[before]
    newest = amina.vault.grants(bytes.fromhex(okoro))[-1].statement.packed()

    with pytest.raises(NotYours):
        amina.line.ask(house.service.publish, statement)
    with pytest.raises(ChainRefused):
        amina.line.ask(house.service.grant, newest)


def test_a_forged_statement_is_not_given_back(house, staff):
    """A worker at a restored office may bring what others signed, and nothing that they did not."""
    grace, amina, ben, okoro = staff
    put_back(house, back_up(house), kept=False)
    rest(amina, grace)
    statement = read_statement(amina.vault.directory_statements()[-1])
    forged = make_statement(
        Ed25519PrivateKey.generate(),
        context=statement.context,
        org=statement.org,
        signer=grace.device,
        prev=statement.id,
        body={"type": "revoke", "device": ben.device, "wipe": True, "last": {}, "at": 1},
    )
    with pytest.raises(ChainRefused):
        amina.line.ask(house.service.publish, forged.packed())
    assert ben.round().revoked is False
