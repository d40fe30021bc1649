"""A real PostgreSQL for tests: a throw-away cluster in a folder of its own, gone when they are.

It listens on a Unix socket in that folder and nowhere else. Made by `initdb`, so nothing on the
machine but PostgreSQL's programs is used, and no database that is there already is touched.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg

_FAST = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB"}
"""What a disk does to bytes does not matter here, unless a test pulls the plug."""
_SAFE = {"fsync": "on", "full_page_writes": "on"}


class Cluster:
    """PostgreSQL, running. `durable`: as an organisation would run it, for tests of durability."""

    def __init__(self, *, durable: bool = False) -> None:
        memory = Path("/dev/shm")
        place = None if durable or not memory.is_dir() else memory
        self.folder = Path(tempfile.mkdtemp(prefix="doorstep-pg-", dir=place))
        self._user = _who_may()
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._counter = itertools.count(1)
        self._settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "100",
            "max_wal_size": "32MB",
            "min_wal_size": "2MB",
            "autovacuum": "off",
            "log_min_messages": "fatal",
            **(_SAFE if durable else _FAST),
        }
        self._server: subprocess.Popen[bytes] | None = None
        self._run(
            "initdb",
            *("--pgdata", str(self.folder / "data"), "--username", "office"),
            *("--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync"),
            *("--wal-segsize", "1"),
        )
        self.start()

    # -- life and death --------------------------------------------------------------------------

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        settings = [f"-c{name}={value}" for name, value in self._settings.items()]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [
                    # With the tests it goes too, whatever ends them.
                    *("setpriv", "--pdeathsig", "SIGQUIT"),
                    *(_program("postgres"), "-D", str(self.folder / "data"), *settings),
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._as_user(),
            )
        while not self.answers():
            if self._server.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.01)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT in good order, SIGQUIT as a crash does."""
        assert self._server is not None
        self._server.send_signal(how)
        self._server.wait(60)

    def answers(self) -> bool:
        """Whether it takes connections right now."""
        try:
            psycopg.connect(self._conninfo("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def remove(self) -> None:
        """Stop it and leave nothing behind."""
        if self._server is not None and self._server.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- databases -------------------------------------------------------------------------------

    def create(self, template: str = "template0", *, name: str = "") -> str:
        """A new database, a copy of `template`; gives its name."""
        name = name or f"test_{next(self._counter)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self.say(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def say(self, statement: str, database: str = "postgres") -> None:
        """Carry out one statement as the cluster's owner."""
        with psycopg.connect(self._conninfo(database), autocommit=True) as connection:
            connection.execute(statement.encode())

    def files(self, *folders: str) -> dict[str, bytes]:
        """What is on the disk in some of its folders."""
        data = self.folder / "data"
        paths = [path for folder in folders for path in (data / folder).iterdir()]
        return {str(p.relative_to(data)): p.read_bytes() for p in paths if p.is_file()}

    def url(self, name: str) -> str:
        """What an office is given to run on a database."""
        return f"postgresql://office@/{name}?host={self.folder}"

    def _conninfo(self, name: str) -> str:
        return f"host={self.folder} user=office dbname={name}"

    # -- programs --------------------------------------------------------------------------------

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [_program(program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            **self._as_user(),
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr[-2000:]}")

    def _as_user(self) -> Mapping[str, object]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}


def _who_may() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; None for whoever else runs the tests."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _program(name: str) -> str:
    """Where one of PostgreSQL's programs is: Debian keeps them off the path."""
    found = shutil.which(name)
    if found is None:
        versions = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
        newest = sorted(versions, key=lambda path: (len(path.parts[-3]), path.parts[-3]))
        if not newest:
            raise FileNotFoundError(f"PostgreSQL's {name}: run build/prerequisites postgresql")
        found = str(newest[-1])
    return found
