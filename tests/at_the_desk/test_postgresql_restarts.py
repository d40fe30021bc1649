"""PostgreSQL goes down while reminders leave: none leaves twice, each is accounted for, and the
desk goes on by itself."""

import signal
from collections import Counter

import pytest

from at_the_desk.fire import (
    counted,
    desk_running,
    desk_with_keys,
    in_hand,
    make_many,
    put_many,
    wait_until,
)
from postgres import Cluster
from providers.notify_stand_in import NotifyStandIn

pytestmark = [pytest.mark.alone, pytest.mark.timeout(600)]

MANY = 400
IN_HAND = 2 * 2 * 8
"""Two restarts, two processes, eight threads with one reminder each."""


@pytest.fixture
def own():
    """A PostgreSQL that this test may stop: it syncs every commit, as an organisation's does."""
    cluster = Cluster(durable=True)
    yield cluster
    cluster.remove()


@pytest.fixture
def url(own):
    return own.url(own.create())


@pytest.fixture
def at_desk(url, tmp_path):
    made = desk_with_keys(url, tmp_path)
    yield made
    made.desk.database.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["told to stop", "crashed"])
def test_it_restarts_in_the_middle_of_sending(own, url, at_desk, tmp_path, how):
    put_many(at_desk, make_many(at_desk, MANY, 1))
    with (
        NotifyStandIn() as notify,
        desk_running(url, tmp_path, notify.address, workers=2) as desk,
    ):
        for share in (0.25, 0.5):
            wait_until(lambda share=share: len(notify.sent) >= share * MANY, 120)
            own.stop(how)
            own.start()
        wait_until(lambda: in_hand(at_desk, "planned", "held", "sending") == 0, 240)
        assert desk.poll() is None
        sent = Counter(text.reference for text in notify.sent)

    assert max(sent.values()) == 1, "a reminder was doubled"
    stands = counted(at_desk)
    assert sum(stands.values()) == MANY
    for (state, reason), _ in stands.items():
        assert state == "sent" or (state == "unknown" and reason), (state, reason)
    # Whose claim was committed and never heard of is looked up, and is not sent.
    assert len(sent) >= MANY - IN_HAND
