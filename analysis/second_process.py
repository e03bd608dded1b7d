"""Work in a second process next to this one: on machines with more than one processor, and only where that is safe.

The second process is a copy of this one (`fork`), so that the work needs no description of its input; what it returns is
sent back. What starts it has to be able to do the work too: there is no result where it could not be started, was ended
by the system, or failed.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

T = TypeVar("T")

#: Time between two calls of `meanwhile` while a result is awaited, seconds.
_BETWEEN_CALLS = 0.1


def can_start() -> bool:
    """Whether a second process is safe and has a processor: a copy of a program with threads may hold their locks."""
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


@contextmanager
def second_process(work: Callable[[], T]) -> Iterator[Callable[[Callable[[], None]], T | None]]:
    """Begin work in a second process, which ends with the block at the latest.

    Yields a function that waits for the result, and returns None where there is none; it calls what it is given ten
    times a second, which may raise. What the work prints or changes is lost, and so is why it failed.
    """
    import multiprocessing  # noqa: PLC0415 - small sources have no second process

    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(work, sender), daemon=True)
    try:
        process.start()
    except OSError:  # no more processes, or no memory for one
        receiver.close()
        yield lambda _: None
        return
    finally:
        sender.close()

    def result(meanwhile: Callable[[], None]) -> T | None:
        while not receiver.poll(_BETWEEN_CALLS):
            meanwhile()
        try:
            found: T = receiver.recv()
        except EOFError:  # it was ended before it had a result
            return None
        return found

    try:
        yield result
    finally:
        process.kill()
        process.join()
        receiver.close()


@contextmanager
def started_early(work: Callable[[], T], *, worth: bool) -> Iterator[Callable[[], T]]:
    """Begin work in a second process if it is `worth` that, and there can be one; else it is done when it is asked for.

    Yields the function that returns its result, and raises what the work raises.
    """
    if not worth or not can_start():
        yield work
        return
    with second_process(work) as result:

        def awaited() -> T:
            found = result(lambda: None)
            return work() if found is None else found

        yield awaited


def _send(work: Callable[[], T], sender: Connection) -> None:
    """Do the work in the second process. It ends without a word: the first one speaks to the user, and is interrupted."""
    try:
        sender.send(work())
    except BaseException:  # noqa: BLE001 - the first process does the work again, and reports what is wrong with it
        os._exit(1)
    os._exit(0)  # nothing that was opened before belongs to this process
