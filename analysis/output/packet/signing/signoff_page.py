"""The page that shows who signed a packet: made again at each sign-off, and no part of what is signed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from analysis.output.packet.auditor import PROGRAM
from analysis.output.packet.chapters.blocks import (
    Block,
    Cell,
    Code,
    Commands,
    Heading,
    Inline,
    Masthead,
    Para,
    SafeText,
    Table,
)
from analysis.output.packet.chapters.inline import COMMA, NONE, counted, date, small, strong
from analysis.output.packet.document.review_document import REVIEW_JSON
from analysis.output.packet.file_check import read_manifest
from analysis.output.packet.folder import MANIFEST, MAX_BYTES, Snapshot, Unreadable
from analysis.output.packet.render import html
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.output.packet.stated_packet import StatedSignoff, stated_signoffs
from analysis.output.packet.strict_json import strict_json
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_VERDICTS: Final = {
    SignoffVerdict.APPROVE: SafeText("approved"),
    SignoffVerdict.CONDITIONS: SafeText("approved with conditions"),
    SignoffVerdict.REJECT: SafeText("rejected"),
    SignoffVerdict.WITHDRAWN: SafeText("withdrawn"),
}


def signoff_page(packet: Snapshot) -> bytes:
    """Return the page for the sign-offs that a packet has, as they state themselves. Raises `Unreadable`."""
    review = strict_json(packet.read(REVIEW_JSON), MAX_BYTES)
    title, status = review.get("title"), review.get("status")
    if not (isinstance(title, str) and isinstance(status, str)):
        raise Unreadable(f"{REVIEW_JSON} does not have the form of a review")
    blocks = list(_blocks(packet, title, stated_signoffs(packet)))
    named = f"Sign-offs: {visible(title, 120)}"
    return "".join(html.page(blocks, named, draft=status != "FINAL", foot=named)).encode()


def _blocks(packet: Snapshot, title: str, signoffs: Sequence[StatedSignoff]) -> Iterator[Block]:
    yield Masthead(SafeText("Tool access review: sign-offs"), title)
    yield Heading(1, _headline(signoffs))
    yield Heading(2, SafeText("Who signed"), "signed")
    head = ("Role", "Signer", "Verdict", "Signed", "Until", "Key and statement")
    yield Table(SafeText("Sign-offs"), head, tuple(map(_row, signoffs)), widths=(11, 19, 15, 11, 11, 33))
    yield Heading(2, SafeText("What is signed"), "what")
    manifest = packet.read(MANIFEST)
    predicate: Any = read_manifest(packet).get("predicate")
    made: Inline = date(str(predicate.get("issuedAt", ""))) if isinstance(predicate, dict) else NONE
    yield Para(
        (
            SafeText("The manifest of this packet, made "), made, SafeText(", which lists every file with its SHA-256: "),
            Code(hashlib.sha256(manifest).hexdigest()), SafeText("."),
        )
    )  # fmt: skip
    yield Para(
        SafeText(
            "This page shows what the sign-offs state. It is not signed, and it checks nothing. Whether the packet is an approval, these say:"
        ),
        "note",
    )
    yield Commands(
        (
            "clearance verify . --allowed-signers allowed_signers",
            f"python3 -I {PROGRAM} . allowed_signers",
        )
    )
    if PROGRAM in packet.files:
        digest = hashlib.sha256(packet.read(PROGRAM)).hexdigest()
        yield Para((SafeText("SHA-256 of "), Code(PROGRAM), SafeText(" in this packet: "), Code(digest)), "note")


def _headline(signoffs: Sequence[StatedSignoff]) -> tuple[Inline, ...]:
    """Return who said what. Whether that suffices, only a verification with the verifier's own list can say."""
    said: list[Inline] = [counted(len(signoffs), SafeText("sign-off"), SafeText("sign-offs"))]
    for number, each in enumerate(signoffs):
        said += [COMMA if number else SafeText(": "), each.role, SafeText(" "), _verdict(each)]
    return (*said, SafeText("."))


def _verdict(signoff: StatedSignoff) -> SafeText:
    known = signoff.verdict in tuple(SignoffVerdict)
    return _VERDICTS[SignoffVerdict(signoff.verdict)] if known else SafeText("unreadable")


def _row(signoff: StatedSignoff) -> tuple[Cell, ...]:
    said: list[Inline] = [Code(signoff.key)] if signoff.key else [SafeText("no readable signature")]
    said += [small(signoff.statement)] if signoff.statement else []
    said += [small(SafeText("condition: "), each) for each in signoff.conditions]
    until = date(signoff.valid_until) if signoff.valid_until else SafeText("no end")
    return (strong(signoff.role), signoff.signer, _verdict(signoff), date(signoff.signed_at), until, tuple(said))
