"""The demo's one web page: the three devices with their passphrases, each one's signal switch, and
a way to start one that has stopped.

Plain HTML without script, on loopback, for a newcomer's first two minutes. The passphrases here
open fictional families only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from demo.link import Link
from demo.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device of the demo. `fresh_link` gives an address that opens it once, None if it is not
    up: a browser that was closed is let in again by the next one."""

    key: str
    person: str
    what: str
    passphrase: str
    program: Program
    fresh_link: Callable[[], str | None]
    link: Link

    async def start(self) -> None:
        """Start its process and wait until it answers. Raises RuntimeError."""
        await self.program.start(lambda: self.fresh_link() is not None)


_STYLE = """
body { font: 18px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem;
       color: #1d2b2a; background: #f7f5f0 }
section { background: #fff; border: 1px solid #d9d4c7; border-radius: 12px; padding: 1rem 1.25rem;
          margin: 1rem 0 }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin: 0 0 .25rem }
code { font-size: 1rem; background: #efece4; padding: .15rem .4rem; border-radius: 6px }
button { font: inherit; padding: .6rem 1rem; border-radius: 10px; border: 2px solid #1f5c57;
         background: #fff; color: #1f5c57; min-height: 48px; cursor: pointer }
.out { border-color: #9a3412 } .out h2::after { content: " · out of signal"; color: #9a3412 }
.ended { border-color: #8b1a1a } .ended h2::after { content: " · stopped"; color: #8b1a1a }
"""


def demo_page(devices: Sequence[Device], office_url: str) -> Starlette:
    """The page as an application. `/` shows it; `/open/<key>` leads into a device, `/signal/<key>`
    turns its signal over, `/start/<key>` starts it again.
    """
    by_key = {d.key: d for d in devices}

    def show(_request: Request) -> Response:
        cards = "".join(_card(d) for d in devices)
        return HTMLResponse(
            f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Doorstep demo</title>'
            f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
            f"<h1>Doorstep demo</h1><p>Fictional families only. Open each device in its own tab, "
            f"unlock it with its passphrase, and use the switch to take one out of signal.</p>"
            f"{cards}<section><h2>What the office sends to families</h2><p>Nothing leaves this "
            f"machine: what the reminder desk would have sent stands on "
            f'<a href="{escape(office_url)}/desk/console" target="doorstep-desk">the desk’s page'
            f"</a>, where you can also answer it. In this demo a text may leave at any hour of any "
            f"day; a real service keeps its own hours, such as nine to seven on working days.</p>"
            f"</section>"
            f'<p>The office: <a href="{escape(office_url)}/docs">what it answers to</a> · '
            f'<a href="{escape(office_url)}/health">is it well?</a></p></html>'
        )

    async def enter(request: Request) -> Response:
        device = asked_for(request)
        address = await run_in_threadpool(device.fresh_link)
        # One that has stopped leads to this page, which says so.
        return RedirectResponse(address or "/", 303, {"cache-control": "no-store"})

    async def start(request: Request) -> Response:
        try:
            await asked_for(request).start()
        except RuntimeError as error:
            return PlainTextResponse(f"{error}.", status_code=500)
        return RedirectResponse("/", status_code=303)

    def turn(request: Request) -> Response:
        device = asked_for(request)
        if device.link.in_signal:
            device.link.cut()
        else:
            device.link.restore()
        return RedirectResponse("/", status_code=303)

    def asked_for(request: Request) -> Device:
        device = by_key.get(request.path_params["key"])
        if device is None:
            raise HTTPException(404, "There is no such device.")
        return device

    return Starlette(
        routes=[
            Route("/", show),
            Route("/open/{key}", enter),
            Route("/signal/{key}", turn, methods=["POST"]),
            Route("/start/{key}", start, methods=["POST"]),
        ]
    )


def _card(d: Device) -> str:
    about = (
        f"<h2>{escape(d.person)}</h2>"
        f"<p>{escape(d.what)} · passphrase <code>{escape(d.passphrase)}</code></p>"
    )
    if not d.program.running():
        return (
            f'<section class="ended">{about}<p>Its process has stopped. What was written on it is '
            f'kept.</p><form method="post" action="/start/{d.key}">'
            f"<button>Start {escape(d.what)} again</button></form></section>"
        )
    change = "Take out of signal" if d.link.in_signal else "Bring back into signal"
    return (
        f'<section class="{"" if d.link.in_signal else "out"}">{about}'
        f'<p><a href="/open/{d.key}" target="doorstep-{d.key}">Open {escape(d.what)}</a></p>'
        f'<form method="post" action="/signal/{d.key}"><button>{change}</button></form></section>'
    )
