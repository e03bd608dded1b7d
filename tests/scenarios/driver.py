"""Drives the desk like a person at keyboard and mouse, and reports what was recorded.

Every test of the desk waits by `Hand.settle`, which all else here ends with: no test need guess how long a frame takes.
Keys are written as a script: words are keys (`a`, `enter`, `ctrl+r`), quoted text is typed letter by letter, and `~`
rests until the evidence of the tool under the cursor is drawn. The calls into private parts of the library stand here
and nowhere else.
"""

from __future__ import annotations

import asyncio
import re
import unicodedata
from contextlib import asynccontextmanager

from textual import events
from textual._context import visible_screen_stack
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key

from analysis.review.queries.decision_support.decision_reasons import is_own_reason
from tui.desk.shell.app import Desk

_PATIENCE = 60  # seconds; only a desk that hangs ever waits so long


def strokes(script):
    """Yield the keys of a script as runs: one key, or the letters of a quoted text."""
    for typed, word in re.findall(r'"([^"]*)"|(\S+)', script):
        yield [word] if word else list(typed)


def _event(key):
    if len(key) == 1 and not key.isalnum():
        key = _character_to_key(key)
    named = REPLACED_KEYS.get(key, key)
    character: str | None
    try:
        character = unicodedata.lookup(_get_unicode_name_from_key(named))
    except KeyError:
        character = key if len(key) == 1 else None
    return events.Key(key, character)


