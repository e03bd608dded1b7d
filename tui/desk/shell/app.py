"""The desk as a Textual application: one main screen with lines of state above and of keys below."""

from __future__ import annotations

import asyncio
import gc
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events
from textual.app import App, SuspendNotSupported, SystemCommand
from textual.containers import Container
from textual.content import Content
from textual.filter import Monochrome
from textual.widgets import ContentSwitcher, Static

from analysis.errors import ClearanceError, UsageError
from tui.desk.actions.teamwork.remote_exchange import RemoteExchange
from tui.desk.areas import AREAS, WELCOME, make_area
from tui.desk.areas.list_area import ListArea
from tui.desk.areas.tool_row import USUAL
from tui.desk.pages.verdict_bar import VerdictBar
from tui.desk.shell.background_jobs import BackgroundJobs
from tui.desk.shell.dispatcher import MIN_HEIGHT, MIN_WIDTH, Dispatcher
from tui.desk.shell.frames import USER_INPUT, Frames
from tui.desk.shell.keymap import Keymap
from tui.desk.shell.messages import Messages
from tui.desk.shell.opening import OpeningArea, open_review, opening_line
from tui.desk.shell.palette import Palette
from tui.desk.shell.prompt_flow import PromptFlow
from tui.desk.shell.screen_sync import ScreenSync
from tui.desk.shell.session import Session
from tui.desk.shell.status import WIDE, StatusLines, welcome
from tui.desk.shell.terminal_watch import watch_terminal
from tui.desk.styles import themes
from tui.desk.styles.no_color import WithoutColour
from tui.desk.styles.preferences import keep_theme
from tui.desk.widgets.ascii import Ascii
from tui.desk.widgets.bar import ActionBar
from tui.desk.widgets.layout import Body, Layout, MainScreen, covered
from tui.desk.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.filter import LineFilter
    from textual.screen import Screen
    from textual.theme import Theme

    from analysis.review.queries.preview import OpeningPreview
    from analysis.review.session import Review
    from tui.desk.areas.tools import ToolsArea

T = TypeVar("T")


