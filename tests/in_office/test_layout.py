"""The tables come to be by revisions, the same on both databases, whoever starts first."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from builders import service_at
from sync.server import layout
from sync.server.database import Database
from sync.server.layout import NewerLayout
from sync.server.office import OfficeService
from sync.server.tables import metadata


@pytest.fixture
def empty(database, request):
    """A database with nothing in it: not even tables."""
    if database.url.startswith("sqlite"):
        return database.url
    cluster = request.getfixturevalue("cluster")
    return cluster.url(cluster.create())


def described(url):
    """Every table with its columns, keys and indexes, as the database itself tells it."""
    own = Database(url)
    look = inspect(own.engine)
    found = {
        table: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in look.get_columns(table)],
            look.get_pk_constraint(table)["constrained_columns"],
            sorted(u["column_names"] for u in look.get_unique_constraints(table)),
            sorted((i["name"], i["column_names"]) for i in look.get_indexes(table)),
        )
        for table in look.get_table_names()
        if table != "alembic_version"
    }
    own.close()
    return found


def test_the_revisions_end_where_the_tables_are_today(office):
    with office._s.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_revisions_make_what_the_tables_would_make_of_themselves(empty, tmp_path, request):
    OfficeService(empty).close()
    if empty.startswith("sqlite"):
        other = f"sqlite:///{tmp_path}/other.sqlite3"
    else:
        cluster = request.getfixturevalue("cluster")
        other = cluster.url(cluster.create())
    fresh = Database(other)
    metadata.create_all(fresh.engine)
    fresh.close()

    assert described(empty) == described(other)


def test_there_is_one_line_of_revisions():
    scripts = ScriptDirectory.from_config(layout._config())

    assert scripts.get_heads() == [layout.newest()]
    assert layout._known()[-1] == layout.BASELINE


def test_a_second_start_changes_nothing(empty):
    service = service_at(first := OfficeService(empty))
    first.close()
    again = OfficeService(empty)

    assert again.health() == service.organisation.org.hex()
    again.close()


def test_an_office_from_before_there_were_revisions_is_brought_forward(empty):
    old = Database(empty)
    config = layout._config()
    with old.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, layout.BASELINE)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        connection.execute(
            text("INSERT INTO office (one, layout, length, pepper) VALUES (1, 1, 0, :pepper)"),
            {"pepper": b"kept" * 8},
        )
    old.close()

    service = OfficeService(empty)

    with service._s.database.reading() as connection:
        assert layout.current(connection) == layout.newest()
        assert connection.execute(text("SELECT pepper FROM office")).scalar_one() == b"kept" * 8
    service_at(service)
    service.close()


def test_an_older_office_leaves_a_newer_layout_alone(office, database_url, tmp_path):
    service_at(office)
    with office._s.database.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = described(database_url)
    office.close()

    with pytest.raises(NewerLayout):
        OfficeService(database_url)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "sync.server", "--database-url", database_url, "--port", "0"),
            *("--data", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "written by a newer office" in done.stderr
    assert "Traceback" not in done.stderr
    assert described(database_url) == before


def test_many_that_start_at_once_make_one_office(empty):
    with ThreadPoolExecutor(6) as pool:
        services = list(pool.map(lambda _: OfficeService(empty), range(6)))

    found = service_at(services[0])
    for service in services:
        assert service.health() == found.organisation.org.hex()
        service.close()


def test_a_revision_that_fails_leaves_nothing_half_way(empty):
    """Something else's table is in the way of the last one."""
    own = Database(empty)
    with own.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE drafts (somebody_elses INTEGER)")
    with pytest.raises(Exception, match="drafts"):
        OfficeService(empty)

    assert inspect(own.engine).get_table_names() == ["drafts"]
    with own.writing() as connection:
        connection.exec_driver_sql("DROP TABLE drafts")
    own.close()
    OfficeService(empty).close()
