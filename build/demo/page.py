"""The demo's one web page: the three devices with their passphrases, and each one's signal switch.

Plain HTML without script, on loopback, for a newcomer's first two minutes. The passphrases here
open fictional families only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from demo.link import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device of the demo, as the page shows it. `opens` is its address with launch token."""

    key: str
    person: str
    what: str
    passphrase: str
    opens: str
    link: Link


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
"""


def demo_page(devices: Sequence[Device], office_url: str) -> Starlette:
    """The page as an application: `/` shows it, `/signal/<key>` turns one device's signal over."""
    by_key = {d.key: d for d in devices}

    def show(_request: Request) -> Response:
        cards = "".join(_card(d) for d in devices)
        return HTMLResponse(
            f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Doorstep demo</title>'
            f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
            f"<h1>Doorstep demo</h1><p>Fictional families only. Open each device in its own tab, "
            f"unlock it with its passphrase, and use the switch to take one out of signal.</p>"
            f'{cards}<p>The office: <a href="{escape(office_url)}/docs">what it answers to</a> · '
            f'<a href="{escape(office_url)}/health">is it well?</a></p></html>'
        )

    def turn(request: Request) -> Response:
        device = by_key.get(request.path_params["key"])
        if device is None:
            return Response("There is no such device.", status_code=404)
        if device.link.in_signal:
            device.link.cut()
        else:
            device.link.restore()
        return RedirectResponse("/", status_code=303)

    return Starlette(routes=[Route("/", show), Route("/signal/{key}", turn, methods=["POST"])])


def _card(d: Device) -> str:
    change = "Take out of signal" if d.link.in_signal else "Bring back into signal"
    return (
        f'<section class="{"" if d.link.in_signal else "out"}"><h2>{escape(d.person)}</h2>'
        f"<p>{escape(d.what)} · passphrase <code>{escape(d.passphrase)}</code></p>"
        f'<p><a href="{escape(d.opens)}" target="doorstep-{d.key}">Open {escape(d.what)}</a></p>'
        f'<form method="post" action="/signal/{d.key}"><button>{change}</button></form></section>'
    )
