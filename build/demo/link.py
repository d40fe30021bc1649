"""The demo's signal: a real connection between one device and the office that can be cut.

Each device of the demo reaches the office only through its own link, so that "out of signal" is
the real thing: the connection breaks, and what the app then says and does is what it would say
and do in a valley. Loopback only. Must not know what travels.
"""

from __future__ import annotations

import asyncio
import contextlib

_CHUNK = 64 * 1024


class Link:
    """A loopback TCP relay to the office's port; `cut` and `restore` are the signal."""

    def __init__(self, name: str, office_port: int) -> None:
        self.name = name
        self.in_signal = True
        self.port = 0
        self._office_port = office_port
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where the device finds the office."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self, port: int = 0) -> None:
        """Listen on `port` (0: any free one)."""
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and drop what is open."""
        if self._server is not None:
            self._server.close()
        self.cut()

    def cut(self) -> None:
        """Out of signal: break what is open, refuse what comes."""
        self.in_signal = False
        for writer in list(self._open):
            writer.transport.abort()

    def restore(self) -> None:
        """Back in signal."""
        self.in_signal = True

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.in_signal:
            writer.transport.abort()
            return
        try:
            office = await asyncio.open_connection("127.0.0.1", self._office_port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, office[1]}
        self._open |= ends
        try:
            await asyncio.gather(_pump(reader, office[1]), _pump(office[0], writer))
        except asyncio.CancelledError:
            return  # the demo ends; a stream's own task must not complain of it
        finally:
            self._open -= ends
            for end in ends:
                end.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while chunk := await source.read(_CHUNK):
            sink.write(chunk)
            await sink.drain()
    with contextlib.suppress(OSError, RuntimeError):
        sink.write_eof()