class Desk(App[None]):
    """The workstation of a reviewer: on a review, on a file that is still to be opened (`path`), or on neither."""

    TITLE = "Clearance"
    CSS_PATH: ClassVar[list[str]] = ["../styles/desk.tcss"]  # type: ignore[assignment]
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [
        (0, "-tiny"), (MIN_WIDTH, "-column"), (80, "-narrow"), (WIDE, "-normal"), (150, "-wide"), (180, "-roomy"),
    ]  # fmt: skip
    VERTICAL_BREAKPOINTS = [(0, "-short"), (MIN_HEIGHT, "-low"), (24, "-tall"), (38, "-high")]

    def __init__(
        self,
        review: Review | None,
        actor: str,
        *,
        path: Path | None = None,
        preview: OpeningPreview | None = None,
        keymap: Keymap | None = None,
        ascii_only: bool = False,
        greeting: str = "",
        theme: str = themes.DEFAULT,
        columns: Sequence[str] = USUAL,
    ) -> None:
        super().__init__()
        themes.register(self, themes.WITHOUT_COLOUR if self.no_color else theme)
        self.actor = actor
        self.keymap = keymap or Keymap()
        self._columns = tuple(columns)
        self.session = Session(review, actor, columns=self._columns) if review is not None else None
        self.area = "opening" if path is not None else "tools" if review is not None else WELCOME
        self.refusal: ClearanceError | None = None  # why the file at `path` was not opened
        self.messages = Messages(self)
        self.prompts = PromptFlow(self, self.messages)
        self.jobs = BackgroundJobs(self, self.messages, self.prompts)
        self.sync = ScreenSync(self)
        self.exchange = RemoteExchange(self)
        self.frames = Frames(self)
        self.dispatcher = Dispatcher(self)
        self._status = StatusLines(self, self.keymap)
        self._path = path
        self._preview = preview
        self._greeting = greeting
        self._filters = [each for each in self._filters if not isinstance(each, Monochrome)]
        self._own_filters = (*((WithoutColour(),) if self.no_color else ()), *((Ascii(),) if ascii_only else ()))
        self._opened = asyncio.Event()
        self._adding_area = asyncio.Lock()

    # layout --------------------------------------------------------------------------------------------

    def get_default_screen(self) -> MainScreen:
        """Return the main screen."""
        return MainScreen(id="_default")

    def compose(self) -> ComposeResult:
        """Lay out state, body and keys."""
        too_small = f"Clearance needs a terminal of at least {MIN_WIDTH} columns and {MIN_HEIGHT} lines."
        yield VerdictBar()  # the first one: showing it changes the drawing order of no other widget, and draws none anew
        yield Static(Content(too_small), id="too-small")
        with Layout(id="desk"):
            yield ActionBar(id="state")
            yield ActionBar(id="areas", surface="ground")
            with Body(id="body", initial=self.area):
                if self._path is not None:
                    yield OpeningArea(self._preview, self._columns) if self._preview else Container(id="opening")
                elif self.session is not None:
                    yield make_area("tools", self.session)
                else:
                    yield Static(welcome(), id=WELCOME)
            yield ActionBar(id="key-bar")

    async def on_mount(self) -> None:
        """Show the first area, and follow changes of the file."""
        self.sync.start()
        self.exchange.start()
        watch_terminal(self)
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        self.sync.reset()
        if self._path is not None:
            if self._preview is not None:
                self.query_one("#state", ActionBar).show(opening_line(self._preview))
            self.call_after_refresh(self._begin_opening)
            return
        gc.enable()
        self._opened.set()
        await self.show_area(self.area)
        self.sync.prepare()
        if self._greeting:
            self.messages.say(self._greeting)

    def _begin_opening(self) -> None:
        self.run_worker(self._open(), exclusive=False)

    async def _open(self) -> None:
        """Open the review whose first rows are on the screen; keys wait until it is open."""
        assert self._path is not None
        try:
            await self.start(await open_review(self._path, self.actor))
        except ClearanceError as error:
            self.refusal = error
            self.exit()
        finally:
            self._opened.set()

    async def start(self, review: Review) -> None:
        """Show a review in place of the welcome or its first rows, unless the desk was left meanwhile."""
        if not self.is_running:
            review.close()
            return
        self.session = Session(review, self.actor, columns=self._columns)
        self.sync.reset()
        await self.show_area("tools")
        self.sync.prepare()
        from analysis.review.queries.people import arrival  # noqa: PLC0415 - the first rows do not wait for it

        for sentence in arrival(review):
            self.messages.say(sentence)

    def get_line_filters(self) -> list[LineFilter]:
        """Return the filters that all lines pass on their way to the screen."""
        return [*super().get_line_filters(), *self._own_filters]

    def _keep_theme(self, theme: Theme) -> None:
        """Keep the theme that was chosen for the next time; without colours there is one theme, and nothing to keep."""
        self._ink_changed()
        if not self.no_color and (said := keep_theme(theme.name)):
            self.messages.say(said)

    def _ink_changed(self) -> None:
        """Draw every line again in the styles of another theme."""
        for view in self.screen_stack[0].query(LineView):
            view.drop_lines()
            view.refresh()

    def next_theme(self) -> None:
        """Put the next theme in force."""
        if self.no_color:
            raise UsageError(
                "NO_COLOR is set: there are no colours to choose", remedy="unset NO_COLOR, and open the desk again"
            )
        self.theme = themes.after(self.theme)

    # areas ---------------------------------------------------------------------------------------------

    @property
    def tools_area(self) -> ToolsArea:
        """The area in which tools are decided."""
        area: ToolsArea = self.query_one("#tools")  # type: ignore[assignment]
        return area

    @property
    def list_area(self) -> ListArea:
        """The area with a list that is on the screen."""
        return self.query_one(f"#{self.area}", ListArea)

    async def show_area(self, area: str) -> None:
        """Show another area; its list gets the keys."""
        body = self.query_one("#body", ContentSwitcher)
        if self.session is not None and area in AREAS:
            async with self._adding_area:  # palette and key may ask for the same area at once
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

    def on_tools_area_filtered(self) -> None:
        """Show how many tools pass the filter."""
        self.refresh_status()

    def on_resize(self) -> None:
        """Fit the lines to the new width, which the library takes in after this."""
        if self._opened.is_set():
            self.call_next(self.refresh_status)

    def on_action_bar_pressed(self, event: ActionBar.Pressed) -> None:
        """Run the action of a tab or a key that was clicked, unless a question is open."""
        if not covered(self):
            self._run_later(event.action)

    def refresh_status(self) -> None:
        """Update the lines above and below."""
        if self.frames.taken_down:
            return
        self._status.update(self.session, self.area)
        if self.session is not None and self.area == "tools":
            self.tools_area.entitle()
            self.tools_area.facets.schedule_count()

    # input ---------------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Handle keys before any widget sees them, one after another, however fast they are typed.

        A key waits until the one before is done or asks a question; the mouse refers to the screen after it.
        """
        if self.dispatcher.ignores(event):
            return
        if isinstance(event, USER_INPUT) and not event.is_forwarded:
            await self._opened.wait()
            if not self.frames.taken_down:
                await self.frames.wait_for_paint(event)
            if self.frames.taken_down:
                return
        pass_on = partial(super().on_event, event)
        if not isinstance(event, events.Key) or not await self.dispatcher.take(event, pass_on):
            await pass_on()

    async def open_palette(self) -> None:
        """Open the command palette."""
        await self.push_screen(Palette(id="--command-palette"))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return every action of the area for the palette."""
        for entry in self.keymap.in_palette(self.area):
            yield SystemCommand(entry.title, entry.help, partial(self._run_later, entry.action))
        yield from (c for c in super().get_system_commands(screen) if c.title not in {"Keys", "Quit", "Screenshot"})

    def _run_later(self, action: str) -> None:
        self.run_worker(self.dispatcher.run(action), exclusive=False)

    def suspend_for(self, work: Callable[[], T], remedy: str = "press n for a note of one line") -> T:
        """Give the terminal to other work, and take it back. Raises `UsageError` where that is not possible."""
        try:
            with self.suspend():
                return work()
        except SuspendNotSupported:
            where = "a browser" if self.is_web else "this terminal"
            raise UsageError(f"{where} cannot be given to another program", remedy=remedy) from None

    def leave(self) -> None:
        """End the desk; everything is recorded already."""
        self.exit()

    def _fatal_error(self) -> None:
        """End without printing a traceback over the reviewer's screen; `run_desk` reports it."""
        self._close_messages_no_wait()
