"""One module a screen; each reads through the casebook and draws with `app.parts`."""
