"""The desk's pages, as HTML: plain, readable aloud, usable by keyboard, and fetching nothing.

Text comes in, pages go out; must not know where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

from storage.clock import moment_of_milliseconds
from sync.server.desk import console_phone, statuses
from sync.server.desk.figures import UNATTENDED, Count, Figures
from sync.server.desk.numbers import national
from sync.server.desk.providers.console import Shown
from sync.server.desk.signing_in import Role

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_STYLE: Final = """
:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
nav a { display: inline-block; margin-right: 1rem; padding: .65rem 0; }
[aria-current] { font-weight: 600; text-decoration: none; }
label { display: block; font-weight: 600; }
input { font: inherit; padding: .5rem; width: 100%; max-width: 24rem; box-sizing: border-box; }
button { font: inherit; padding: .6rem 1rem; margin: .5rem .5rem .5rem 0; min-height: 44px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid; vertical-align: top; }
td.number, th.number { text-align: right; }
dt { font-weight: 600; margin-top: .75rem; } dd { margin: 0; } code { overflow-wrap: anywhere; }
[role=status], [role=alert] { border: 2px solid; border-radius: .5rem; padding: .75rem 1rem; }
article { border: 1px solid; border-radius: .5rem; padding: .5rem 1rem; margin: 1rem 0; }
pre { white-space: pre-wrap; font: inherit; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
"""


STANDS: Final = "How the desk stands"
STOP: Final = "Stop a number"
CONSOLE: Final = "What would have been sent"
_PLACES: Final = {STANDS: "/desk", STOP: "/desk/stop", CONSOLE: "/desk/console"}
_AGAIN_S: Final = 10


def page(
    title: str,
    body: str,
    *,
    links: Iterable[str] = (),
    problem: bool = False,
    again_s: int | None = None,
) -> str:
    """A whole page around `body`, which is HTML already. `links` name the other pages."""
    mine = ' aria-current="page"'
    nav = "".join(
        f'<a href="{_PLACES[name]}"{mine if name == title else ""}>{name}</a>' for name in links
    )
    refresh = f'<meta http-equiv="refresh" content="{again_s}">' if again_s else ""
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{refresh}'
        f"<title>{'Problem: ' if problem else ''}{escape(title)} · Doorstep desk</title>"
        f"<style>{_STYLE}</style></head><body>"
        + (f'<nav aria-label="Desk">{nav}</nav>' if nav else "")
        + f"<main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )


def sign_in(said: str = "", *, possible: bool = True) -> str:
    """The way in."""
    if not possible:
        return page(
            "Reminder desk",
            "<p>No code has been set for this page, so nobody can use it yet. Whoever runs the "
            "office sets one: DOORSTEP_OFFICE_DESK_DUTY_CODE_FILE, and for operators "
            "DOORSTEP_OFFICE_DESK_OPERATOR_CODE_FILE.</p>",
        )
    return page(
        "Reminder desk",
        alert(said)
        + "<p>For duty staff, to stop a telephone number, and for whoever runs the office. Whoever "
        "runs it has the codes.</p>"
        '<form method="post" action="/desk/login"><label for="code">Duty or operator code'
        '</label><input id="code" name="code" type="password" autocomplete="off" required '
        "autofocus><br><button>Sign in</button></form>",
        problem=bool(said),
    )


def stop(links: Iterable[str], said: str = "", problem: str = "", typed: str = "") -> str:
    """Stop a number by typing it. `typed` is what was no number, to be put right."""
    return page(
        STOP,
        status(said)
        + alert(problem)
        + "<p>Nothing automated goes to this number any more, by text or by call. This page never "
        "shows whose number it is, or whether anybody's.</p>"
        + _number_form("stop", "Stop this number", typed if problem else "")
        + "<h2>Allow a number again</h2><p>Only when the person herself asked for it.</p>"
        + _number_form("allow", "Allow this number"),
        links=links,
        problem=bool(problem),
    )


def _number_form(act: str, label: str, typed: str = "") -> str:
    wrong = f' value="{escape(typed)}" aria-invalid="true" aria-describedby="problem"'
    return (
        f'<form method="post" action="/desk/stop"><label for="{act}">Telephone number</label>'
        f'<input id="{act}" name="number" type="tel" autocomplete="off" required'
        f"{wrong if typed else ''}><br>"
        f'<button name="act" value="{act}">{label}</button></form>'
    )


def overview(
    role: Role, links: Iterable[str], now: Figures, zone: str, addresses: Mapping[str, str]
) -> str:
    """How the desk stands."""
    return page(
        STANDS,
        "".join(
            (
                _warnings(now, zone),
                _switch(role, now),
                "<h2>Reminders</h2>",
                _table(("State", "Reason"), now.reminders),
                "<h2>Alarms</h2>",
                _table(("State", "Kind"), now.alarms),
                _more(now),
                _addresses(addresses),
                '<form method="post" action="/desk/logout"><button>Sign out</button></form>',
            )
        ),
        links=links,
    )


def console(links: Iterable[str], messages: Sequence[Shown], zone: str, said: str = "") -> str:
    """What the console provider would have sent. While that is nothing, it looks again by itself:
    later somebody may be typing an answer."""
    body = status(said) + "<p>Nothing on this page was really sent.</p>"
    if messages:
        body += '<p><a href="/desk/console">Look again</a></p>'
    else:
        body += f"<p>No message has left yet. This page looks again every {_AGAIN_S} seconds.</p>"
    return page(
        CONSOLE,
        body + "".join(_message(each, zone) for each in messages),
        links=links,
        again_s=None if messages else _AGAIN_S,
    )


def status(said: str) -> str:
    """Good news, read aloud when it appears."""
    return f'<p role="status">{escape(said)}</p>' if said else ""


def alert(said: str) -> str:
    """Bad news, likewise."""
    return f'<p role="alert" id="problem">{escape(said)}</p>' if said else ""


def moment(at: int, zone: str) -> str:
    """An instant as people here write it."""
    local: datetime = moment_of_milliseconds(at).astimezone(ZoneInfo(zone))
    return f"{local:%a} {local.day} {local:%B, %H:%M}"


def _warnings(now: Figures, zone: str) -> str:
    said = [
        f"{trouble.provider}: {trouble.sentence} Since {moment(trouble.since, zone)}."
        for trouble in now.troubles
    ]
    if not now.certified:
        said.append("No supervisor has certified this desk yet, so nothing can be ordered from it.")
    if not now.attended:
        said.append(UNATTENDED)
    if now.overdue:
        said.append(f"{now.overdue} reminders are due and have not been looked at.")
    return "".join(f'<p role="alert">{escape(each)}</p>' for each in said)


def _switch(role: Role, now: Figures) -> str:
    paused = now.paused_since is not None
    text = (
        "The desk is paused: nothing goes to families. Alarms still ring."
        if paused
        else "The desk is working."
    )
    if role != "operator":
        return f"<p>{text}</p>"
    act, label = ("resume", "Resume") if paused else ("pause", "Pause everything to families")
    return f'<p>{text}</p><form method="post" action="/desk/{act}"><button>{label}</button></form>'


def _table(heads: tuple[str, str], counts: Iterable[Count]) -> str:
    rows = "".join(
        f"<tr><td>{escape(statuses.in_words(each.state))}</td>"
        f"<td>{escape(each.sentence or each.reason.replace('_', ' '))}</td>"
        f'<td class="number">{each.many}</td></tr>'
        for each in counts
    )
    if not rows:
        return "<p>None.</p>"
    return (
        f'<table><thead><tr><th scope="col">{heads[0]}</th><th scope="col">{heads[1]}</th>'
        f'<th scope="col" class="number">How many</th></tr></thead><tbody>{rows}</tbody></table>'
    )


def _more(now: Figures) -> str:
    return (
        f"<p>Calls that nobody has seen: {now.tasks}.<br>"
        f"News still to be left in casefiles: {now.untold}.</p>"
    )


def _addresses(addresses: Mapping[str, str]) -> str:
    if not addresses:
        return ""
    rows = "".join(
        f"<dt>{escape(what)}</dt><dd><code>{escape(where)}</code></dd>"
        for what, where in addresses.items()
    )
    return f"<h2>Addresses for providers</h2><dl>{rows}</dl>"


def _message(each: Shown, zone: str) -> str:
    what = "Text" if each.channel == "sms" else "Call"
    form = f'<form method="post" action="/desk/console/{escape(each.id)}">'
    acts = console_phone.TEXT_ACTS if each.channel == "sms" else console_phone.CALL_ACTS
    buttons = "".join(
        f'<button name="act" value="{act}">{label}</button>' for act, label in acts.items()
    )
    field = f"reply-{escape(each.id)}"
    reply = (
        f'{form}<label for="{field}">Answer from this phone</label>'
        f'<input id="{field}" name="text" required><br>'
        f'<button name="act" value="{console_phone.REPLY}">Answer</button></form>'
    )
    ringing = each.channel == "voice" and each.state == statuses.SENT
    stands = "ringing" if ringing else statuses.in_words(each.state)
    return (
        f"<article><h2>{what} to {escape(national(each.number))}</h2>"
        f"<p>{moment(each.at, zone)}, {escape(stands)}</p>"
        f"<pre>{escape(each.text)}</pre>{form}{buttons}</form>"
        + (reply if each.channel == "sms" else "")
        + "</article>"
    )
