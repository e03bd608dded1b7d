"""The garbage collector, paused while much is allocated that stays alive."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the garbage collector: a large acyclic tree is built up to three times faster without it."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def keep_for_good() -> None:
    """Exempt what is alive from later collections: a large review lives as long as the program, and has no cycles.

    It is freed all the same when nothing refers to it any more.
    """
    gc.freeze()
