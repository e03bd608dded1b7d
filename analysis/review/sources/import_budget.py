"""What the import of a source may cost: seconds and memory, so that a document made to be slow ends, and says why.

Limits on a document (`Limits`) bound what it may hold, and give the same answer on every machine. A budget bounds what
reading and judging it costs on this one. It decides only whether an import ends in a result, never what the result is;
so it is not recorded.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from time import monotonic, thread_time
from typing import TYPE_CHECKING, Final

from analysis.errors import InputRefused, UsageError
from analysis.ingest import ANY_TEXT, Limits, amount_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from analysis.model import Inventory

#: Prefix of the facts of a source that record limits.
_LIMIT: Final = "limit on "
#: Seconds between two looks at what was spent.
_BETWEEN_CHECKS: Final = 0.1
#: Bytes in a unit of `ru_maxrss`: kilobytes, except on a Mac.
_UNIT: Final = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class ImportBudget:
    """Seconds of processor time, and bytes of memory beyond what the program held before.

    A document of 13 MB with 1,200 operations takes two seconds and 100 MB.
    """

    seconds: int = 120
    memory: int = 2 * 1024**3

    @classmethod
    def parse(cls, texts: Iterable[str]) -> tuple[ImportBudget, list[str]]:
        """Return the budget that `NAME=VALUE` texts set, and the texts that are about something else.

        Raises ValueError for a value that is no whole number above 0.
        """
        names = {each.name for each in fields(cls)}
        made, others = {}, []
        for text in texts:
            name, _, value = text.partition("=")
            if name in names:
                made[name] = amount_of(name, value, getattr(cls(), name))
            else:
                others.append(text)
        return cls(**made), others


#: For rows that are derived again from a source that was imported earlier, perhaps with a larger budget.
REBUILD_BUDGET: Final = ImportBudget(seconds=600, memory=4 * 1024**3)


class BudgetWatch:
    """Ends a job that costs more than its budget: it is called with each step, and passes it on.

    Seconds are of the thread that made it. Raises `InputRefused` once the budget is spent.
    """

    def __init__(self, budget: ImportBudget, place: str, report: Callable[[str, int, int], None] | None) -> None:
        self._budget = budget
        self._place = place
        self._report = report
        self._began = thread_time()
        self._next = 0.0
        self._held = _peak_bytes()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Check what was spent so far, ten times a second at most, then report the progress. Raises `InputRefused`."""
        if (now := monotonic()) >= self._next:
            self._next = now + _BETWEEN_CHECKS
            self._check(step)
        if self._report is not None:
            self._report(step, done, total)

    def _check(self, step: str) -> None:
        budget = self._budget
        if thread_time() - self._began > budget.seconds:
            self._refuse(f"more than {budget.seconds:,} seconds of work", step, f"seconds={budget.seconds * 4}")
        if _peak_bytes() - self._held > budget.memory:
            megabytes = budget.memory // 1024**2
            self._refuse(f"more than {megabytes:,} MB of memory", step, f"memory={megabytes * 4}M")

    def _refuse(self, what: str, step: str, further: str) -> None:
        raise InputRefused(
            f"the import was stopped: it takes {what}",
            place=self._place,
            why=f"the budget of an import was spent during: {step}",
            remedy=f"split the document, or allow more where it is imported, behind its name: --limit {further}",
        )


def _peak_bytes() -> int:
    """Return the most memory that this process has held; 0 on Windows, where only the seconds are watched."""
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not on every system

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    return 0


def limits_from(texts: Iterable[str]) -> tuple[Limits, ImportBudget]:
    """Return limits and budget from `NAME=VALUE`. Raises `UsageError`."""
    try:
        budget, others = ImportBudget.parse(texts)
        return Limits.parse(others), budget
    except ValueError as error:
        raise UsageError(str(error), remedy="write --limit NAME=VALUE, such as --limit size=128M") from None


def limits_of(facts: Mapping[str, str]) -> Limits:
    """Return the limits that the facts of a source record. Raises `ValueError` where they are invalid.

    Where they record none on texts, a text may be of any length: what was imported once can be read again.
    """
    recorded = {name.removeprefix(_LIMIT): value for name, value in facts.items() if name.startswith(_LIMIT)}
    recorded = {"text": str(ANY_TEXT)} | recorded
    return Limits.parse(f"{name}={value.replace(',', '')}" for name, value in recorded.items())


def with_limits(inventory: Inventory, limits: Limits) -> Inventory:
    """Return an inventory with the changed limits among the facts of its source."""
    changed = tuple((f"{_LIMIT}{name}", f"{value:,}") for name, value in limits.changed().items())
    info = replace(inventory.source, facts=(*inventory.source.facts, *changed))
    return replace(inventory, source=info) if changed else inventory