def screen_text(app):
    """Return the text on the screen, without colours and trailing blanks."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in _strips(app)) + "\n"


def screen_segments(app):
    """Return every segment on the screen."""
    return [segment for strip in _strips(app) for segment in strip]


def _strips(app):
    """Draw the screen, with those that show behind it."""
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


class Hand:
    """A reviewer at the keyboard, who also sees screen and events."""

    def __init__(self, desk, pilot):
        self.desk = desk
        self.pilot = pilot
        self.said = []
        self.before = {event.id for event in self.review.record.events} if desk.session else set()

    @property
    def review(self):
        return self.desk.session.review

    @property
    def tool(self):
        """The name of the tool under the cursor."""
        tool = self.desk.tools_area.tool
        return self.review.tool(tool).row.name if tool else None

    @property
    def shown(self):
        """The names of the tools that the filter shows, in their order."""
        return [self.review.tool(key).row.name for key in self.desk.tools_area.table.keys]

    async def types(self, script):
        """Press one key after another, each once the one before has done its work; words are typed in one go."""
        for run in strokes(script):
            if run == ["~"]:
                await self.rest()
            else:
                self._press(*run)
                await self.settle()

    async def slowly(self, script):
        """Press one key after another, letters of words too."""
        for run in strokes(script):
            for key in run:
                self._press(key)
                await self.settle()

    async def bursts(self, script):
        """Press all keys at once, as a paste or a slow line delivers them."""
        self._press(*(key for run in strokes(script) for key in run))
        await self.settle()

    def _press(self, *keys):
        for key in keys:
            event = _event(key)
            event.set_sender(self.desk)
            self.desk._driver.send_message(event)

    async def click(self, widget, offset):
        """Click on a place in a widget."""
        self.press_mouse(widget.region.offset + offset)
        await self.settle()

    def press_mouse(self, at):
        """Press the button at a place of the screen and let it go, as the terminal tells of it."""
        for kind in (events.MouseDown, events.MouseUp):
            self._send_mouse(kind, at, button=1)

    def turn_wheel(self, kind, at):
        """Turn the wheel at a place of the screen."""
        self._send_mouse(kind, at, button=0)

    def _send_mouse(self, kind, at, button):
        x, y = at
        event = kind(None, x, y, 0, 0, button, shift=False, meta=False, ctrl=False, screen_x=x, screen_y=y)
        event.set_sender(self.desk)
        self.desk._driver.send_message(event)

    async def resize(self, columns, rows):
        """Make the terminal larger or smaller."""
        await self.pilot.resize_terminal(columns, rows)
        await self.settle()

    async def settle(self):
        """Wait until the desk stands still.

        Then every message is worked off, no action runs other than one that waits for an answer, and all that is
        mounted is laid out and painted.
        """
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._settle()
        except TimeoutError:
            raise AssertionError(f"the desk does not come to rest: {self._state()}") from None

    def _state(self):
        """Return what keeps the desk from resting."""
        pumps = [self.desk, *self.desk.screen.walk_children(with_self=True)]
        queued = [pump for pump in pumps if not pump._message_queue.empty() or pump._pending_message is not None]
        action = self.desk.prompts._action
        stack = action.get_stack() if action and not action.done() else []
        return f"queued {queued}, unpainted {self.unpainted()}, action at {stack}, layout {self.desk.screen._layout_required}"

    async def _settle(self):
        """Wait without a limit."""
        await asyncio.sleep(0)
        while not self.over:
            await self.pilot._wait_for_screen()
            if self.over:
                break
            self.desk.screen._on_timer_update()  # lay out and paint now, not at the next beat
            quiet = 0
            while quiet < 5 and not self.over and self._quiet():
                await asyncio.sleep(0)
                quiet += 1
            if quiet == 5:
                break

    @property
    def over(self):
        """Whether the desk has been left."""
        return self.desk._exit or self.desk._exception is not None

    def _quiet(self):
        pumps = [self.desk, *self.desk.screen.walk_children(with_self=True)]
        # A message may have been taken out of its queue, to be handled after the one that is being handled.
        idle = all(pump._message_queue.empty() and pump._pending_message is None for pump in pumps)
        return idle and not self.desk.prompts.busy and not self.unpainted()

    def unpainted(self):
        """Whether the screen on top has yet to be laid out or painted."""
        screen = self.desk.screen
        sized = screen._layout_required or screen._scroll_required
        return sized or screen._repaint_required or screen._dirty_widgets or screen._callbacks

    async def rest(self):
        """Wait until the evidence of the tool under the cursor has been drawn."""
        await self.until(lambda: self.desk.tools_area.tool in self.desk.session.opened)

    async def until(self, holds):
        """Wait until something holds."""
        async with asyncio.timeout(_PATIENCE):
            while not holds():  # noqa: ASYNC110 - what is waited for knows of no event
                await asyncio.sleep(0.01)
        await self.settle()

    async def job_ends(self):
        """Wait until no job runs in the background, and what came of it is said and recorded.

        That its line is gone says less: the line goes first.
        """
        await self.until(lambda: not self.desk.jobs.busy)

    async def look(self):
        """Wait until what hangs on a timer is drawn too (evidence, line of state) and return the screen as text."""
        await self.settle()
        while self.pending():  # what a timer has set off may set another one
            await self.until(lambda: not self.pending())
        return screen_text(self.desk)

    async def shows(self, text):
        """Wait until a text stands on the screen; if it does not come, say what stands there."""
        seen = ""
        for _ in range(100):
            seen = await self.look()
            if text in seen:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{text!r} is not on the screen:\n{seen}")

    def pending(self):
        """Return the timers of desk, inventory, facets and findings that have yet to fire once, and what reads a source."""
        areas = [self.desk, *self.desk.screen_stack[0].query("#tools, #facets, #filter-tabs, #findings")]
        once = [timer for pump in areas for timer in pump._timers if timer._repeat == 0]
        reading = [worker for worker in self.desk.workers if worker.group == "source" and not worker.is_finished]
        return [*(timer for timer in once if timer._task is not None and not timer._task.done()), *reading]

    def recorded(self):
        """Return the events since the desk was opened, each as a line."""
        names = {row.row.id: row.row.name for row in self.review.tools()}
        findings = {f.id: f"{f.rule} {names.get(f.tool, f.control)}" for f in self.review.summary().findings}
        return [_told(event, names | findings, own=self._is_own(event)) for event in self.events()]

    def _is_own(self, event):
        """Whether a person wrote the reason of an event: it is none that the assessment gives."""
        tool = self.review.tool_of(event) if event.kind == "tool.decided" else None
        return tool is None or is_own_reason(self.review.tool(tool), str(event.data.get("reason", "")))

    def events(self):
        """Return the events since the desk was opened."""
        return [event for event in self.review.store.events if event.id not in self.before]

    def actions(self):
        """Return how many actions the events are: a bulk is one."""
        return len({event.batch or event.id for event in self.events()})


def _told(event, names, own):
    data = event.data
    area, _, rest = event.key.partition("/")
    subject = rest.rpartition("#" if area == "note" else "/")[0] or rest
    parts = [event.kind, names.get(subject, subject)]
    if event.kind == "tool.retagged":
        parts.append(event.key.rpartition("/")[2])
    value = next((data[name] for name in ("exposure", "value", "state", "status") if data.get(name)), "nothing")
    parts.append(repr(data["text"]) if event.kind == "note.written" and "text" in data else str(value))
    parts += [f"if {c['kind']}={c['value']}" for c in data.get("conditions", ())]
    parts += [f"{e['level']} {e['title']!r} {e['where']!r}" for e in data.get("evidence", ()) if isinstance(e, dict)]
    named = ("code", "evidence", "owner", "until")
    parts += [f"{name} {data[name]!r}" for name in named if isinstance(data.get(name), str)]
    parts += [f"void if {', '.join(data['voids'])}"] if data.get("voids") else []
    if event.kind == "control.answered" and data.get("text"):
        parts.append(f"saying {data['text']!r}")
    if data.get("reason"):
        parts.append(f"because {data['reason']!r}" if own else "on the assessment")
    return " ".join((["undoing"] if event.undoes else []) + parts)


@asynccontextmanager
async def at_desk(review, actor="rev", size=(80, 24), **how):
    """Open the desk on a review (None: the welcome) and yield the hand on its keyboard."""
    desk = Desk(review, actor, **how)
    async with desk.run_test(size=size) as pilot:
        hand = Hand(desk, pilot)
        notify = desk.notify

        def tell(message, **how):
            hand.said.append(message)
            notify(message, **how)

        desk.notify = tell  # type: ignore[method-assign]
        await hand.settle()
        yield hand
    if desk.session is not None:
        desk.session.review.close()
