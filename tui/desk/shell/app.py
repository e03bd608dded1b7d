"""The desk as an application: one main screen, one line of state above, one line of keys below."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events
from textual.app import SystemCommand
from textual.containers import Container
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from analysis.errors import ClearanceError
from tui.desk.areas import AREAS, ListArea, make_area
from tui.desk.shell.keymap import Keymap
from tui.desk.shell.opening import OpeningArea, open_whole, opening_line
from tui.desk.shell.palette import Palette
from tui.desk.shell.screen_sync import ScreenSync
from tui.desk.shell.session import Session
from tui.desk.shell.status import StatusLines, welcome
from tui.desk.widgets.ascii import Ascii
from tui.desk.widgets.layout import Body, Layout, MainScreen
from tui.desk.widgets.prompts import Question

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.filter import LineFilter
    from textual.screen import Screen

    from analysis.review.queries.preview import OpeningPreview
    from analysis.review.session import Review
    from tui.desk.areas.facet_column import FacetColumn
    from tui.desk.areas.tools import ToolsArea

#: The smallest screen that shows a tool, why, and the keys.
WIDTH: Final = 80
HEIGHT: Final = 24
#: What begins something by hand; the rest of a click follows it.
_BY_HAND: Final = (events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp)


class Desk(ScreenSync):
    """The workstation of a reviewer."""

    TITLE = "Clearance"
    CSS_PATH: ClassVar[list[str]] = ["../styles/desk.tcss"]  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [
        (0, "-tiny"),
        (80, "-narrow"),
        (100, "-normal"),
        (150, "-wide"),
        (180, "-roomy"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (HEIGHT, "-tall")]

    def __init__(
        self,
        review: Review | None,
        actor: str,
        *,
        path: Path | None = None,
        look: OpeningPreview | None = None,
        keymap: Keymap | None = None,
        ascii_only: bool = False,
    ) -> None:
        super().__init__()
        self.actor = actor
        self.keymap = keymap or Keymap()
        self.session: Session | None = Session(review, actor) if review is not None else None
        self.area = "opening" if path is not None else "tools" if review is not None else "welcome"
        self.refusal: ClearanceError | None = None
        self.greeting = ""
        self._path = path
        self._look = look
        self._lettering = (Ascii(),) if ascii_only else ()
        self._opened = asyncio.Event()
        self._adding = asyncio.Lock()
        self._status = StatusLines(self, self.keymap)
        self._version = review.version() if review is not None else 0

    # layout --------------------------------------------------------------------------------------------

    def get_default_screen(self) -> MainScreen:
        """Return the one screen on which everything stands."""
        return MainScreen(id="_default")

    def compose(self) -> ComposeResult:
        """Lay out state, body and keys."""
        yield Static(
            Content(f"Clearance needs a terminal of at least {WIDTH} columns and {HEIGHT} lines."), id="too-small"
        )
        with Layout(id="desk"):
            yield Static(Content(""), id="state")
            yield Static(Content(""), id="areas")
            with Body(id="body", initial=self.area):
                if self._path is not None:
                    yield OpeningArea(self._look) if self._look else Container(id="opening")
                elif self.session is not None:
                    yield self._inventory(self.session)
                else:
                    yield Static(welcome(), id="welcome")
            yield Static(Content(""), id="key-bar")

    async def on_mount(self) -> None:
        """Begin in the first area, and follow the file."""
        self.begin_following()
        if self._path is not None:
            if self._look is not None:
                self.query_one("#state", Static).update(opening_line(self._look))
            self.call_after_refresh(self._begin_opening)
        else:
            gc.enable()
            self._opened.set()
            await self.show_area(self.area)
            if self.greeting:
                self.say(self.greeting)

    def _begin_opening(self) -> None:
        self.run_worker(self._open(), exclusive=False)

    async def _open(self) -> None:
        """Open the review whose first rows are on the screen; keys wait until it is there."""
        assert self._path is not None
        try:
            await self.start(await open_whole(self._path, self.actor))
        except ClearanceError as error:
            self.refusal = error
            self.exit()
        finally:
            self._opened.set()

    async def start(self, review: Review) -> None:
        """Go from the welcome to a review."""
        self.session = Session(review, self.actor)
        self._version = review.version()
        await self.query_one("#body", ContentSwitcher).add_content(self._inventory(self.session))
        await self.show_area("tools")

    @staticmethod
    def _inventory(session: Session) -> ToolsArea:
        from tui.desk.areas.tools import ToolsArea  # noqa: PLC0415 - the first rows come before it

        return ToolsArea(session)

    def get_line_filters(self) -> list[LineFilter]:
        """Return what lines go through on their way to the screen."""
        return [*super().get_line_filters(), *self._lettering]

    @property
    def tools_area(self) -> ToolsArea:
        """The area in which tools are decided."""
        area: ToolsArea = self.query_one("#tools")  # type: ignore[assignment]
        return area

    @property
    def list_area(self) -> ListArea:
        """The area with a list that is shown now."""
        return self.query_one(f"#{self.area}", ListArea)

    async def show_area(self, area: str) -> None:
        """Show another area; its list gets the keys."""
        body = self.query_one("#body", ContentSwitcher)
        if self.session is not None and area in AREAS:
            async with self._adding:  # the palette and a key may ask for the same one at once
                if not body.query(f"#{area}"):
                    await body.add_content(make_area(area, self.session))
        self.area = area
        body.current = area
        if area == "tools":
            self.screen.set_focus(self.tools_area.table)
        elif area in AREAS:
            self.list_area.reload()
            self.screen.set_focus(self.list_area.table)
        self.refresh_status()

    def on_facet_column_chosen(self, event: FacetColumn.Chosen) -> None:
        """Apply what was clicked, unless something is asked or typed."""
        from tui.desk.actions.selection import filter_by  # noqa: PLC0415 - actions are loaded after the first rows

        if len(self.screen_stack) == 1 and not self.tools_area.filtering:
            filter_by(self, event.query)

    def on_tools_area_filtered(self) -> None:
        """Say how many tools a filter shows while it is typed."""
        self.refresh_status()

    def on_resize(self) -> None:
        """Fit the lines to the new width."""
        if self._opened.is_set():
            self.refresh_status()

    def refresh_status(self) -> None:
        """Write the lines above and below."""
        if not self.query("#key-bar"):
            return
        self._status.tell(self.session, self.area)
        if self.session is not None and self.area == "tools":
            self.tools_area.facets.follow()

    # keys ----------------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Handle keys here, before any widget sees them.

        Moves, verdicts and answers keep the order in which they were typed, however fast: a key is looked at when
        all that the one before it has set off is done, or asks something. The mouse points at what that has drawn.
        """
        if isinstance(event, _BY_HAND) and not event.is_forwarded:
            await self._opened.wait()
            await self.seen(event)
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
        if isinstance(screen, Palette) and event.key == "escape":
            await self.pop_screen()
            return True
        if screen is not self.screen_stack[0]:
            return False
        if self.area == "tools" and self.tools_area.filtering:
            if not await self.tools_area.take_while_filtering(event.key, self.refresh_status):
                await self._type(event)
            return True
        action = self.keymap.action(self.area, event.key)
        if action and (not self._too_small or action == "quit"):
            with self.one_frame():
                await self._press(action)
                if self.area == "tools":
                    self.tools_area.follow()
        return bool(action)

    async def _type(self, event: events.Key) -> None:
        """Let a letter of the filter be typed; nothing is drawn between the letter and what it finds."""
        with self.one_frame():
            await super().on_event(event)
            await self.tools_area.caught_up()
            self.refresh_status()

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
        await self.push_screen(Palette(id="--command-palette"))

    async def perform(self, action: str) -> None:
        """Run an action by its published name; whatever it refuses is said, nothing is lost."""
        name, _, argument = action.partition("(")
        if name == "area" and self.session is not None:
            await self.show_area(argument.strip("')"))
            return
        from tui.desk.actions.registry import ACTIONS  # noqa: PLC0415 - the first rows are on the screen before it is loaded

        act = ACTIONS.get(name)
        if act is None:
            return
        try:
            await act(self)
        except ClearanceError as error:
            self.complain(error)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer every action in the palette."""
        for entry in self.keymap.offered(self.area):
            yield SystemCommand(entry.title, entry.help, lambda action=entry.action: self._later(action))
        yield from (c for c in super().get_system_commands(screen) if c.title not in {"Keys", "Quit", "Screenshot"})

    def _later(self, action: str) -> None:
        self.run_worker(self.begin(action), exclusive=False)

    def leave(self) -> None:
        """End the desk; everything is recorded already."""
        self.exit()

    def _fatal_error(self) -> None:
        """End without printing a traceback over the reviewer's screen; `run_desk` reports it."""
        self._close_messages_no_wait()
