"""`clearance profile`, `policy`: what a review is held to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.model import Profile
from analysis.review.attachments import policy_text
from analysis.review.reporting import policy as policy_in_force
from analysis.text import visible
from tui import clock
from tui.cli.files import FILE, opened
from tui.cli.output import put_json, say

if TYPE_CHECKING:
    from analysis.model import Policy

_ACTOR = click.option("--actor", help="Who is acting. Default: $CLEARANCE_ACTOR, else your login name.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.command(
    "profile", epilog="Example: clearance profile payments.clearance L3 --reason 'goes to production in May'"
)
@FILE
@click.argument("profile", required=False, type=click.Choice([each.value for each in Profile]))
@click.option("--reason", default="", help="Why, in a few words.")
@_ACTOR
@_JSON
def profile_command(file: Path, profile: str | None, reason: str, actor: str | None, as_json: bool) -> None:
    """Choose how much a review is asked, or show it.

    L1 sandbox: the scored questions. L2 internal: the five questions of every review, and access, too. L3 production:
    every question. L4 regulated: a second person behind each high risk that is let through, too.
    """
    if profile is None and reason:
        raise UsageError("a reason for nothing", remedy="name the profile as well: L1, L2, L3 or L4")
    review = opened(file, writable=profile is not None)
    if profile is not None:
        review.set_profile(Profile(profile), reason=reason, actor=clock.actor(actor), at=clock.now())
    standing, held = review.standing(), review.terms().profile
    if as_json:
        put_json(
            {"profile": held.value, "questions": standing.progress.controls, "open_gates": list(standing.open_gates)}
        )
        return
    say(f"profile {held.value}: {standing.progress.answered}/{standing.progress.controls} questions answered")
    for gate in standing.open_gates:
        say(f"open: {gate}")


@click.command("policy", epilog="Example: clearance policy payments.clearance policy.yaml")
@FILE
@click.argument("policy", required=False, type=click.Path(path_type=Path))
@_ACTOR
@_JSON
def policy_command(file: Path, policy: Path | None, actor: str | None, as_json: bool) -> None:
    """Put the POLICY of your organisation in force, or show the one that is.

    One YAML file: switched-off rules and severities, own words, sign-off roles, profile, conditions by type of tool,
    days after which approvals and accepted risks end. Its text is recorded, and goes into every packet.
    """
    text = None if policy is None else policy_text(policy)
    review = opened(file, writable=text is not None)
    if text is not None:
        done = review.import_policy(text, actor=clock.actor(actor), at=clock.now(), place=str(policy))
        if not as_json:
            say(visible(done.sentence))
    if as_json:
        put_json(policy_in_force(review))
    elif (held := review.terms().policy) is None:
        say("no policy is in force")
    else:
        _show(held)


def _show(held: Policy) -> None:
    say(visible(f"{held.name}, sha256 {held.sha256}"))
    say(f"profile: {held.profile.value if held.profile else 'not stated'}")
    for setting in held.rules.values():
        made = (
            "switched off" if setting.off else f"severity {setting.severity.value}" if setting.severity else "as usual"
        )
        say(visible(f"rule {setting.rule}: {made}" + (f" ({setting.reason})" if setting.reason else "")))
    for kind, groups in held.vocabulary.items():
        say(visible(f"words of kind {kind}: {', '.join(word for group in groups for word in group.words)}"))
    if held.roles:
        say(visible(f"sign-offs: {held.sign_offs} of {', '.join(held.roles)}"))
    for tool_type, conditions in held.conditions.items():
        say(visible(f"conditions for {tool_type.value}: {', '.join(f'{c.kind.value}={c.value}' for c in conditions)}"))
    for what, days in (("approvals", held.approval_days), ("accepted risks", held.acceptance_days)):
        if days is not None:
            say(f"{what} end after {days} days where nobody states an end")
