"""`clearance intake`, `profile`, `policy`: what was asked for, and what a review is held to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from analysis.errors import UsageError
from analysis.model import Intake, Profile
from analysis.review import commands, queries
from analysis.review.queries.governance import DATA_CLASSES, intake_conflicts
from analysis.review.queries.status import plain, policy_lines
from analysis.review.queries.status import policy as policy_in_force
from analysis.review.sources.attachments import policy_text
from analysis.text import visible
from tui import clock
from tui.cli.common.output import put_json, say, say_wrapped
from tui.cli.common.review_file import FILE, opened

_ACTOR = click.option("--actor", help="Who is acting. Default: $CLEARANCE_ACTOR, else your login name.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@click.command(
    "intake",
    epilog="Example: clearance intake payments.clearance --server 'payments MCP' --owner 'Payments, M. Roe'"
    " --purpose 'refunds in support' --data personal --data financial --writes yes",
)
@FILE
@click.option("--server", default="", help="Which server, and where it runs.")
@click.option("--owner", default="", help="The team, and one person of it who answers for the tools.")
@click.option("--purpose", default="", help="What the agent is to do with them.")
@click.option("--data", multiple=True, type=click.Choice(DATA_CLASSES), help="A class of data; once for each.")
@click.option(
    "--writes", default="", type=click.Choice(["yes", "no", ""]), help="Whether the agent is to change anything."
)
@_ACTOR
@_JSON
def intake_command(file: Path, *, actor: str | None, as_json: bool, data: tuple[str, ...], **given: str) -> None:
    """Say in five fields what is asked for, before anybody looks; or show it with what the sources say against it.

    What is left out stays as it was said before.
    """
    recording = bool(data or any(given.values()))
    review = opened(file, writable=recording)
    said = queries.intake(review) or Intake()
    if recording:
        said = replace(said, data=data or said.data, **{name: value for name, value in given.items() if value})
        commands.record_intake(review, said, actor=clock.actor(actor), at=clock.now())
    against = intake_conflicts(review, said)
    if as_json:
        put_json({"intake": plain(said), "contradicted": list(against)})
        return
    for name, value in plain(said).items():
        say_wrapped(f"{name + ':':9}{visible(', '.join(value) if isinstance(value, list) else value) or 'not said'}", 9)
    for line in against:
        say_wrapped(f"against it: {visible(line, 400)}", 2)


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
        commands.set_profile(review, Profile(profile), reason=reason, actor=clock.actor(actor), at=clock.now())
    summary, held = review.summary(), review.policy.profile
    if as_json:
        put_json(
            {
                "profile": held.value,
                "questions": summary.progress.controls,
                "open_gates": [gate.why for gate in summary.open_gates],
            }
        )
        return
    say(f"profile {held.value}: {summary.progress.answered}/{summary.progress.controls} questions answered")
    for gate in summary.open_gates:
        say(f"open: {gate.why}")


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
        done = commands.import_policy(review, text, actor=clock.actor(actor), at=clock.now(), place=str(policy))
        if not as_json:
            say(visible(done.sentence))
    if as_json:
        put_json(policy_in_force(review))
    elif (held := review.policy.policy) is None:
        say("no policy is in force")
    else:
        for line in policy_lines(held):
            say(visible(line))
