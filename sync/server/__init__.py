"""The office: a blind relay that keeps sealed changes in order and holds no key to any of them.

Runs on a machine of the service's own and is never shipped to phones; imported by nothing outside
itself. `sync.server.office.OfficeService` speaks `sync.protocol.Office` in process, the routes
are a thin skin over it, and `python -m sync.server` runs both.
"""
