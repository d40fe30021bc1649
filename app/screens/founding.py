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
from app.casework.phone_number import BadNumber, check_work_number
from app.casework.profile import Profile, Shelf
from app.device import Device
from app.guards import screen
from app.layout import Porch
from app.parts import banners, buttons, fields, text
from app.screens.passphrase import ChoosePassphrase, Chosen, reason_not_enough
from app.screens.recovery_key import RecoveryKey
from app.session import Session
from app.state import use_session, use_state
from app.wording import _, current_language, plain
from app.wording.profile_faults import bad_profile_words
from app.wording.setting_up import not_started
from storage.errors import StorageError
from storage.recovery import new_seed, positions_to_type_back, words_of, wrong_positions
from sync.errors import NotOurOffice, SyncError
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
    refused, set_refused = use_state(False)
    busy, set_busy = use_state(False)

    def change(**given: str) -> None:
        set_named(replace(named, **given))
        set_trouble(None)

    async def ask_office() -> None:
        """Before anything is written on paper: is it there, and is it free?"""
        if named.duty_phone.strip():
            try:
                check_work_number(named.duty_phone)
            except BadNumber as error:
                set_trouble(plain(error))
                return
        set_busy(True)
        set_trouble(None)
        try:
            if await asyncio.to_thread(_owner, device, named.address) not in ("", _begun(session)):
                raise NotOurOffice("this office belongs to an organisation already")
            turn("passphrase")
        except (SyncError, ValueError) as error:
            set_trouble(not_started(error))
        finally:
            set_busy(False)

    async def found() -> None:
        missed = wrong_positions(words_of(seed), {n: typed.get(n, "") for n in asked})
        set_wrong(missed)
        if missed:
            return
        set_busy(True)
        set_trouble(None)
        set_refused(False)
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
        except (SyncError, ValueError) as error:
            set_trouble(not_started(error))
            set_refused(True)
        except StorageError as error:
            set_trouble(plain(error))
        finally:
            set_busy(False)

    body: list[ft.Control] = []
    if trouble is not None:
        body.append(banners.problem(trouble))
    if page == "names":
        body += _names(named, change, device.shelf)
        lacks = _lacking(named)
        if busy:
            body.append(banners.waiting(_("Asking the office…")))
        elif lacks and named != Named():
            body.append(text.small(_("Still to fill in: {fields}.").format(fields=lacks)))
        body.append(
            _steps(_("Next: passphrase"), ask_office, on_back, ready=not lacks and not busy)
        )
    elif page == "passphrase":
        key_store, known = device.has_key_store, (named.name, named.organisation, named.team)
        body.append(ChoosePassphrase(chosen, choose, key_store=key_store, known=known))
        lacking = reason_not_enough(chosen, key_store=key_store, known=known)
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
        if refused:
            body += _office(named, change)
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


def _lacking(named: Named) -> str:
    """The fields without which no organisation begins, in the order of the page."""
    needed = {
        _("Address of the office"): named.address,
        _("Service"): named.service,
        _("Team"): named.team,
        _("Your name"): named.name,
    }
    return ", ".join(label for label, said in needed.items() if not said.strip())


def _names(named: Named, change: Callable[..., None], shelf: Shelf) -> list[ft.Control]:
    found = shelf.contents()
    services = {p.service: p.name.said(current_language()) for p in found.profiles}
    about = {p.service: p.about.said(current_language()) for p in found.profiles}
    return [
        *[banners.problem(bad_profile_words(bad)) for bad in found.bad],
        text.line(_("You need the address of your office and the claim code it printed.")),
        *_office(named, change),
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


def _office(named: Named, change: Callable[..., None]) -> list[ft.Control]:
    return [
        fields.text_field(
            _("Address of the office"),
            named.address,
            lambda v: change(address=v),
            keyboard=ft.KeyboardType.URL,
            hint=_("Such as https://office.example.org"),
        ),
        fields.text_field(_("Claim code"), named.claim, lambda v: change(claim=v)),
    ]


def _owner(device: Device, address: str) -> str:
    """The organisation (hex) that the office at an address belongs to, "" for none."""
    return device.reach(address.strip()).health()


def _begun(session: Session) -> str:
    """The organisation (hex) that was begun on this device and not confirmed, "" for none."""
    vault = session.vault
    return vault.me.org if vault is not None and vault.me is not None else ""


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
