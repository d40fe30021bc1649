"""A stolen office, its log and its traffic show no readable word."""

import logging

from offices import Wire, served

WORDS = [f"canary{n}word{n * 7919 % 1000:03d}" for n in range(200)]


def test_nothing_anybody_wrote_can_be_read_in_the_office(service, office, database, caplog):
    caplog.set_level(logging.DEBUG)
    amina, ben = service.amina, service.ben
    amina.writes(service.okoro, *(" ".join(WORDS[n : n + 20]) for n in range(0, 200, 20)))
    with served(office) as address:
        wire = Wire(address)
        runs, heads = amina.batch([service.okoro])
        wire.call("push", amina.token, runs=runs, heads=heads)
        page = wire.call("pull", service.grace.token, casefile=service.okoro.id, after=0)
        wire.post("pull", WORDS[0].encode(), amina.token)
        wire.post("login", b"\x81\xa6device" + WORDS[1].encode(), amina.token)
        wire.session.get(f"{address}/{WORDS[2]}?{WORDS[3]}", timeout=30)
        wire.close()
    ben.writes(service.silva, WORDS[0])
    service.organisation.revoke(ben, service.grace, office)
    ben.login(office)
    ben.pushes(office, service.silva)

    files = database.files(log=True)
    office.close()
    files |= {f"{name} closed": content for name, content in database.files().items()}
    assert page.top == 10
    for name, content in files.items():
        for word in WORDS:
            assert word.encode() not in content, f"{name} holds a readable word"
            assert word.encode("utf-16-le") not in content
    said = " ".join(
        f"{record.getMessage()} {record.__dict__}"
        for record in caplog.records
        if not record.name.startswith("urllib3")  # the test's own client
    )
    assert "answered" in said
    for word in WORDS:
        assert word not in said


def test_the_log_names_acts_by_ids_only(service, office, caplog):
    caplog.set_level(logging.INFO)
    service.organisation.revoke(service.ben, service.grace, office)

    (record,) = [r for r in caplog.records if r.name == "sync.server.acts"]
    assert (record.act, record.device) == ("revoke", service.grace.id.hex())
    assert record.getMessage() == "act"


def test_acts_are_written_down_with_who_and_when(service, office):
    from sqlalchemy import select

    from sync.server.tables import acts

    service.amina.writes(service.okoro, "a")
    service.amina.pushes(office, service.okoro)
    gone = service.amina.chains[service.okoro.id][0][1].id
    office.push(service.grace.token, [], [], [gone])
    with office._s.database.reading() as connection:
        rows = connection.execute(select(acts).order_by(acts.c.position)).all()

    last = rows[-1]
    assert (last.act, last.device, last.casefile, last.subject) == (
        "redact",
        service.grace.id,
        service.okoro.id,
        gone,
    )
    assert last.at == 1_780_304_400_000
    assert [row.act for row in rows].count("grant") == 2


def test_a_log_line_carries_ids_and_never_a_trace():
    from sync.server.logs import PlainLine

    try:
        raise ValueError(WORDS[0])
    except ValueError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "fault", (), sys.exc_info())
    record.kind = "ValueError"

    line = PlainLine().format(record)

    assert line.endswith("ERROR fault kind=ValueError")
