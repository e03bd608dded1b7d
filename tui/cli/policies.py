"""`clearance profile`, `policy`: what a review is held to."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.errors import UsageError
from analysis.model import Profile
from analysis.review.attachments import policy_text
from analysis.review.reporting import policy as policy_in_force
from analysis.review.reporting import policy_lines
from analysis.review.service import Review
from analysis.text import visible
from tui import clock
from tui.cli.output import put_json, say

_FILE = click.argument("file", type=click.Path(path_type=Path))
_ACTOR = click.option("--actor", help="Who is acting. Default: $CLEARANCE_ACTOR, else your login name.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.command(
    "profile", epilog="Example: clearance profile payments.clearance L3 --reason 'goes to production in May'"
)
@_FILE
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
    review = Review.open(file, writable=profile is not None)
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
@_FILE
@click.argument("policy", required=False, type=click.Path(path_type=Path))
@_ACTOR
@_JSON
def policy_command(file: Path, policy: Path | None, actor: str | None, as_json: bool) -> None:
    """Put the POLICY of your organisation in force, or show the one that is.

    One YAML file: switched-off rules and severities, own words, sign-off roles, profile, conditions by type of tool,
    days after which approvals and accepted risks end. Its text is recorded, and goes into every packet.
    """
    text = None if policy is None else policy_text(policy)
    review = Review.open(file, writable=text is not None)
    if text is not None:
        done = review.import_policy(text, actor=clock.actor(actor), at=clock.now(), place=str(policy))
        if not as_json:
            say(visible(done.sentence))
    if as_json:
        put_json(policy_in_force(review))
    elif (held := review.terms().policy) is None:
        say("no policy is in force")
    else:
        for line in policy_lines(held):
            say(visible(line))
