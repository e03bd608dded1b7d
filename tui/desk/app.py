"""The desk as an application: one main screen, one line of state above, one line of keys below."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.app import SystemCommand
from textual.command import CommandPalette
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from analysis.errors import ClearanceError
from analysis.text import visible
from tui.desk import actions
from tui.desk.areas.lists import FindingsArea, GovernanceArea, ListArea, TrailArea
from tui.desk.areas.tools import ToolsArea
from tui.desk.asking import Conversation
from tui.desk.keys import footer, keys_of
from tui.desk.session import Session
from tui.desk.status import area_line, state_line, welcome
from tui.desk.widgets.prompts import Question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.timer import Timer

    from analysis.model import ToolId
    from analysis.review.service import Done, Review

#: The smallest screen that shows a tool, why, and the keys.
WIDTH: Final = 80
HEIGHT: Final = 24
#: How often the desk looks whether somebody else has written to the file (seconds).
_FOLLOW = 1.0
#: The score is worked out when the hands rest this long (seconds); a decision must not wait for it.
_SETTLE = 0.15


class Desk(Conversation):
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
    VERTICAL_BREAKPOINTS = [(0, "-short"), (HEIGHT, "-tall")]

    def __init__(self, review: Review | None, actor: str) -> None:
        super().__init__()
        self.actor = actor
        self.session: Session | None = Session(review, actor) if review is not None else None
        self.area = "tools" if review is not None else "welcome"
        self._version = review.version() if review is not None else 0
        self._resting: Timer | None = None

    # layout --------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Lay out state, body and keys."""
        yield Static(
            Content(f"Clearance needs a terminal of at least {WIDTH} columns and {HEIGHT} lines."), id="too-small"
        )
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

    def on_tools_area_filtered(self) -> None:
        """Say how many tools a filter shows while it is typed."""
        self.tell_state()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        self.tell_state()

    def tell_state(self) -> None:
        """Write the lines above and below."""
        if not self.query("#key-bar"):
            return
        width = self.size.width
        self.query_one("#state", Static).update(state_line(self.session, width), layout=False)
        self.query_one("#areas", Static).update(area_line(self.session, self.area, width), layout=False)
        parts: list[tuple[str, str] | str] = []
        for key, word in footer(self.area, width - 1):
            parts.extend(((f" {key}", "bold $accent"), f" {word}"))
        self.query_one("#key-bar", Static).update(Content.assemble(*parts), layout=False)

    # keys ----------------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Handle keys here, before any widget sees them.

        Moves, verdicts and answers keep the order in which they were typed, however fast: a key is looked at when
        all that the one before it has set off is done, or asks something.
        """
        if not isinstance(event, events.Key) or not await self._take(event):
            await super().on_event(event)

    async def _take(self, event: events.Key) -> bool:
        """Return whether a key was ours; letters of a line to fill in are not."""
        screen = self.screen
        if isinstance(screen, Question):
            outcome = await screen.take(event)
            if outcome is not None and outcome.over:
                await self.answer(outcome.value)
            return outcome is not None
        if isinstance(screen, CommandPalette) and event.key == "escape":
            await self.pop_screen()
            return True
        if screen is not self.screen_stack[0]:
            return False
        if self.area == "tools" and self.tools_area.filtering:
            if event.key in {"enter", "escape"}:
                await self.tools_area.leave_filter(keep=event.key == "enter")
                self.tell_state()
            return event.key in {"enter", "escape"}
        meant = next((entry for entry in keys_of(self.area) if event.key in entry.keys.split(",")), None)
        if meant is None or (self._too_small and meant.action != "quit"):
            return meant is not None
        await self._press(meant.action)
        return True

    @property
    def _too_small(self) -> bool:
        """Whether the screen shows nothing but that it is too small: then nothing is decided unseen."""
        return self.size.width < WIDTH or self.size.height < HEIGHT

    async def _press(self, action: str) -> None:
        name, _, argument = action.rstrip(")").partition("(")
        if name in {"move", "page", "edge"}:
            table = self.tools_area.table if self.area == "tools" else self.list_area.table
            getattr(table, name)(int(argument))
        else:
            await self.begin(action)

    async def open_palette(self) -> None:
        """Open the command palette."""
        await self.push_screen(CommandPalette(id="--command-palette"))

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

    def changed(self, keep: ToolId | None = None) -> None:
        """Bring the screen up to date after something was recorded, the cursor on `keep` where it can be."""
        if self.session is None:
            return
        self._version = self.session.review.version()
        self.session.again()
        if self.area not in {"tools", "welcome"}:
            self.list_area.reload()
        self.tools_area.reload(keep)
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_SETTLE, self._rest)

    def _rest(self) -> None:
        """Work out what follows from a decision, now that the hands rest."""
        self.tell_state()
        if self.area == "tools":
            self.tools_area.show_evidence()

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
