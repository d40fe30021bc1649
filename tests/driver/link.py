"""A network cable that a test can pull: a loopback TCP relay.

The browser's own offline switch leaves open websockets alone, so a lost link needs this.
"""

import contextlib
import socket
import threading
from typing import Self


class FlakyLink:
    """Relays to `port` until `cut()`, which drops every connection and refuses new ones.

    `url` is the way in, at the port `at`, by default any free one. `restore()` plugs the cable
    back.
    """

    def __init__(self, port: int, *, at: int = 0) -> None:
        self._target = port
        self._up = True
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", at))
        self._listener.listen(64)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:  # closed: the test is over
                return
            with self._lock:
                if not self._up:
                    near.close()
                    continue
                try:
                    far = socket.create_connection(("127.0.0.1", self._target), timeout=10)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                self._open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while received := source.recv(65536):
                sink.sendall(received)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)  # wakes the pump of the other direction
        source.close()

    def cut(self) -> None:
        """Drop every connection now and refuse new ones."""
        with self._lock:
            self._up = False
            for end in self._open:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)  # its pump wakes and closes it
            self._open.clear()

    def restore(self) -> None:
        """Accept connections again."""
        self._up = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        # A plain close would leave the accepting thread asleep inside accept().
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
