"""Calls that cross at one moment on PostgreSQL: each is answered as if it had come alone.

The moment is made, not hoped for: another session holds what they all need until every one of them
has come as far as it can, and lets go. (On SQLite a writer has the database to herself.)
"""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from builders import Organisation
from in_office.test_drafts import draft
from in_office.test_invites import LOOKUP, LOOKUP_ID, request_of
from sync.errors import InviteRefused, NotOurOffice, SignedOut, Stale, SyncError
from sync.server import dialects, tables
from sync.server.office import OfficeService
from sync.server.surroundings import Limits

pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

CASEFILES = "SELECT 1 FROM casefiles FOR UPDATE"


def at_once(database, hold, *calls):
    """Make the calls while another session holds something; gives what came of each."""

    def make(call):
        try:
            return call()
        except SyncError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        with database.holding(hold):
            made = [pool.submit(make, call) for call in calls]
            database.wait_until_waiting(len(calls))
        return [each.result(30) for each in made]


def insert_into(table):
    """Holds up whoever would add a row to a table, after it has looked whether it is there."""
    return f"LOCK TABLE {table} IN SHARE MODE"


def rows(office, table):
    with office._s.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def log(office, service, casefile):
    """(device, n) of a whole casefile, which must be without a hole."""
    page = office.pull(service.grace.token, casefile.id, 0)
    assert page.next == page.top == sum(len(run.items) for run in page.runs)
    return [(r.device, n) for r in page.runs for n in range(r.first, r.last + 1)]


# -- pushing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("before", [0, 1], ids=["a new chain", "a chain that is there"])
def test_one_batch_that_comes_three_times_is_stored_once(service, office, database, before):
    amina = service.amina
    amina.writes(service.okoro, *"abc")
    if before:
        amina.pushes(office, service.okoro, 1, 1)
    runs, heads = amina.batch([service.okoro], before + 1)

    answers = at_once(database, CASEFILES, *[lambda: office.push(amina.token, runs, heads)] * 3)

    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0].accepted == 3
    assert log(office, service, service.okoro) == [(amina.id, n) for n in (1, 2, 3)]


def test_pushes_into_two_families_in_either_order_do_not_wait_in_a_circle(
    service, office, database
):
    organisation, grace = service.organisation, service.grace
    helen = organisation.joins("supervisor", by=grace, office=office)
    for casefile, worker in ((service.okoro, service.amina), (service.silva, service.ben)):
        organisation.regrant(casefile, grace, [worker, grace, helen], office=office)
    families = [service.okoro, service.silva]
    for device in (grace, helen):
        for family in families:
            device.writes(family, *"ab")

    def push(device, order):
        return lambda: office.push(device.token, *device.batch(order))

    answers = at_once(database, CASEFILES, push(grace, families), push(helen, families[::-1]))

    assert [a.refused for answer in answers for a in answer] == [None] * 4
    assert len(log(office, service, service.okoro)) == len(log(office, service, service.silva)) == 4


def test_the_days_share_is_counted_exactly(service, database, clock):
    small = OfficeService(database.url, clock=clock, limits=Limits(bytes_a_day=900))
    amina = service.amina
    families = [service.okoro, service.organisation.found(amina, [service.grace], office=small)]
    for family in families:
        amina.writes(family, "a", "b")

    answers = at_once(
        database,
        "SELECT 1 FROM devices FOR UPDATE",
        *[lambda f=family: amina.pushes(small, f) for family in families],
    )

    assert sum(isinstance(answer, SyncError) for answer in answers) == 1
    assert sorted(small.pull(service.grace.token, f.id, 0).top for f in families) == [0, 2]
    small.close()


# -- standing and membership ---------------------------------------------------------------------


def revocation(service, office, device):
    """Grace's word that ends a device's access, as far as the office holds its chains now."""
    ends = office.chains(service.grace.token, device.id)
    return service.organisation.directory.revoke(
        service.grace.signing,
        service.grace.id,
        device.id,
        last={end.casefile: (end.n, end.id) for end in ends},
        wipe=False,
        at=1,
    ).packed()


def test_a_revocation_waits_for_the_push_it_could_not_know_of(service, office, database):
    ben = service.ben
    ben.writes(service.silva, "a")
    statement = revocation(service, office, ben)

    with ThreadPoolExecutor(2) as pool:
        with database.holding(CASEFILES):
            pushing = pool.submit(ben.pushes, office, service.silva)
            database.wait_until_waiting(1)
            revoking = pool.submit(office.publish, service.grace.token, statement)
            database.wait_until_waiting(2)
        assert pushing.result(30).top == 1
        with pytest.raises(Stale):  # more was accepted than it lets stand
            revoking.result(30)


