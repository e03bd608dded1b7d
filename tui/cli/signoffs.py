"""`clearance sign`, `verify`: the sign-offs of a packet, and what it amounts to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from analysis.errors import CheckFailed, UsageError
from analysis.review.packets.last_packet import check_review, record_signed
from analysis.review.packets.signing import (
    HEADLINES,
    SignoffText,
    SignoffVerdict,
    Verified,
    sign,
    stated_packet,
    verify,
)
from analysis.review.sources.attachments import attached_text
from analysis.text import visible
from tui import clock
from tui.cli.common.output import interactive, put_json, remark, say
from tui.cli.common.review_file import opened


@click.command(
    "sign", epilog="Example: clearance sign packet/ --role iam --key ~/.ssh/id_ed25519 --signer alice@corp.example"
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--role", required=True, help="The role you sign in: iam, compliance, risk, change, vendor.")
@click.option(
    "--key", required=True, type=click.Path(path_type=Path), help="SSH private key, or public key held by an agent."
)
@click.option(
    "--allowed-signers", type=click.Path(path_type=Path), envvar="CLEARANCE_ALLOWED_SIGNERS",
    help="Your organisation's list: a signature that would not count, as of a revoked key, is not written. Default: $CLEARANCE_ALLOWED_SIGNERS.",
)  # fmt: skip
@click.option("--signer", help="Your name in the allowed signers. Default: $CLEARANCE_ACTOR, else your login name.")
@click.option(
    "--verdict",
    type=click.Choice([verdict.short for verdict in SignoffVerdict]),
    help="What you sign. Asked for on a terminal, required in a script.",
)
@click.option("--statement", default="", help="A sentence of your own.")
@click.option("--condition", "conditions", multiple=True, help="A condition of your approval.")
@click.option("--valid-until", default="", metavar="DATE", help="Your sign-off ends after this day.")
@click.option("--replace", is_flag=True, help="Replace your earlier sign-off in this role.")
@click.option(
    "-w", "--workspace", type=click.Path(path_type=Path), metavar="FILE",
    help="Also record the sign-off in this review, which then says when the packet is older than the review.",
)  # fmt: skip
def sign_command(  # noqa: PLR0913, PLR0917 - one for each option
    folder: Path, role: str, key: Path, allowed_signers: Path | None, signer: str | None, verdict: str | None, statement: str, conditions: tuple[str, ...],
    valid_until: str, replace: bool, workspace: Path | None,
) -> None:  # fmt: skip
    """Sign off the packet in DIR with an SSH key.

    A DRAFT, or the packet of a review that may not be approved, can only be rejected. From profile L2 on, neither the
    requester nor the only decider can approve.
    """
    chosen = _chosen_verdict(verdict)
    review = opened(workspace, writable=True) if workspace else None
    if review is not None:
        check_review(review, folder)
    if interactive():
        remark("ssh-keygen signs; it may ask for the passphrase of the key, or wait for a touch")
    text = SignoffText(role, signer or clock.actor(), chosen, clock.now(), statement, conditions, valid_until)
    stated = stated_packet(folder)
    manifest = stated.manifest if stated is not None else ""  # what is signed is what is recorded
    place = sign(folder, text, key=key, replace=replace, manifest=manifest, allowed_signers=allowed_signers)
    say(f"signed with {chosen.short}: {visible(str(place))}")
    if review is not None:
        recorded = record_signed(review, folder, manifest=manifest, actor=clock.actor(None), at=clock.now())
        say(f"{'recorded in' if recorded else 'no approval came into force in'} {visible(str(workspace))}")


def _chosen_verdict(given: str | None) -> SignoffVerdict:
    """Return the verdict to sign; it is never assumed."""
    words = {verdict.short: verdict for verdict in SignoffVerdict}
    if given is None:
        if not interactive():
            raise UsageError("no verdict was named", remedy=f"give --verdict with one of {', '.join(words)}")
        given = click.prompt("Verdict", type=click.Choice(list(words)), err=True)
    return words[given]


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
@click.option(
    "--tsa", type=click.Path(path_type=Path), metavar="CERT",
    help="Certificate (PEM) of your time stamp authority: time stamps (.tsr) are checked with openssl, and a key counts at the time stamp of its signature.",
)  # fmt: skip
@click.option(
    "--at", metavar="TIME", help="Verify as of this time, such as 2027-01-31 or 2027-01-31T12:00:00Z. Default: now."
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def verify_command(
    folder: Path, allowed_signers: Path, policy: Path | None, tsa: Path | None, at: str | None, as_json: bool
) -> None:
    """Say what the packet in DIR amounts to. Exit code 0 only for an approval that may be relied on.

    The first line is the result: approved, approved with conditions, rejected, blocked, draft, expired, not signed, or
    not verified.

    The policy in the packet states which roles and how many people have to sign; --policy adds the requirements of
    your own.
    """
    found = verify(
        folder,
        allowed_signers,
        attached_text(policy) if policy else "",
        now=clock.now(),
        at=_time(at) if at else "",
        authority=tsa,
    )
    if as_json:
        put_json(_verified(found))
    else:
        _show_verified(found)
    if not found.ok:
        raise CheckFailed(
            HEADLINES[found.result].partition(":")[0].lower(),
            place=str(folder),
            why=visible(found.why[0], 300) if found.why else "",
            remedy="do not use the allowlist of this packet",
        )


def _time(given: str) -> str:
    """Return a time that was typed: a date, or a date and a time in UTC."""
    try:
        return datetime.fromisoformat(given).isoformat()
    except ValueError:
        raise UsageError(
            f"{visible(given, 40)} is not a time", remedy="give 2027-01-31 or 2027-01-31T12:00:00Z"
        ) from None


def _verified(found: Verified) -> dict[str, Any]:
    fields = ("role", "signer", "verdict", "signed_at", "ok", "why", "key", "conditions", "statement", "counted")
    return {
        "result": found.result.value,
        "why": list(found.why),
        "signoffs": [{field: getattr(s, field) for field in fields} for s in found.signatures.signoffs],
        "requirements": [{"what": d.what, "met": d.met, "lacking": d.lacking} for d in found.requirements],
        "review_by": found.review_by,
        "review_by_item": found.review_by_item,
        "request": found.request,
        "rebuilt": found.rebuilt,
        "not_recomputed": found.not_recomputed,
        "by_digest": list(found.by_digest),
        "time_stamp": {"time": found.time_stamp.time, "note": found.time_stamp.note},
    }


def _show_verified(found: Verified) -> None:
    until = f", until {visible(found.review_by, 40)}" if found.ok and found.review_by else ""
    say(HEADLINES[found.result] + until + (f" ({found.review_by_item})" if until and found.review_by_item else ""))
    if found.request:
        say(f"for   {found.request}")
    for why in found.why:
        say(f"because: {visible(why, 400)}")
    if found.rebuilt:
        rest = f" but {', '.join(found.by_digest)}" if found.by_digest else ""
        say(f"met   every file{rest} was computed again from the events and definitions")
    elif found.not_recomputed:
        say(f"NOT   computed again: {visible(found.not_recomputed, 300)}")
    for name in found.by_digest:
        say(f"NOT   computed again: {name}: its digest was checked, and not what it says; rely on review.html")
    stamp = found.time_stamp
    if stamp.time:
        say(f"met   time stamp of {stamp.time}: {stamp.note}")
    elif stamp.note and "--tsa" in stamp.note:
        say(f"NOT   {stamp.note}")
    for s in found.signatures.signoffs:
        mark, said = "good" if s.ok else "BAD", s.why or s.counted
        why = f"  ({said})" if said else ""
        verdict = s.verdict.short if s.verdict else "-"
        say(f"{mark:4}  {visible(f'{s.role}  {s.signer}  {verdict}  {s.signed_at}{why}', 400)}")
    for requirement in found.requirements:
        say(f"{'met' if requirement.met else 'NOT':4}  {visible(requirement.what, 400)}")
