"""`clearance intake`, `profile`, `policy`: the access request, and the requirements on a review."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from analysis.errors import UsageError
from analysis.model import Intake, Profile
from analysis.review import commands, queries
from analysis.review.queries.governance import DATA_CLASSES, intake_conflicts
from analysis.review.queries.status import json_data, policy_data, policy_lines
from analysis.review.sources.attachments import attached_text
from analysis.text import visible
from tui import clock
from tui.cli.common.options import FILE, recording
from tui.cli.common.output import put_json, say, say_wrapped
from tui.cli.common.review_file import opened


@click.command(
    "intake",
    epilog="Example: clearance intake payments.clearance --server 'payments MCP' --owner 'Payments, M. Roe'"
    " --purpose 'refunds in support' --data personal --data financial --writes yes",
)
@FILE
@click.option("--server", default="", help="Which server, and where it runs.")
@click.option("--owner", default="", help="The team that owns the tools, and one person in it.")
@click.option("--purpose", default="", help="What the agent will use them for.")
@click.option(
    "--data", multiple=True, type=click.Choice(DATA_CLASSES), help="A class of data; repeat the option for each."
)
@click.option("--agent", default="", help="Which agent, and who runs it.")
@click.option("--environment", default="", help="Where it will call them, such as production. Becomes a gate.")
@click.option("--audience", multiple=True, help="A group of users that the agent serves; repeatable. Becomes a gate.")
@click.option("--ends-early", multiple=True, help="What ends the approval before its date; repeatable.")
@click.option("--role", "roles", multiple=True, help="A role that has to sign the packet; repeatable.")
@click.option("--grant", multiple=True, help="A scope of the credential as deployed; repeatable.")
@click.option("--writes", type=click.Choice(["yes", "no"]), help="Whether the agent may change anything.")
@recording
def intake_command(file: Path, *, actor: str | None, as_json: bool, **given: Any) -> None:
    """Record the access request; or show it, with everything in the sources that contradicts it.

    Fields that are left out keep their value. Environment and audience are compared with the conditions of every
    allowed tool: see `clearance gates`.
    """
    given_any = any(given.values())
    review = opened(file, writable=given_any)
    request = queries.intake(review) or Intake()
    if given_any:
        request = replace(request, **{name: value for name, value in given.items() if value})
        commands.record_intake(review, request, actor=clock.actor(actor), at=clock.now())
    conflicts = intake_conflicts(review, request)
    if as_json:
        put_json({"intake": json_data(request), "contradictions": list(conflicts)})
        return
    for name, value in json_data(request).items():
        shown = ", ".join(value) if isinstance(value, list) else value
        say_wrapped(f"{name.replace('_', ' ') + ':':13}{visible(shown) or 'not given'}", 13)
    for line in conflicts:
        say_wrapped(f"contradiction: {visible(line, 400)}", 2)


@click.command(
    "profile", epilog="Example: clearance profile payments.clearance L3 --reason 'goes to production in May'"
)
@FILE
@click.argument("profile", required=False, type=click.Choice([each.value for each in Profile]))
@click.option("--reason", default="", help="Why, in a few words.")
@recording
def profile_command(file: Path, profile: str | None, reason: str, actor: str | None, as_json: bool) -> None:
    """Set the assurance profile of a review, or show it with the open gates.

    L1 sandbox: the scored questions. L2 internal: also the five questions of every review, and access. L3 production:
    every question. L4 regulated: also a second approver for each approved high-risk tool.
    """
    if profile is None and reason:
        raise UsageError("--reason applies to a new profile", remedy="name the profile: L1, L2, L3 or L4")
    review = opened(file, writable=profile is not None)
    if profile is not None:
        commands.set_profile(review, Profile(profile), reason=reason, actor=clock.actor(actor), at=clock.now())
    summary, in_force = review.summary(), review.policy.profile
    if as_json:
        put_json(
            {
                "profile": in_force.value,
                "questions": summary.progress.controls,
                "open_gates": [gate.why for gate in summary.open_gates],
            }
        )
        return
    say(f"profile {in_force.value}: {summary.progress.answered}/{summary.progress.controls} questions answered")
    for gate in summary.open_gates:
        say(f"open: {gate.why}")


@click.command("policy", epilog="Example: clearance policy payments.clearance policy.yaml")
@FILE
@click.argument("policy", required=False, type=click.Path(path_type=Path))
@recording
def policy_command(file: Path, policy: Path | None, actor: str | None, as_json: bool) -> None:
    """Put the POLICY of your organisation in force, or show the current one.

    A YAML file with rule switches and severities, vocabulary, sign-off roles, profile, conditions by tool type, and
    the days after which approvals and accepted risks expire. Its text is recorded and becomes part of every packet.
    """
    text = None if policy is None else attached_text(policy)
    review = opened(file, writable=text is not None)
    if text is not None:
        outcome = commands.import_policy(review, text, actor=clock.actor(actor), at=clock.now(), place=str(policy))
        if not as_json:
            say(visible(outcome.sentence))
    if as_json:
        put_json(policy_data(review))
    elif (current := review.policy.policy) is None:
        say("no policy is in force")
    else:
        for line in policy_lines(current):
            say(visible(line))
