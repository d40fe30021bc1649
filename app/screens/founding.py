"""Starting an organisation: the office, the names, the passphrase, and the recovery key on paper.

The 24 words are shown once, to write down or print, and kept nowhere. Some are typed back before
set-up ends, because a key nobody wrote down is no key.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import flet as ft

from app.casework.caseload import Role
from app.casework.forms import WorkerForm
from app.casework.profile import Profile, Shelf
from app.guards import screen
from app.layout import Porch
from app.parts import banners, buttons, fields, text
from app.screens.passphrase import ChoosePassphrase, Chosen, reason_not_enough
from app.screens.recovery_key import RecoveryKey
from app.state import use_session, use_state
from app.wording import _, current_language, plain
from app.wording.profile_faults import bad_profile_words
from storage.errors import StorageError
from storage.recovery import new_seed, positions_to_type_back, words_of, wrong_positions
from sync.errors import SyncError
from sync.setting_up import finish, found_organisation, is_begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What is asked when an organisation begins."""

    address: str = ""
    claim: str = ""
    organisation: str = ""
    team: str = ""
    duty_phone: str = ""
    service: str = ""
    name: str = ""
    title: str = ""


@screen
def StartOrganisation(on_back: Callable[[], Any]) -> ft.View:
    """Four pages: names, passphrase, the words, some of them back."""
    session = use_session()
    device = session.device
    assert device is not None
    named, set_named = use_state(Named)
    chosen, choose = use_state(Chosen)
    page, turn = use_state("names")
    seed, _set_seed = use_state(lambda: new_seed(device.surroundings.randomness))
    asked, _set_asked = use_state(lambda: positions_to_type_back(device.surroundings.randomness))
    typed, set_typed = use_state(lambda: dict[int, str]())
    wrong, set_wrong = use_state(())
    trouble, set_trouble = use_state(None)
    busy, set_busy = use_state(False)

    def change(**given: str) -> None:
        set_named(replace(named, **given))

    async def found() -> None:
        missed = wrong_positions(words_of(seed), {n: typed.get(n, "") for n in asked})
        set_wrong(missed)
        if missed:
            return
        set_busy(True)
        set_trouble(None)
        try:
            vault = session.vault
            if vault is None:
                vault = await asyncio.to_thread(device.create, chosen.first)
            session.vault = vault
            office = device.reach(named.address.strip())
            if is_begun(vault):
                await asyncio.to_thread(
                    finish, vault, office, address=named.address, claim=named.claim.strip()
                )
            else:
                await asyncio.to_thread(
                    found_organisation,
                    vault,
                    office,
                    seed=seed,
                    address=named.address,
                    claim=named.claim.strip(),
                )
            session.adopt(vault)
            book = session.casebook
            me = vault.me
            if me is not None and me.team is not None:
                book.team.start_team(
                    me.team,
                    name=named.team,
                    organisation=named.organisation,
                    duty_phone=named.duty_phone,
                    service=named.service,
                )
                book.team.add_worker(
                    me.person,
                    WorkerForm(name=named.name, title=named.title, role=Role.SUPERVISOR),
                )
        except ValueError:
            set_trouble(plain(SyncError()))
            turn("names")
        except (SyncError, StorageError) as error:
            set_trouble(plain(error))
        finally:
            set_busy(False)

    body: list[ft.Control] = []
    if trouble is not None:
        body.append(banners.problem(trouble))
    if page == "names":
        body += _names(named, change, device.shelf)
        ready = all((named.address.strip(), named.team.strip(), named.name.strip(), named.service))
        body.append(_steps(_("Next: passphrase"), lambda: turn("passphrase"), on_back, ready=ready))
    elif page == "passphrase":
        body.append(ChoosePassphrase(chosen, choose, key_store=device.has_key_store))
        lacking = reason_not_enough(chosen, key_store=device.has_key_store)
        if lacking and chosen.first:
            body.append(text.small(lacking))
        body.append(
            _steps(
                _("Next: recovery key"),
                lambda: turn("words"),
                lambda: turn("names"),
                ready=lacking is None,
            )
        )
    elif page == "words":
        body.append(RecoveryKey(words_of(seed), named.organisation or named.team, named.address))
        body.append(
            _steps(
                _("I have it on paper"),
                lambda: turn("back"),
                lambda: turn("passphrase"),
                ready=True,
            )
        )
    else:
        body.append(text.line(_("To be sure it is on paper, type these words back.")))
        for n in asked:
            body.append(
                fields.text_field(
                    _("Word {n}").format(n=n),
                    typed.get(n, ""),
                    _at(n, typed, set_typed),
                    error=_("That is not word {n}.").format(n=n) if n in wrong else None,
                )
            )
        if busy:
            body.append(banners.waiting(_("Setting up the organisation…")))
        body.append(_steps(_("Start"), found, lambda: turn("words"), ready=not busy))
    return Porch(_("Start an organisation"), body)


def _at(n: int, typed: dict[int, str], set_typed: Callable[[Any], None]) -> Callable[[str], Any]:
    return lambda said: set_typed({**typed, n: said})


def _names(named: Named, change: Callable[..., None], shelf: Shelf) -> list[ft.Control]:
    found = shelf.contents()
    services = {p.service: p.name.said(current_language()) for p in found.profiles}
    about = {p.service: p.about.said(current_language()) for p in found.profiles}
    return [
        *[banners.problem(bad_profile_words(bad)) for bad in found.bad],
        text.line(_("You need the address of your office and the claim code it printed.")),
        fields.text_field(
            _("Address of the office"),
            named.address,
            lambda v: change(address=v),
            keyboard=ft.KeyboardType.URL,
            hint=_("Such as https://office.example.org"),
        ),
        fields.text_field(_("Claim code"), named.claim, lambda v: change(claim=v)),
        fields.text_field(_("Organisation"), named.organisation, lambda v: change(organisation=v)),
        fields.dropdown(
            _("Service"),
            named.service or None,
            services,
            lambda v: change(service=v),
            hint=about.get(named.service) or _("You will see its stages, forms and words."),
        ),
        fields.text_field(_("Team"), named.team, lambda v: change(team=v)),
        fields.text_field(
            _("Duty telephone"),
            named.duty_phone,
            lambda v: change(duty_phone=v),
            keyboard=ft.KeyboardType.PHONE,
        ),
        fields.text_field(_("Your name"), named.name, lambda v: change(name=v)),
        _job(named, change, found.profiles),
    ]


def _job(named: Named, change: Callable[..., None], profiles: Sequence[Profile]) -> ft.Control:
    """One of the chosen service's jobs that supervise; in plain words before one is chosen."""
    profile = {p.service: p for p in profiles}.get(named.service)
    jobs = [r for r in profile.roles if r.supervises] if profile else []
    if not jobs:
        return fields.text_field(_("Your job"), named.title, lambda v: change(title=v))
    options = {r.code: r.words.said(current_language()) for r in jobs}
    chosen = named.title if named.title in options else None
    return fields.dropdown(_("Your job"), chosen, options, lambda v: change(title=v))


def _steps(words: str, on: Any, back: Any, *, ready: bool) -> ft.Control:
    return buttons.actions(
        buttons.primary(words, on, disabled=not ready), buttons.quiet(_("Back"), back)
    )
