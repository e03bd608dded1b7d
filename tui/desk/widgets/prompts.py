"""The three prompts of the desk: choose, fill in, read. Nothing else acts while one is open; Esc always cancels.

A prompt does not listen for keys. The desk gives it each key in turn (`take`), so that keys typed ahead reach the next
prompt and not the last one.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from analysis.text import visible
from tui.desk.widgets.line_input import LineInput
from tui.desk.widgets.symbols import SEP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.screen import Screen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PromptResult:
    """The effect of a key on a prompt: whether it is over, and the answer (None: cancelled)."""

    over: bool = False
    value: object = None


#: What the library's field does with keys that are no letters; all other keys would go on to the desk below.
_FIELD_KEYS: Final = frozenset(
    key for binding in Input.BINDINGS if isinstance(binding, Binding) for key in binding.key.split(",")
)
_CONTINUE = PromptResult()
_CANCELLED = PromptResult(over=True)


class Question(VerticalScroll, Generic[T], can_focus=False):
    """A prompt whose answer is a T: a box at the lower edge of the main screen."""

    async def take(self, event: events.Key) -> PromptResult | None:
        """Handle a key; None passes it on to the field that has the focus."""
        raise NotImplementedError

    async def come(self, screen: Screen[None]) -> None:
        """Appear on the main screen, and take the keys."""
        screen.set_focus(None)
        await screen.mount(self)

    async def go(self) -> None:
        """Leave the screen."""
        await self.remove()


@dataclass(frozen=True, slots=True)
class FormField:
    """A field: label, initial value, whether it is required, and the choices for the arrow keys.

    `complete` returns what Tab may put in place of what was typed; the first key that completes nothing goes on.
    """

    label: str
    value: str = ""
    needed: bool = True
    choices: tuple[str, ...] = ()
    complete: Callable[[str], tuple[str, ...]] | None = None


class Choose(Question[str]):
    """Choose one entry by its letter; arrows scroll where not all fit."""

    _SCROLLS = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10}

    def __init__(self, title: str, choices: Sequence[tuple[str, str]], leave: str = "Esc cancel") -> None:
        super().__init__()
        self._title = title
        self._choices = choices
        self._leave = leave

    def compose(self) -> ComposeResult:
        """Lay out the choices."""
        yield Static(Content(self._title), classes="prompt-title")
        yield Static(_lines(Content.assemble((f" {key} ", "bold $blue"), f" {label}") for key, label in self._choices))
        yield Static(Content(self._leave), classes="prompt-hint")

    async def take(self, event: events.Key) -> PromptResult | None:
        """Accept the letter of a choice; other keys have no effect."""
        if event.key == "escape":
            return _CANCELLED
        if event.key in self._SCROLLS:
            self.scroll_relative(y=self._SCROLLS[event.key], animate=False)
            return _CONTINUE
        chosen = event.character in {letter for letter, _ in self._choices}
        return PromptResult(over=True, value=event.character) if chosen else _CONTINUE


class Form(Question[list[str]]):
    """Fill in a few fields. Enter goes to the next field, and submits from the last one."""

    _STEPS = {"enter": 1, "tab": 1, "shift+tab": -1}
    #: The library handles editing keys through the app; here they keep their order among the letters.
    _TURNS = {"down": 1, "up": -1}
    _EDITS = {"ctrl+u": "action_delete_left_all", "ctrl+w": "action_delete_left_word"}
    _OWN_KEYS = frozenset({*_STEPS, *_TURNS, *_EDITS})

    def __init__(
        self, title: str, fields: Sequence[FormField], note: str = "", check: Callable[[list[str]], str] | None = None
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._note = note
        self._check = check
        self._offered: tuple[str, ...] = ()  # the choices that the arrow keys turn through

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        yield Static(Content(self._title), classes="prompt-title")
        if self._note:
            yield Static(Content(self._note), classes="prompt-note")
        for number, field in enumerate(self._fields):
            yield Static(Content(field.label), classes="prompt-label")
            whole = field.complete is not None  # a path is typed anew or completed, seldom edited in the middle
            yield LineInput(value=visible(field.value), id=f"field-{number}", select_on_focus=whole)
        yield Static(Content(""), id="prompt-error")
        yield Static(Content(f"Enter next / submit{SEP}Esc cancel"), classes="prompt-hint")

    async def come(self, screen: Screen[None]) -> None:
        """Appear on the main screen, with the keys in a field."""
        await screen.mount(self)
        self._begin()

    def _begin(self) -> None:
        """Start in the first empty field; a long form is scrolled no further than to that one."""
        inputs = self._inputs()
        first = next((each for each in inputs if not each.value), inputs[-1])
        self.screen.set_focus(first, scroll_visible=False)
        if first is not inputs[0]:
            self.call_after_refresh(first.scroll_visible, animate=False)

    async def take(self, event: events.Key) -> PromptResult | None:
        """Handle Enter, Esc, arrows and editing keys; what else a field knows belongs to it."""
        if event.key == "escape":
            return _CANCELLED
        if event.key not in self._OWN_KEYS:
            return None if event.is_printable or event.key in _FIELD_KEYS else _CONTINUE
        inputs = self._inputs()
        focused = self.screen.focused
        place = inputs.index(focused) if focused in inputs else len(inputs) - 1
        typed = asyncio.Event()
        inputs[place].call_later(typed.set)  # everything typed before is in the field first
        await typed.wait()
        if event.key == "tab" and self._completed(inputs[place], self._fields[place]):
            return _CONTINUE
        if event.key in self._TURNS:
            field = self._fields[place]
            choices = field.complete(inputs[place].value) if field.complete is not None else field.choices
            self._turn(inputs[place], choices, self._TURNS[event.key])
            return _CONTINUE
        if event.key in self._EDITS:
            getattr(inputs[place], self._EDITS[event.key])()
            return _CONTINUE
        if event.key != "enter" or place + 1 < len(inputs):
            self.screen.set_focus(inputs[(place + self._STEPS[event.key]) % len(inputs)])
            return _CONTINUE
        return self._submit(inputs)

    @staticmethod
    def _completed(line: Input, field: FormField) -> bool:
        """Complete what was typed as far as all offers agree. Returns whether anything was added."""
        offers = field.complete(line.value) if field.complete is not None else ()
        common = _common_start(offers)
        if not common or common == line.value:
            return False
        line.value = visible(common)
        line.cursor_position = len(line.value)
        return True

    def _turn(self, line: Input, choices: Sequence[str], step: int) -> None:
        """Put the next choice into a field; after some letters, the next one that begins with them."""
        if not choices:
            return
        if line.value not in self._offered:
            self._offered = tuple(choices) if line.value in choices else _completions(line.value, choices)
        offered = self._offered
        at = offered.index(line.value) + step if line.value in offered else min(step, 0)
        line.value = visible(offered[at % len(offered)])
        line.cursor_position = len(line.value)

    def _inputs(self) -> list[Input]:
        """Return the lines to fill in, one for each field."""
        return list(self.query(Input))

    def _submit(self, inputs: list[Input]) -> PromptResult:
        values = [each.value.strip() for each in inputs]
        for each, field, value in zip(inputs, self._fields, values, strict=True):
            if field.needed and not value:
                self._show_error(f"{field.label} is required")
                self.screen.set_focus(each)
                return _CONTINUE
        error = self._check(values) if self._check else ""
        if error:
            self._show_error(error)
            return _CONTINUE
        return PromptResult(over=True, value=values)

    def _show_error(self, text: str) -> None:
        self.query_one("#prompt-error", Static).update(Content(text))


def _lines(texts: Iterable[Content]) -> Content:
    """Return texts one below the other, for one widget: long lists would need hundreds of them."""
    return Content("\n").join(texts)


def _common_start(texts: Sequence[str]) -> str:
    """Return what all texts begin with."""
    first, last = min(texts, default=""), max(texts, default="")
    return first[: next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]


def _completions(typed: str, choices: Sequence[str]) -> tuple[str, ...]:
    """Return the choices that begin with what was typed last, in a list after its last comma; all where none does."""
    begun, comma, last = typed.rpartition(",")
    before = f"{begun}, " if comma else ""
    wanted = last.strip().casefold()
    found = tuple(f"{before}{each}" for each in choices if wanted and each.casefold().startswith(wanted))
    return found or tuple(choices)


class Read(Question[None]):
    """Text to read: help, an error in full."""

    _CLOSES = frozenset({"escape", "q", "question_mark", "enter"})
    _SCROLLS = {"j": 1, "down": 1, "k": -1, "up": -1, "pagedown": 10, "space": 10, "pageup": -10}

    def __init__(self, title: str, lines: Sequence[tuple[str, str | Content]], then: str = "Esc close") -> None:
        super().__init__()
        self._title = title
        self._text = lines
        self._then = then

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        yield Static(Content(self._title), classes="prompt-title")
        widest = max((len(left) for left, _ in self._text), default=0)
        heads = ((f"{left:{widest}}  ", "bold $blue") if left else "" for left, _ in self._text)
        yield Static(_lines(Content.assemble(head, right) for head, (_, right) in zip(heads, self._text, strict=True)))
        yield Static(Content(f"{self._then}, j and k scroll"), classes="prompt-hint")

    async def take(self, event: events.Key) -> PromptResult | None:
        """Close, or scroll."""
        if event.key in self._CLOSES:
            return _CANCELLED
        if event.key in {"home", "g"}:
            self.scroll_home(animate=False)
        elif event.key in {"end", "G"}:
            self.scroll_end(animate=False)
        elif event.key in self._SCROLLS:
            self.scroll_relative(y=self._SCROLLS[event.key], animate=False)
        return _CONTINUE
