"""Where a browser's downloads go: what the app handed over, by file name."""

from __future__ import annotations

import asyncio

import pytest
from flet.messaging.protocol import InvokeMethodRequestBody

from on_screen.at_work import Visit


class Downloads:
    """Answers every request to save a file. With `path` None somebody thought better of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.files: dict[str, bytes] = {}
        self.path: str | None = "/downloads"
        asked = Visit._asked

        def hear(visit: Visit, request: InvokeMethodRequestBody) -> None:
            if request.name != "save_file":
                asked(visit, request)
                return
            args = request.args or {}
            if self.path:
                self.files[args["file_name"]] = args["src_bytes"]
            asyncio.get_running_loop().call_soon(
                visit.session.handle_invoke_method_results,
                request.control_id, request.call_id, self.path, None,
            )  # fmt: skip

        monkeypatch.setattr(Visit, "_asked", hear)

    @property
    def only(self) -> bytes:
        [contents] = self.files.values()
        return contents

    async def of(self, app: Visit, button: str) -> bytes:
        """Press that button and take what is handed over."""
        self.files.clear()
        await app.click(button)
        await app.until(lambda: self.files, "the file was handed over")
        await app.settle()
        return self.only
