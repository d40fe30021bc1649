"""Where somebody has been in one tab, so that the arrow leads back to where she came from.

The browser keeps such a list too and does not show it, so this one follows it: what the app itself
opens is added, what the browser goes back to is found again. Plain Python; routes only, and a
route holds no word of anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, field

LONGEST = 100
"""Routes remembered; nobody goes back further."""
BACK, INSTEAD = "#back", "#instead"
"""Endings of an address that our page in the browser understands; see `index_page`."""


@dataclass(slots=True)
class Trail:
    """The routes of one tab, the present one last."""

    routes: list[str] = field(default_factory=list)

    @property
    def before(self) -> str | None:
        """Where the present route was opened from; None when nobody knows."""
        return self.routes[-2] if len(self.routes) > 1 else None

    def went(self, route: str) -> None:
        """The app opens a route."""
        route = bare(route)
        if self.routes[-1:] != [route]:
            self.routes.append(route)
            del self.routes[:-LONGEST]

    def arrived(self, route: str) -> None:
        """A route is shown, whoever asked for it: one passed before means the way back to it."""
        route = bare(route)
        if self.routes[-1:] == [route]:
            return
        if route in self.routes:
            last = len(self.routes) - 1 - self.routes[::-1].index(route)
            del self.routes[last + 1 :]
        else:
            self.went(route)

    def replaced(self, route: str) -> None:
        """The present route gives way to another: nobody should come back to it."""
        del self.routes[-1:]
        self.went(route)

    def back(self) -> str | None:
        """One step back; gives the route to show, or None when there is none before."""
        if self.before is None:
            return None
        self.routes.pop()
        return self.routes[-1]


def bare(route: str) -> str:
    """A route without what only our page in the browser understands."""
    return route.partition("#")[0] or "/"
