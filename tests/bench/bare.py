"""The floor of the wire: a bare FastAPI endpoint that keeps blobs in SQLite and hands them out.

No keys, no rights, no chains: the least that any office must do with the same bytes. Run as its
own process: `python bare.py FOLDER PORT`.
"""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgpack
import requests
import uvicorn
from fastapi import FastAPI, Request, Response

LIMIT = 1000


class Bare:
    """A client of it, over one connection."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = requests.Session()

    def push(self, blobs: list[bytes]) -> None:
        body = cast(bytes, msgpack.packb(blobs))
        self._session.post(self._address + "/push", data=body).raise_for_status()

    def pulled(self, after: int) -> Iterator[list[bytes]]:
        """Everything after a number, up to 1,000 at a time."""
        while blobs := self._pull(after):
            yield blobs
            after += len(blobs)

    def _pull(self, after: int) -> list[bytes]:
        answer = self._session.get(f"{self._address}/pull?after={after}")
        return cast(list[bytes], msgpack.unpackb(answer.content))


def bare_office(file: Path) -> FastAPI:
    """POST /push takes a list of blobs; GET /pull gives up to 1,000 after a number."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE blobs (n INTEGER PRIMARY KEY, blob BLOB)")
    app = FastAPI()

    @app.post("/push")
    async def push(request: Request) -> Response:
        blobs = msgpack.unpackb(await request.body())
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO blobs (blob) VALUES (?)", [(b,) for b in blobs])
        connection.execute("COMMIT")
        return Response(msgpack.packb(len(blobs)), media_type="application/msgpack")

    @app.get("/pull")
    async def pull(after: int) -> Response:
        rows = connection.execute(
            "SELECT blob FROM blobs WHERE n > ? ORDER BY n LIMIT ?", [after, LIMIT]
        ).fetchall()
        packed = cast(bytes, msgpack.packb([row[0] for row in rows]))
        return Response(packed, media_type="application/msgpack")

    return app


if __name__ == "__main__":
    uvicorn.run(
        bare_office(Path(sys.argv[1]) / "bare.db"),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_level="warning",
        access_log=False,
    )
