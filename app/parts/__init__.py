"""The parts screens are made of. One page for whoever writes a screen.

A screen is a component in app/screens (or app/supervisor), listed in app/routes.py:

    from app.guards import screen
    from app.layout import Shell
    from app.state import use_changes, use_session, use_state
    from app.wording import _

    @screen
    def Families() -> ft.View:
        casebook = use_session().casebook
        use_changes("family", "person")            # drawn again when such records change
        query, set_query = use_state("")
        return Shell(_("Families"), [
            search_field(_("Search families"), query, set_query),
            rows([tile(f.name, f.address, go(f"/families/{f.record}"), key=f.record)
                  for f in casebook.families(query)]),
        ])

Which part for what
    text      heading (2, 3), line, small, fact (named value), figure (number seen from afar)
    buttons   primary (one a screen), secondary, quiet, danger, icon_button, actions (wraps)
    cards     card, section (heading + action + content), columns (side by side when wide)
    fields    text_field, long_text, SecretField, search_field, choice (radios), chips,
              dropdown, tick, switch. `on_change` receives the VALUE, not an event
    when      DateField, TimeField: typed ("4 June", "2pm") or picked
    lists     tile, rows (up to 30), long_list (with Shell(scroll=False))
    banners   banner (tone), problem(plain(error)), safe_contact_warning, empty, waiting
    marks     status (label), statuses, strip of Mark (engagement pattern)
    dialogs   use_question (confirm), use_said (snack bar with Undo), tell (from a handler)
  Frames: layout.Shell when the device is open (broad=True for two columns), layout.Porch before.
  Colours: ft.Colors roles only.
  Outside: app.outside ring, show_on_map, copy (they allow five minutes before locking).

Hooks (app.state): use_session, use_state (typed), use_changes(kinds), use_wide, use_look,
    use_sync, use_leaving(flush) for what is being typed. Hooks stand at the top of a component,
    never inside conditions, loops or plain functions.

Traps
  * Only @screen (returns a view) and @part (returns a control), never @ft.component.
  * Buttons and tiles take plain functions, sync or async, with or without the event. Where you
    set `on_...` on a Flet control yourself, wrap it: on_click=handler(fn).
  * Blocking work in a handler: `await asyncio.to_thread(casebook.x, ...)`; under 20 ms, directly.
    Catch only what you show beside a field; everything else becomes a kind snack bar by itself.
  * State set before an `await` is painted during it.
  * Dialogs and pickers: state decides, the hook is called on every draw, and the state is set back
    to None in `on_close` (these parts do it) or a second one opens.
  * Navigate with go("/x") as a handler, or `await goto("/x")` inside one; after a form
    has done its work `await finished("/x")` or `await instead("/x")`. Never while drawing.
  * Give rows of a changing list `key=`; never fix a height around text (it grows 1.6 times).
  * Never keep records, keys or text in a module; never log anything of a record.
  * Every word through `_()`, whole sentences with {names}, never glued together.
"""
