"""The filter over the inventory: a line to type in, with completions and errors below it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual.containers import Container
from textual.content import Content
from textual.widgets import Input, Static

from analysis.review import queries
from analysis.text import visible
from tui.desk.widgets.line_input import LineInput
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from tui.desk.shell.session import Session

#: Minimum length of a word for completions, and their maximum number.
_MIN_WORD: Final = 2
_MAX_COMPLETIONS: Final = 8
_PLACEHOLDER: Final = "filter: words, risk:high, is:undecided, method:DELETE, -data:personal"


class FilterBar(Container):
    """Filters the session while it is typed in; an invalid filter keeps the last result and shows its error."""

    BLANK = True

    def __init__(self, session: Session, changed: Callable[[], None], closed: Callable[[], None]) -> None:
        super().__init__(id="filter-bar")
        self._session = session
        self._after_change = changed  # called at once, not by message: the next key refers to the new list
        self._after_close = closed
        self._applied: str | None = None  # the text that was applied last
        self._note = ""

    def compose(self) -> ComposeResult:
        """Lay out the line and its note."""
        yield LineInput(placeholder=_PLACEHOLDER, id="filter")
        yield Static(Content(""), id="filter-note")

    def on_mount(self) -> None:
        """Start closed."""
        self._input.display = False
        self.query_one("#filter-note").display = False

    @property
    def _input(self) -> Input:
        return self.query_one("#filter", Input)

    @property
    def is_open(self) -> bool:
        """Whether a filter is being typed."""
        return self._input.display

    def open(self) -> None:
        """Let a filter be typed."""
        line = self._input
        line.display = True
        line.value = self._applied = self._session.query
        self.screen.set_focus(line)  # at once: the next key belongs to the filter

    def close(self) -> None:
        """Hide the line; the filter in force stays."""
        self._input.display = False
        self._show_note("")
        self._after_close()

    async def take(self, key: str) -> bool:
        """Handle Enter (keep), Esc (clear) and Tab (complete), and return whether the key was one of them."""
        if key in {"enter", "escape"}:
            await self._finish(keep=key == "enter")
        elif key == "tab":
            await self._complete()
        return key in {"enter", "escape", "tab"}

    async def _finish(self, *, keep: bool) -> None:
        line = await self._typed()
        wanted = line.value if keep else ""
        if self._session.query != wanted or self._session.fault is not None:
            valid = self._session.filter(wanted)
            self._after_change()
            if not valid:  # the list is not the one asked for: stay, so that nothing is decided on it by mistake
                self._show_state()
                return
        self.close()

    async def _complete(self) -> None:
        """Replace the last word by the first completion."""
        line = await self._typed()
        completions = queries.filter_completions(self._session.review, line.value, self._session.actor)
        if completions:
            cut = len(line.value.rstrip()) - len(line.value.split()[-1]) if line.value.strip() else 0
            kept = line.value[:cut] if line.value and not line.value[-1].isspace() else line.value
            line.value = kept + completions[0][0]
            line.cursor_position = len(line.value)

    async def _typed(self) -> Input:
        """Return the line once it contains all that was typed."""
        line = self._input
        handled = asyncio.Event()
        line.call_later(handled.set)
        await handled.wait()
        return line

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter by what was pasted or completed; typed letters are applied already."""
        event.stop()
        self._apply()

    async def apply_typed(self) -> None:
        """Filter by what was typed, before the next key is handled."""
        await self._typed()
        self._apply()

    def _apply(self) -> None:
        line = self._input
        if not line.display or line.value == self._applied:
            return
        self._applied = line.value
        valid = self._session.filter(line.value)
        self._show_state()
        if valid:
            self._after_change()

    def _show_state(self) -> None:
        """Show completions, and what is wrong with the filter under the position of the error."""
        fault = self._session.fault
        completions = self._completions(self._input.value) if self.is_open else ""
        if fault is None:
            self._show_note(completions)
            return
        caret = fault.place.partition("\n")[2]
        text = visible(SEP.join(part for part in (completions, fault.what, fault.remedy) if part))
        self._show_note(f"{caret}\n{text}" if caret.strip() == "^" else text)

    def _completions(self, text: str) -> str:
        """Return the completions of the last word, with counts; none for an ordinary word."""
        last = text.rsplit(maxsplit=1)[-1] if text.strip() and not text[-1].isspace() else ""
        if len(last) < _MIN_WORD:
            return ""
        found = queries.filter_completions(self._session.review, text, self._session.actor)[:_MAX_COMPLETIONS]
        shown = "  ".join(f"{visible(word, 40)} {count}" if count else visible(word, 40) for word, count in found)
        return f"Tab: {shown}" if shown else ""

    def _show_note(self, text: str) -> None:
        if text != self._note:
            self._note = text
            note = self.query_one("#filter-note", Static)
            note.display = bool(text)
            note.update(Content(text))
