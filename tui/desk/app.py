"""The desk as an application: one main screen, one line of state above, one line of keys below."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import ContentSwitcher, Input, Static

from analysis.errors import ClearanceError
from analysis.text import visible
from tui.desk import actions
from tui.desk.areas.lists import FindingsArea, GovernanceArea, ListArea, TrailArea
from tui.desk.areas.tools import ToolsArea
from tui.desk.keys import KEYS, footer, keys_of
from tui.desk.session import Session
from tui.desk.status import area_line, state_line, welcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.screen import Screen

    from analysis.review.service import Done, Review

T = TypeVar("T")

#: How often the desk looks whether somebody else has written to the file (seconds).
_FOLLOW = 1.0
#: The score is worked out when the hands rest this long (seconds); a decision must not wait for it.
_SETTLE = 0.15


class Desk(App[None]):
    """The workstation of a reviewer."""

    TITLE = "Clearance"
    CSS_PATH: ClassVar[list[str]] = ["styles/desk.tcss"]  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [
        (0, "-tiny"),
        (80, "-narrow"),
        (100, "-normal"),
        (150, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]
    BINDINGS: ClassVar[list[Binding]] = [  # type: ignore[assignment]
        Binding(key, f"press('{key}')", show=False, priority=True)
        for key in sorted({part for entry in KEYS for part in entry.keys.split(",")})
    ]

    def __init__(self, review: Review | None, actor: str) -> None:
        super().__init__()
        self.actor = actor
        self.session: Session | None = Session(review, actor) if review is not None else None
        self.area = "tools" if review is not None else "welcome"
        self._version = review.version() if review is not None else 0
        self._asking = asyncio.Event()
        self._acts: set[asyncio.Task[None]] = set()

    # layout --------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out state, body and keys."""
        yield Static(Content("Clearance needs a terminal of at least 80 columns and 24 lines."), id="too-small")
        with Vertical(id="desk"):
            yield Static(Content(""), id="state")
            yield Static(Content(""), id="areas")
            with ContentSwitcher(id="body", initial=self.area):
                yield Static(welcome(), id="welcome")
                yield from self._areas()
            yield Static(Content(""), id="key-bar")

    def _areas(self) -> Iterable[Container]:
        if self.session is not None:
            yield ToolsArea(self.session)
            yield FindingsArea(self.session, "findings")
            yield GovernanceArea(self.session, "governance")
            yield TrailArea(self.session, "trail")

    def on_mount(self) -> None:
        """Begin in the first area and follow the file."""
        self.set_interval(_FOLLOW, self.follow)
        self.show_area(self.area)

    async def start(self, review: Review) -> None:
        """Go from the welcome to a review."""
        self.session = Session(review, self.actor)
        self._version = review.version()
        body = self.query_one("#body", ContentSwitcher)
        for area in self._areas():
            await body.add_content(area)
        self.show_area("tools")

    @property
    def tools_area(self) -> ToolsArea:
        """The area in which tools are decided."""
        return self.query_one(ToolsArea)

    @property
    def list_area(self) -> ListArea:
        """The area with a list that is shown now."""
        return self.query_one(f"#{self.area}", ListArea)

    def show_area(self, area: str) -> None:
        """Show another area; its list gets the keys."""
        self.area = area
        self.query_one("#body", ContentSwitcher).current = area
        if area == "tools":
            self.screen.set_focus(self.tools_area.table)
        elif area != "welcome":
            self.list_area.reload()
            self.screen.set_focus(self.list_area.table)
        self.tell_state()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.tell_state()

    def tell_state(self) -> None:
        """Write the lines above and below."""
        if not self.query("#key-bar"):
            return
        width = self.size.width
        self.query_one("#state", Static).update(state_line(self.session, width))
        self.query_one("#areas", Static).update(area_line(self.session, self.area))
        parts: list[tuple[str, str] | str] = []
        for key, word in footer(self.area, width - 1):
            parts.extend(((f" {key}", "bold $accent"), f" {word}"))
        self.query_one("#key-bar", Static).update(Content.assemble(*parts))

    # keys ----------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave keys to whoever is asking: a modal, or the filter, of which only the way out is ours.

        All other keys are handled here, before any widget sees them: moves and verdicts keep the order in which
        they were typed, however fast.
        """
        if action != "press":
            return super().check_action(action, parameters)
        if isinstance(self.screen, ModalScreen):
            return False
        return not isinstance(self.focused, Input) or parameters[0] in {"enter", "escape"}

    async def action_press(self, key: str) -> None:
        """Do what a key means in the area that is shown."""
        if isinstance(self.focused, Input):
            await self.tools_area.leave_filter(keep=key == "enter")
            self.tell_state()
            return
        meant = next((entry for entry in keys_of(self.area) if key in entry.keys.split(",")), None)
        if meant is None:
            return
        name, _, argument = meant.action.rstrip(")").partition("(")
        if name in {"move", "page", "edge"}:
            table = self.tools_area.table if self.area == "tools" else self.list_area.table
            getattr(table, name)(int(argument))
        else:
            await self.begin(meant.action)

    async def begin(self, action: str) -> None:
        """Start an action, and return once it is done or asks something.

        The next key is not looked at before, so that nothing typed ahead of a question goes elsewhere.
        """
        self._asking = asyncio.Event()
        asking = asyncio.create_task(self._asking.wait())
        acting = asyncio.create_task(self.perform(action))
        self._acts.add(acting)
        acting.add_done_callback(self._finished)
        await asyncio.wait({acting, asking}, return_when=asyncio.FIRST_COMPLETED)
        asking.cancel()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._acts.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._handle_exception(error if isinstance(error, Exception) else RuntimeError(str(error)))

    async def ask(self, screen: ModalScreen[T]) -> T | None:
        """Show a question and wait for its answer; None means it was left."""
        answer: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()

        def take(result: T | None) -> None:
            if not answer.done():
                answer.set_result(result)

        await self.push_screen(screen, take)
        self._asking.set()
        return await answer

    async def perform(self, action: str) -> None:
        """Run an action by its published name; whatever it refuses is said, nothing is lost."""
        name, _, argument = action.partition("(")
        if name == "area" and self.session is not None:
            self.show_area(argument.strip("')"))
            return
        act = actions.ACTIONS.get(name)
        if act is None:
            return
        try:
            await act(self)
        except ClearanceError as error:
            self.complain(error)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action in the palette."""
        for entry in keys_of(self.area):
            if entry.action.partition("(")[0] not in {"escape", "palette", "move", "page", "edge"}:
                title = entry.word or entry.help.split(":", maxsplit=1)[0]
                yield SystemCommand(title, entry.help, lambda action=entry.action: self._later(action))
        yield from (c for c in super().get_system_commands(screen) if c.title not in {"Keys", "Quit", "Screenshot"})

    def _later(self, action: str) -> None:
        self.run_worker(self.begin(action), exclusive=False)

    def leave(self) -> None:
        """End the desk; everything is recorded already."""
        self.exit()

    # telling ---------------------------------------------------------------------------------------------

    def done(self, outcome: Done) -> None:
        """Say what was done, and bring the screen up to date."""
        self.say(outcome.sentence)
        self.changed()

    def changed(self) -> None:
        """Bring the screen up to date after something was recorded."""
        if self.session is None:
            return
        self._version = self.session.review.version()
        self.session.again()
        if self.area not in {"tools", "welcome"}:
            self.list_area.reload()
        self.tools_area.reload()
        self.set_timer(_SETTLE, self.tell_state)

    def say(self, text: str) -> None:
        """Say something in passing."""
        self.notify(visible(text, 300), timeout=3, markup=False)

    def complain(self, error: ClearanceError) -> None:
        """Say what went wrong and what to do next."""
        self.notify("\n".join(visible(part, 300) for part in error.lines()), severity="error", timeout=8, markup=False)

    def follow(self) -> None:
        """Take in what another desk has recorded in the same file."""
        if self.session is None or self.session.review.version() == self._version:
            return
        self._version = self.session.review.version()
        try:
            if self.session.review.refresh():
                self.changed()
                self.say("the review was changed by somebody else and is up to date")
        except ClearanceError as error:
            self.complain(error)

    def _fatal_error(self) -> None:
        """End without printing a traceback over the reviewer's screen; `run_desk` reports it."""
        self._close_messages_no_wait()


def run_desk(review: Review | None, actor: str) -> None:
    """Run the desk until it is left. A fault of ours is raised for the one place that reports faults."""
    desk = Desk(review, actor)
    desk.run()
    fault = desk._exception  # noqa: SLF001 - where the library keeps what ended it
    if fault is not None:
        raise fault