def test_a_push_that_waited_behind_a_revocation_is_not_taken(service, office, database):
    ben = service.ben
    ben.writes(service.silva, "a")
    statement = revocation(service, office, ben)

    with ThreadPoolExecutor(2) as pool:
        with database.holding("SELECT 1 FROM office FOR UPDATE"):
            revoking = pool.submit(office.publish, service.grace.token, statement)
            database.wait_until_waiting(1)
            pushing = pool.submit(ben.pushes, office, service.silva)
            database.wait_until_waiting(2)
        revoking.result(30)
        with pytest.raises(SignedOut):
            pushing.result(30)

    ben.login(office)
    assert ben.pushes(office, service.silva).quarantined
    assert office.pull(service.grace.token, service.silva.id, 0).top == 0


def test_whoever_revokes_is_not_kept_waiting_by_those_who_keep_pushing(service, office, database):
    """A lost tablet must be shut out within a minute, whatever the others are doing."""
    amina, grace = service.amina, service.grace
    amina.writes(service.okoro, *"x" * 2000)
    place, stop = iter(range(1, 2001)), threading.Event()

    def keep_pushing(_):
        while not stop.is_set():
            n = next(place)
            with_gap = amina.pushes(office, service.okoro, n, n)
            assert with_gap.refused in (None, "gap")

    with ThreadPoolExecutor(6) as pool:
        busy = [pool.submit(keep_pushing, worker) for worker in range(6)]
        began = time.monotonic()
        for _ in range(5):
            service.organisation.joins("worker", by=grace, office=office)
        taken = time.monotonic() - began
        stop.set()
        for each in busy:
            each.result(30)

    assert taken < 10


def test_a_push_that_waited_behind_a_removal_goes_to_quarantine(service, office, database):
    """Whichever comes first: what the grant lets stand is in the log, what came later is not."""
    amina, grace = service.amina, service.grace
    amina.writes(service.okoro, "a")
    without_her = service.organisation.regrant(service.okoro, grace, [grace], rotate=True)

    removed, answer = at_once(
        database,
        CASEFILES,
        lambda: office.grant(grace.token, without_her.statement.packed()),
        lambda: amina.pushes(office, service.okoro),
    )

    (position,) = [
        p for p in office.standings(grace.token).positions if p.casefile == service.okoro.id
    ]
    if isinstance(removed, Stale):
        assert (position.top, answer.quarantined) == (1, False)
    else:
        assert (position.top, answer.quarantined) == (0, True)


def test_of_four_who_grant_at_once_one_is_first(service, office, database):
    organisation, grace = service.organisation, service.grace
    everybody = [service.amina, grace]
    offered = [organisation.regrant(service.okoro, grace, everybody) for _ in range(4)]

    came_of_it = at_once(
        database,
        CASEFILES,
        *[lambda g=grant: office.grant(grace.token, g.statement.packed()) for grant in offered],
    )

    assert sorted(str(type(each).__name__) for each in came_of_it) == ["NoneType"] + ["Stale"] * 3
    assert len(office.grants(grace.token, service.okoro.id)) == 2


def test_a_casefile_founded_three_times_at_once_is_founded(service, office, database):
    casefile = service.organisation.found(service.amina, [service.grace])
    packed = casefile.grant.statement.packed()

    came_of_it = at_once(
        database,
        insert_into("casefiles"),
        *[lambda: office.grant(service.amina.token, packed)] * 3,
    )

    assert came_of_it == [None] * 3
    assert office.grants(service.amina.token, casefile.id) == (packed,)


def test_statements_that_come_at_once_are_one_chain(service, office, database):
    grace, organisation = service.grace, service.organisation
    device = organisation.device("worker")
    first, second = (
        organisation.directory.certify(grace.signing, grace.id, device.certificate, at).packed()
        for at in (1, 2)
    )

    came_of_it = at_once(
        database,
        f"SELECT pg_advisory_lock({dialects._STANDING})",
        *[lambda s=each: office.publish(grace.token, s) for each in (first, second, first)],
    )

    directory = list(office.directory(grace.token, 0))
    kept = first if came_of_it[0] is None else second
    assert directory == [*organisation.packed(), kept]
    assert office.standings(grace.token).directory == len(directory)
    assert all(each is None or isinstance(each, Stale) for each in came_of_it)


def test_an_office_claimed_by_two_at_once_is_the_firsts(database, clock):
    office = OfficeService(database.url, clock=clock)
    organisations = [Organisation(1), Organisation(2)]
    for each in organisations:
        each.joins("supervisor")

    came_of_it = at_once(
        database,
        "SELECT 1 FROM office FOR UPDATE",
        *[
            lambda o=each: office.found_organisation(o.directory.root_public, o.packed())
            for each in organisations
        ],
    )

    assert {type(each) for each in came_of_it} == {type(None), NotOurOffice}
    first = organisations[came_of_it.index(None)]
    assert office.health() == first.org.hex()
    office.close()


# -- getting in ----------------------------------------------------------------------------------


