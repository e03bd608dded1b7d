"""`clearance export`, `targets`, `sign`, `verify`: the packet, its export targets and its sign-offs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.errors import CheckFailed
from analysis.review.packets.dry_run import DryRun, dry_run
from analysis.review.packets.export import Exported, export, targets
from analysis.review.packets.signing import Verified, sign, verify
from analysis.review.queries.status import plain
from analysis.review.sources.attachments import policy_text
from analysis.text import visible
from tui import clock
from tui.cli.common.output import columns, interactive, put_json, remark, say
from tui.cli.common.review_file import opened


@click.command("export", epilog="Example: clearance export payments.clearance packet/ --target codex")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--target", "names", multiple=True, metavar="NAME", help="Add the file of an export target; repeatable.")
@click.option("--dry-run", "dry", is_flag=True, help="Only show what would change in the allowlist in DIR.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def export_command(file: Path, folder: Path, names: tuple[str, ...], dry: bool, as_json: bool) -> None:
    """Write the review packet and the allowlist into DIR.

    While anything is undecided or unanswered, every file says DRAFT. `clearance targets` lists the export targets.
    """
    review = opened(file)
    if dry:
        _show_dry_run(dry_run(review, folder), as_json=as_json)
        return
    made = export(review, folder, names)
    if as_json:
        put_json(plain(made) | {"folder": str(made.folder)})
    else:
        show_export(made)


def _show_dry_run(found: DryRun, *, as_json: bool) -> None:
    """Print the changes an export would make."""
    if as_json:
        put_json(plain(found))
        return
    for line in [] if found.first else found.lines:
        change = " -> ".join(part for part in (line.before, line.now) if part)
        say(f"{line.sign} {visible(line.name)}  ({visible(change)})")
    say(found.sentence)


def show_export(exported: Exported) -> None:
    """Print what was exported."""
    blocked = exported.tools - exported.allowed - exported.conditional
    state = "DRAFT packet" if exported.open_gates else "packet"
    say(f"{state} written to {visible(str(exported.folder))}")
    say(f"  {', '.join(exported.files)}")
    say(
        f"  allowlist: {exported.allowed} allowed, {exported.conditional} with conditions, {blocked} blocked (default deny)"
    )
    if exported.replaced_signoffs:
        say(f"  {exported.replaced_signoffs} sign-offs of the earlier packet were removed: they were for other content")
    if exported.removed:
        say(f"  removed with the earlier packet: {', '.join(exported.removed)}")
    for each in exported.left_out:
        say(f"  {each['target']}: left out {visible(each['tool'], 200)}: {visible(each['reason'], 200)}")
    for gate in exported.open_gates:
        say(f"  open: {gate}")


@click.command("targets", epilog="Example: clearance targets --json")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def targets_command(as_json: bool) -> None:
    """List the targets to which `clearance export --target NAME` can export the allowlist."""
    if as_json:
        put_json([{"name": t.name, "title": t.title, "file": t.file, "note": t.note} for t in targets()])
        return
    rows = [["NAME", "FOR", "FILE", "NOTE"], *([t.name, t.title, t.file, t.note] for t in targets())]
    for line in columns(rows, [12, 24, 20, 0]):
        say(line)


@click.command(
    "sign", epilog="Example: clearance sign packet/ --role iam --key ~/.ssh/id_ed25519 --signer alice@corp.example"
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--role", required=True, help="The role you sign in: iam, compliance, risk, change, vendor.")
@click.option(
    "--key", required=True, type=click.Path(path_type=Path), help="SSH private key, or public key held by an agent."
)
@click.option("--signer", help="Your name in the allowed signers. Default: $CLEARANCE_ACTOR, else your login name.")
@click.option(
    "--verdict",
    type=click.Choice(["approve", "approve-with-conditions", "reject", "withdrawn"]),
    default="approve",
    show_default=True,
    help="What you sign.",
)
@click.option("--statement", default="", help="A sentence of your own.")
@click.option("--condition", "conditions", multiple=True, help="A condition of your approval.")
@click.option("--replace", is_flag=True, help="Replace your earlier sign-off in this role.")
def sign_command(
    folder: Path, role: str, key: Path, signer: str | None, verdict: str, statement: str, conditions: tuple[str, ...],
    replace: bool,
) -> None:  # fmt: skip
    """Sign off the packet in DIR with an SSH key."""
    if interactive():
        remark("ssh-keygen signs; it may ask for the passphrase of the key, or wait for a touch")
    place = sign(
        folder, role=role, signer=signer or clock.actor(), key=key, verdict=verdict, statement=statement,
        conditions=conditions, at=clock.now(), replace=replace,
    )  # fmt: skip
    say(f"signed: {visible(str(place))}")


@click.command("verify", epilog="Example: clearance verify packet/ --allowed-signers allowed_signers")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--allowed-signers", required=True, type=click.Path(path_type=Path),
    help="OpenSSH allowed_signers file of your organisation. Never take it from the packet.",
)  # fmt: skip
@click.option(
    "--policy", type=click.Path(path_type=Path),
    help="Your organisation's policy: the packet must have been made under it, and be signed as it requires.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def verify_command(folder: Path, allowed_signers: Path, policy: Path | None, as_json: bool) -> None:
    """Check every file and every sign-off of the packet in DIR. Exit code 1 when anything is wrong or missing.

    The policy in the packet states which roles and how many people have to sign; --policy adds the requirements of
    your own.
    """
    found = verify(folder, allowed_signers, policy_text(policy) if policy else "")
    if as_json:
        put_json(_verified(found))
    else:
        _show_verified(found)
    if not found.ok:
        raise CheckFailed(
            "the packet is not verified",
            place=str(folder),
            remedy="do not rely on it; request the missing sign-offs, or a new export",
        )


def _verified(found: Verified) -> dict[str, Any]:
    fields = ("role", "signer", "verdict", "signed_at", "ok", "why")
    return {
        "ok": found.ok,
        "draft": found.signatures.draft,
        "problems": list(found.problems),
        "signoffs": [{field: getattr(s, field) for field in fields} for s in found.signatures.signoffs],
        "demands": [{"what": d.what, "met": d.met, "lacking": d.lacking} for d in found.requirements],
    }


def _show_verified(found: Verified) -> None:
    for s in found.signatures.signoffs:
        mark, why = "good" if s.ok else "BAD", f"  ({s.why})" if s.why else ""
        say(f"{mark:4}  {visible(f'{s.role}  {s.signer}  {s.verdict}  {s.signed_at}{why}', 400)}")
    for requirement in found.requirements:
        say(f"{'met' if requirement.met else 'NOT':4}  {visible(requirement.what, 400)}")
    for problem in found.problems:
        say(f"problem: {visible(problem, 400)}")
    if found.ok:
        draft = ": a signed DRAFT; the review was not complete, and it allows nothing"
        say("verified" + (draft if found.signatures.draft else ""))
