"""The domain in plain Python: families, appointments, notes, safe contact, and their rules.

Rules are pure; `casebook` is the only doorway from the screens to storage. Nothing here knows how
anything looks, what travels, or what SQL is, and nothing here holds wording: codes go up to the
screens, and the app words them.
"""