def test_two_first_logins_of_one_device_both_succeed(service, office, database):
    grace, organisation = service.grace, service.organisation
    device = organisation.device("worker")
    office.publish(grace.token, organisation.certify(device, grace).packed())
    challenges = [office.challenge(device.id) for _ in range(3)]

    logins = at_once(
        database,
        insert_into("devices"),
        *[lambda c=c: office.login(device.id, c, device.answer(c)) for c in challenges],
    )

    assert {login.standing for login in logins} == {"certified"}
    for login in logins:
        assert office.standings(login.token).directory


def test_a_challenge_answered_three_times_at_once_lets_in_once(service, office, database):
    amina = service.amina
    challenge = office.challenge(amina.id)

    came_of_it = at_once(
        database,
        "SELECT 1 FROM challenges FOR UPDATE",
        *[lambda: office.login(amina.id, challenge, amina.answer(challenge))] * 3,
    )

    assert sum(isinstance(each, SignedOut) for each in came_of_it) == 2


def test_an_invite_answered_by_three_at_once_is_used_once(service, office, database, clock):
    office.invite(service.grace.token, LOOKUP, int(clock.now().timestamp() * 1000) + 10_000)
    joiners = [service.organisation.device("worker") for _ in range(3)]

    came_of_it = at_once(
        database,
        "SELECT 1 FROM invites FOR UPDATE",
        *[lambda d=each: office.enrol(LOOKUP_ID, request_of(d), bytes(32)) for each in joiners],
    )

    reasons = [each.reason for each in came_of_it if isinstance(each, InviteRefused)]
    assert reasons == ["used", "used"]
    (kept,) = office.enrolments(service.grace.token)
    assert kept.request == request_of(joiners[came_of_it.index(None)])


def test_an_invite_announced_twice_at_once_is_one(service, office, database, clock):
    expires = int(clock.now().timestamp() * 1000) + 10_000

    came_of_it = at_once(
        database,
        insert_into("invites"),
        *[lambda: office.invite(service.grace.token, LOOKUP, expires)] * 2,
    )

    assert came_of_it == [None, None]
    assert rows(office, tables.invites) == 1


def test_failures_that_come_at_once_are_all_counted(service, office, database):
    guesses = [b"guess %010d" % guess for guess in range(4)]

    at_once(
        database,
        insert_into("failures"),
        *[lambda g=g: office.enrol(g, b"x", bytes(32), address="192.0.2.7") for g in guesses],
    )

    with office._s.database.reading() as connection:
        assert connection.execute(select(tables.failures.c["count"])).scalars().all() == [4]


# -- setting aside and dropping --------------------------------------------------------------------


def test_two_redactions_in_one_batch_of_changes_both_last(service, office, database):
    amina, grace = service.amina, service.grace
    amina.writes(service.okoro, *"abc")
    amina.pushes(office, service.okoro)
    first, second, _ = [sealed.id for _, sealed in amina.chains[service.okoro.id]]

    at_once(
        database,
        "SELECT 1 FROM stretches FOR UPDATE",
        lambda: office.push(grace.token, [], [], [first]),
        lambda: office.push(grace.token, [], [], [second]),
    )

    (run,) = office.pull(grace.token, service.okoro.id, 0).runs
    assert [len(item) == 44 for item in run.items] == [True, True, False]


def test_what_is_redacted_while_its_author_comes_back_stays_redacted(service, office, database):
    """Her changes move from quarantine into the log at that very moment."""
    amina, grace, organisation = service.amina, service.grace, service.organisation
    organisation.regrant(service.okoro, grace, [grace], rotate=True, office=office)
    amina.writes(service.okoro, *"ab")
    assert amina.pushes(office, service.okoro).quarantined
    back = organisation.regrant(service.okoro, grace, [grace, amina])
    wrong = amina.chains[service.okoro.id][0][1].id

    came_of_it = at_once(
        database,
        "SELECT 1 FROM quarantine FOR UPDATE",
        lambda: office.grant(grace.token, back.statement.packed()),
        lambda: office.push(grace.token, [], [], [wrong]),
    )

    assert came_of_it == [None, ()]
    (run,) = office.pull(grace.token, service.okoro.id, 0).runs
    assert [len(item) == 44 for item in run.items] == [True, False]


def test_drafts_parked_at_once_are_counted_together(service, database, clock):
    small = OfficeService(database.url, clock=clock, limits=Limits(parked_bytes=100))
    drafts = [draft(service.amina, service.okoro, b"%d" % n, b"x" * 60) for n in range(2)]

    came_of_it = at_once(
        database,
        "SELECT 1 FROM devices FOR UPDATE",
        *[lambda d=each: small.park(service.amina.token, [d]) for each in drafts],
    )

    assert sum(isinstance(each, SyncError) for each in came_of_it) == 1
    assert rows(small, tables.drafts) == 1
    small.close()
