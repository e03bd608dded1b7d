"""Exchange with colleagues, and the conflicts between them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.review import commands
from analysis.review.syncing.conflict_sides import contested_points
from analysis.text import visible
from tui import clock
from tui.desk.pages.conflict import ConflictPage
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Form, FormField

if TYPE_CHECKING:
    from analysis.review.syncing.conflict_sides import ConflictSide
    from tui.desk.shell.host import Host


async def synchronise(desk: Host) -> None:
    """Exchange events with the remote; the first time, ask where it is."""
    session_of(desk)
    if desk.exchange.remote:
        await desk.exchange.run()
        return
    fields = [
        FormField("Remote: a bare folder, or an address of ssh or https"),
        FormField("SSH key that signs what you send (path)", needed=False),
        FormField("allowed_signers of your organisation (path)", needed=False),
    ]
    note = (
        "Each copy writes to a branch of its own, in signed commits. What colleagues have not signed approves nothing."
    )
    given = await desk.prompts.ask(Form("Exchange events with colleagues", fields, note=note))
    if given:
        remote, key, signers = given
        await desk.exchange.run(
            remote=remote,
            key=typed_path(key) if key else None,
            allowed_signers=typed_path(signers) if signers else None,
        )


async def settle_conflicts(desk: Host) -> None:
    """Show where reviewers differ, one point after another; a number takes that side, as one event."""
    session, place = session_of(desk), 0
    while points := contested_points(session.review):
        place %= len(points)
        point = points[place]
        answer = await desk.prompts.ask(ConflictPage(point, place + 1, len(points), session.actor))
        if answer is None:
            return
        if answer in {"]", "["}:
            place += 1 if answer == "]" else -1
            continue
        side = next(each for each in point.sides if each.event == answer)
        desk.sync.done(
            commands.settle(session.review, side.event, reason=_reason(side), actor=session.actor, at=clock.now())
        )
    desk.messages.say("reviewers agree on everything that is recorded here")


def _reason(side: ConflictSide) -> str:
    """Return why a side is taken, as it is recorded: whose it is, and the reason that was given for it."""
    return f"as decided by {visible(side.person, 60)}" + (f": {side.reason}" if side.reason else "")
