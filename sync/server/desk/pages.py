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
from sync.server.desk.figures import Count, Figures
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
nav a { margin-right: 1rem; }
label { display: block; font-weight: 600; }
input { font: inherit; padding: .5rem; width: 100%; max-width: 24rem; box-sizing: border-box; }
button { font: inherit; padding: .6rem 1rem; margin: .5rem .5rem .5rem 0; min-height: 44px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid; vertical-align: top; }
td.number, th.number { text-align: right; }
[role=status], [role=alert] { border: 2px solid; border-radius: .5rem; padding: .75rem 1rem; }
article { border: 1px solid; border-radius: .5rem; padding: .5rem 1rem; margin: 1rem 0; }
pre { white-space: pre-wrap; font: inherit; }
form.inline { display: inline; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
"""


def page(title: str, body: str, *, role: Role | None = None) -> str:
    """A whole page around `body`, which is HTML already."""
    links = ""
    if role is not None:
        links = (
            '<nav aria-label="Desk"><a href="/desk">How it stands</a>'
            '<a href="/desk/stop">Stop a number</a>'
            '<a href="/desk/console">What would have been sent</a></nav>'
        )
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Doorstep desk</title><style>{_STYLE}</style></head>"
        f"<body>{links}<main><h1>{escape(title)}</h1>{body}</main></body></html>"
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
        + '<form method="post" action="/desk/login"><label for="code">Duty or operator code'
        '</label><input id="code" name="code" type="password" autocomplete="off" required>'
        "<br><button>Sign in</button></form>",
    )


def stop(role: Role, said: str = "", problem: str = "") -> str:
    """Stop a number by typing it."""
    return page(
        "Stop a number",
        status(said)
        + alert(problem)
        + "<p>Nothing automated goes to this number any more, by text or by call. This page never "
        "shows whose number it is, or whether anybody's.</p>"
        '<form method="post" action="/desk/stop"><label for="number">Telephone number</label>'
        '<input id="number" name="number" type="tel" autocomplete="off" required><br>'
        '<button name="act" value="stop">Stop this number</button></form>'
        "<h2>Allow a number again</h2><p>Only when the person herself asked for it.</p>"
        '<form method="post" action="/desk/stop"><label for="again">Telephone number</label>'
        '<input id="again" name="number" type="tel" autocomplete="off" required><br>'
        '<button name="act" value="allow">Allow this number</button></form>',
        role=role,
    )


def overview(role: Role, now: Figures, zone: str, addresses: Mapping[str, str]) -> str:
    """How the desk stands."""
    return page(
        "How the desk stands",
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
        role=role,
    )


def console(role: Role | None, messages: Sequence[Shown], zone: str, said: str = "") -> str:
    """What the console provider would have sent."""
    body = status(said) + "<p>Nothing on this page was really sent.</p>"
    if not messages:
        body += "<p>No message has left yet.</p>"
    return page(
        "What would have been sent",
        body + "".join(_message(each, zone) for each in messages),
        role=role,
    )


def status(said: str) -> str:
    """Good news, read aloud when it appears."""
    return f'<p role="status">{escape(said)}</p>' if said else ""


def alert(said: str) -> str:
    """Bad news, likewise."""
    return f'<p role="alert">{escape(said)}</p>' if said else ""


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
    if now.overdue:
        said.append(f"{now.overdue} reminders are due and have not been looked at.")
    return "".join(map(alert, said))


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
        f"<tr><td>{escape(each.state.replace('_', ' '))}</td>"
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
        f"<p>{now.tasks} calls wait for somebody to see them. "
        f"{now.untold} pieces of news wait to be left in casefiles.</p>"
    )


def _addresses(addresses: Mapping[str, str]) -> str:
    if not addresses:
        return ""
    rows = "".join(
        f"<tr><td>{escape(what)}</td><td><code>{escape(where)}</code></td></tr>"
        for what, where in addresses.items()
    )
    return (
        "<h2>Addresses for providers</h2>"
        '<table><thead><tr><th scope="col">For</th><th scope="col">Address</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _message(each: Shown, zone: str) -> str:
    what = "Text" if each.channel == "sms" else "Call"
    act = f'method="post" action="/desk/console/{escape(each.id)}"'
    return (
        f"<article><h2>{what} to {escape(each.number)}</h2>"
        f"<p>{moment(each.at, zone)}, {escape(each.state.replace('_', ' '))}</p>"
        f"<pre>{escape(each.text)}</pre>"
        f'<form class="inline" {act}>'
        '<button name="act" value="reached">Let it reach the phone</button>'
        '<button name="act" value="failed">Let it fail</button></form>'
        f'<form {act}><label for="reply-{escape(each.id)}">Answer from this phone</label>'
        f'<input id="reply-{escape(each.id)}" name="text" required>'
        '<br><button name="act" value="reply">Answer</button></form></article>'
    )
