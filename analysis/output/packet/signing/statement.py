"""The statement that a person signs: a verdict on one manifest, by a person in a role."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from analysis.errors import UsageError
from analysis.model import iso_date
from analysis.output.packet.file_check import is_draft, read_manifest
from analysis.output.packet.folder import MANIFEST, SIGNOFFS
from analysis.output.packet.manifest import STATEMENT
from analysis.output.packet.signing import sshsig
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.text import visible, without_surrogates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analysis.output.packet.folder import Snapshot

PREDICATE: Final = "https://clearance/predicates/sign-off/v2"
#: That of version 0.1.0, which had no end and did not name the sign-offs before it.
_FIRST_PREDICATE: Final = "https://clearance/predicates/sign-off/v1"
#: Endings of the file names of a signature, and of the time stamp of one.
SIGNATURE: Final = ".sig"
STAMP: Final = ".sig.tsr"
UTC_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|\+00:00)", re.ASCII)
_TEXTS: Final = ("role", "signer", "statement", "signedAt", "validUntil")
_FIELDS: Final = {*_TEXTS, "verdict", "conditions", "before", "draft"}


@dataclass(frozen=True, slots=True)
class SignoffText:
    """What a person says of a packet. `signed_at` is ISO 8601 in UTC, `valid_until` an ISO date or empty."""

    role: str
    signer: str
    verdict: SignoffVerdict
    signed_at: str
    statement: str = ""
    conditions: tuple[str, ...] = ()
    valid_until: str = ""

    @property
    def file(self) -> str:
        """The name of its file in a packet."""
        return signoff_file(self.role, self.signer)

    def check(self) -> None:
        """Raise `UsageError` for what cannot be signed, on any packet."""
        sshsig.check_names(self.role, self.signer)
        if self.conditions and self.verdict is not SignoffVerdict.CONDITIONS:
            raise UsageError(
                "conditions and verdict do not match", remedy="conditions go with the verdict conditions alone"
            )
        if not UTC_TIME.fullmatch(self.signed_at):
            raise UsageError(
                f"{visible(self.signed_at, 40)} is not a time",
                remedy="give ISO 8601 in UTC, such as 2026-11-22T10:00:00Z",
            )
        until = self.valid_until
        if until and (iso_date(until) != until or until < self.signed_at[:10]):
            raise UsageError(
                f"{visible(until, 40)} cannot end a sign-off", remedy="give a date from today on, as YYYY-MM-DD"
            )

    @property
    def problem(self) -> str:
        """What `check` refuses, in words; empty if nothing."""
        try:
            self.check()
        except UsageError as error:
            return "; ".join(part for part in (error.what, error.why, error.remedy) if part)
        return ""


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """The subject of a sign-off: the digest of the manifest, whether it is that of a draft, and when it was made."""

    sha256: str
    draft: bool
    issued_at: str = ""  # ISO 8601, as the manifest states it

    @classmethod
    def of(cls, packet: Snapshot) -> SignedManifest:
        """Return it from the manifest of a packet, or raise `Unreadable`."""
        manifest = read_manifest(packet)
        predicate = manifest.get("predicate")
        issued = predicate.get("issuedAt") if isinstance(predicate, dict) else ""
        sha256 = hashlib.sha256(packet.read(MANIFEST)).hexdigest()
        return cls(sha256, is_draft(manifest), issued if isinstance(issued, str) else "")


def signoff_file(role: str, signer: str) -> str:
    """Return the name of the file of a sign-off in a packet."""
    return f"{SIGNOFFS}/{role}.{signer}.json"


def role_and_signer(name: str) -> tuple[str, str] | None:
    """Return role and signer from the file name of a sign-off; None if it is not one."""
    role, dot, rest = name.removeprefix(f"{SIGNOFFS}/").partition(".")
    signer = rest.removesuffix(".json")
    good = dot and signer != rest and sshsig.ROLE.fullmatch(role) and sshsig.SIGNER.fullmatch(signer)
    return (role, signer) if good else None


def signed_bytes(text: SignoffText, manifest: SignedManifest, before: Sequence[dict[str, str]]) -> bytes:
    """Return the bytes to sign. `before` are the sign-offs that the packet has already, by name and SHA-256."""
    predicate = {
        "role": text.role,
        "signer": text.signer,
        "verdict": text.verdict.value,
        "conditions": [without_surrogates(condition) for condition in text.conditions],
        "statement": without_surrogates(text.statement),
        "signedAt": text.signed_at,
        "validUntil": text.valid_until,
        "before": list(before),
        "draft": manifest.draft,
    }
    return rfc8785.dumps(_statement(manifest, predicate)) + b"\n"


def _statement(manifest: SignedManifest, predicate: dict[str, Any]) -> dict[str, Any]:
    subject = [{"name": MANIFEST, "digest": {"sha256": manifest.sha256}}]
    return {"_type": STATEMENT, "subject": subject, "predicateType": PREDICATE, "predicate": predicate}


def predicate_of(statement: dict[str, Any]) -> dict[str, Any] | None:
    """Return the predicate of a sign-off, with what one of version 0.1.0 lacks; None where it does not have the form."""
    predicate = statement.get("predicate")
    if isinstance(predicate, dict) and statement.get("predicateType") == _FIRST_PREDICATE:
        predicate = {"validUntil": "", "before": [], **predicate}
    return predicate if isinstance(predicate, dict) and _well_formed(predicate) else None


def objection_to_form(statement: dict[str, Any], manifest: SignedManifest) -> str:
    """Return why a statement is not what a sign-off with its predicate says of a manifest, or an empty string."""
    expected = _statement(manifest, statement["predicate"])
    if statement.get("subject") != expected["subject"]:
        return f"is for another {MANIFEST}, or {MANIFEST} has been changed since"
    exact = statement in (expected, expected | {"predicateType": _FIRST_PREDICATE})
    return "" if exact else "does not have the form of a sign-off"


def _well_formed(predicate: dict[str, Any]) -> bool:
    """Whether a predicate has exactly the fields of a sign-off, each of its type."""
    conditions, before = predicate.get("conditions"), predicate.get("before")
    return (
        set(predicate) == _FIELDS
        and all(isinstance(predicate[name], str) for name in _TEXTS)
        and isinstance(conditions, list)
        and all(isinstance(condition, str) for condition in conditions)
        and isinstance(before, list)
        and all(_names_a_file(each) for each in before)
        and predicate["verdict"] in tuple(SignoffVerdict)
        and iso_date(predicate["validUntil"]) == predicate["validUntil"]
        and UTC_TIME.fullmatch(predicate["signedAt"]) is not None
    )


def _names_a_file(each: object) -> bool:
    return isinstance(each, dict) and set(each) == {"name", "sha256"} and all(isinstance(v, str) for v in each.values())
