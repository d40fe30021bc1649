"""Signed statements as the office receives them: read, bounded and refused in its own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from storage.errors import BadEnvelope, BadSignature, BrokenChain
from storage.statements import Statement, read_statement
from sync.errors import ChainRefused, NotUnderstood, Stale
from sync.forms import shallow


@contextmanager
def in_our_words() -> Iterator[None]:
    """Translate what is wrong with a statement: Stale, ChainRefused or NotUnderstood.

    Signed bodies come from outside and may hold anything, so whatever reading them trips over is
    the sender's fault and not the office's.
    """
    try:
        yield
    except BrokenChain as error:
        raise Stale("a statement does not follow on the current one") from error
    except BadSignature as error:
        raise ChainRefused("a statement is signed by somebody who may not") from error
    except (BadEnvelope, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise NotUnderstood("a statement does not have the published form") from error


def read(packed: bytes) -> Statement:
    """Raises NotUnderstood; the signature still has to be checked."""
    with in_our_words():
        statement = read_statement(packed)
        if not shallow(statement.body):
            raise BadEnvelope("a statement nests too deep")
        return statement


Ends = Mapping[bytes, tuple[int, bytes]]


def checked_ends(last: Ends) -> Ends:
    """The `last` of a revocation or a grant: id -> (n, id). Raises BadEnvelope otherwise."""
    for key, (n, change) in last.items():
        if (
            not (type(key) is bytes and len(key) == 16)
            or not (type(n) is int and 0 <= n < 1 << 63)
            or not (type(change) is bytes and len(change) == 32)
        ):
            raise BadEnvelope("a statement lists the ends of chains in an unknown form")
    return last
