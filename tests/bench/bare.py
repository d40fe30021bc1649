"""The floor of the wire: a bare FastAPI endpoint that keeps blobs in SQLite and hands them out.

No keys, no rights, no chains: the least that any office must do with the same bytes. Run as its
own process: `python bare.py FOLDER PORT`.
"""

import sqlite3
import sys
from pathlib import Path
from typing import cast

import msgpack
import uvicorn
from fastapi import FastAPI, Request, Response

LIMIT = 1000


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
