"""The profile and the policy of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import Profile
from analysis.review import commands
from analysis.text import visible
from tui import clock
from tui.desk.shell.host import session_of, typed_path
from tui.desk.widgets.prompts import Choose, Form, FormField, Read

if TYPE_CHECKING:
    from tui.desk.shell.host import Host

_PROFILES: Final = {
    Profile.L1: "sandbox: the scored questions",
    Profile.L2: "internal: also the five questions of every review, and access",
    Profile.L3: "production: every question",
    Profile.L4: "regulated: also a second approver for each high risk",
}


async def profile(desk: Host) -> None:
    """Choose the profile of the review."""
    session = session_of(desk)
    letters = [(each.value[1], f"{each.value} {text}") for each, text in _PROFILES.items()]
    title = f"Profile, now {session.review.policy.profile.value}"
    letter = await desk.prompts.ask(Choose(title, letters))
    if letter is None:
        return
    chosen = Profile(f"L{letter}")
    given = await desk.prompts.ask(Form(f"Profile {chosen.value}, {_PROFILES[chosen]}: why?", [FormField("Reason")]))
    if given:
        desk.sync.done(
            commands.set_profile(session.review, chosen, reason=given[0], actor=session.actor, at=clock.now())
        )


async def policy(desk: Host) -> None:
    """Show the policy in force, or put one in force."""
    from analysis.review.queries.status import policy_lines  # noqa: PLC0415
    from analysis.review.sources.attachments import attached_text  # noqa: PLC0415 - once in a review

    session = session_of(desk)
    current = session.review.policy.policy
    if current is not None:
        letter = await desk.prompts.ask(
            Choose("Policy", [("s", "show the one in force"), ("i", "put another in force")])
        )
        if letter == "s":
            await desk.prompts.ask(
                Read("Policy in force", [("", visible(line, 400)) for line in policy_lines(current)])
            )
        if letter != "i":
            return
    given = await desk.prompts.ask(Form("Policy of your organisation", [FormField("YAML file")]))
    if given:
        path = typed_path(given[0])
        outcome = commands.import_policy(
            session.review, attached_text(path), actor=session.actor, at=clock.now(), place=visible(str(path))
        )
        desk.sync.done(outcome)
        current = session.review.policy.policy
        if current is not None and current.vocabulary:
            desk.messages.say("its vocabulary applies to the next imports; press I to import a source again")
