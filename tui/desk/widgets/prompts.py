"""The three questions the desk asks: pick one, fill in, read. Modal, by keyboard, Esc always leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult


@dataclass(frozen=True, slots=True)
class Field:
    """One line to fill in: label, what stands there already, and whether it may stay empty."""

    label: str
    value: str = ""
    needed: bool = True


class Choose(ModalScreen[str | None]):
    """Pick one of a few by its letter."""

    BINDINGS: ClassVar[list[Binding]] = [Binding("escape", "dismiss(None)", show=False)]  # type: ignore[assignment]

    def __init__(self, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._choices = choices

    def compose(self) -> ComposeResult:
        """Lay out the choices."""
        with Vertical(classes="prompt"):
            yield Static(Content(self._title), classes="prompt-title")
            for letter, label in self._choices:
                yield Static(Content.assemble((f" {letter} ", "bold $accent"), f" {label}"))
            yield Static(Content("Esc leaves everything as it is"), classes="prompt-hint")

    def on_key(self, event: events.Key) -> None:
        """Take the letter of a choice."""
        if event.character in {letter for letter, _ in self._choices}:
            event.stop()
            _ = self.dismiss(event.character)


class Form(ModalScreen[list[str] | None]):
    """Fill in a few lines. Enter goes to the next line, and from the last one sends."""

    BINDINGS: ClassVar[list[Binding]] = [Binding("escape", "dismiss(None)", show=False)]  # type: ignore[assignment]

    def __init__(
        self, title: str, fields: Sequence[Field], note: str = "", check: Callable[[list[str]], str] | None = None
    ) -> None:
        super().__init__()
        self._title = title
        self._fields = fields
        self._note = note
        self._check = check

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        with VerticalScroll(classes="prompt", can_focus=False):
            yield Static(Content(self._title), classes="prompt-title")
            if self._note:
                yield Static(Content(self._note), classes="prompt-note")
            for number, field in enumerate(self._fields):
                yield Static(Content(field.label), classes="prompt-label")
                yield Input(value=field.value, id=f"field-{number}", select_on_focus=False)
            yield Static(Content(""), id="prompt-fault")
            yield Static(
                Content("Enter next line, at the end done · Esc leaves everything as it is"), classes="prompt-hint"
            )

    def on_mount(self) -> None:
        """Begin in the first line that is empty."""
        inputs = list(self.query(Input))
        self.set_focus(next((each for each in inputs if not each.value), inputs[-1]))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on, or send."""
        event.stop()
        inputs = list(self.query(Input))
        place = inputs.index(event.input)
        if place + 1 < len(inputs):
            self.set_focus(inputs[place + 1])
            return
        values = [each.value.strip() for each in inputs]
        for each, field, value in zip(inputs, self._fields, values, strict=True):
            if field.needed and not value:
                self._fault(f"{field.label} is needed")
                self.set_focus(each)
                return
        fault = self._check(values) if self._check else ""
        if fault:
            self._fault(fault)
            return
        _ = self.dismiss(values)

    def _fault(self, text: str) -> None:
        self.query_one("#prompt-fault", Static).update(Content(text))


class Read(ModalScreen[None]):
    """Something to read: help, an error in full."""

    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding("escape,q,question_mark,enter", "dismiss(None)", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(self, title: str, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title = title
        self._text = lines

    def compose(self) -> ComposeResult:
        """Lay out the lines."""
        with VerticalScroll(classes="prompt wide", can_focus=False):
            yield Static(Content(self._title), classes="prompt-title")
            widest = max((len(left) for left, _ in self._text), default=0)
            for left, right in self._text:
                parts = (f"{left:{widest}}  ", "bold $accent"), right
                yield Static(Content.assemble(*parts) if left else Content(right))
            yield Static(Content("Esc closes"), classes="prompt-hint")

    def action_scroll(self, by: int) -> None:
        """Scroll by lines."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
