"""Drafts of the events that commands record: the data of each, validated before anything is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import rfc8785

from analysis.errors import InputRefused, UsageError
from analysis.model import LEVELS, AnswerState, Condition, ConditionKind, DecisionState, Evidence, Policy, iso_date
from analysis.model.product import PRODUCT
from analysis.output.packet.signing.sshsig import ROLE
from analysis.policy import read_policy
from analysis.query import parse
from analysis.review.record.signed_packet import SIGNED, SUPERSEDED, contents_data, newest_record
from analysis.rules import rules
from analysis.text import visible, without_surrogates
from analysis.workspace import EventDraft, to_plain
from analysis.workspace.keys import INTAKE, PACKET, POLICY, PROFILE, REVIEW, answer_key, source_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import Control, Intake, PacketContents, Profile
    from analysis.output.packet.stated_packet import StatedPacket
    from analysis.review.sources.importing import ImportResult
    from analysis.workspace import Registers

#: Maximum number of problems of a policy that an error shows.
_MAX_PROBLEMS = 100
#: Maximum size of the contents of a packet in an event, bytes; a line of the log may have twice as many.
_MAX_CONTENTS: Final = 4 * 1024 * 1024
#: Maximum number of characters that are recorded of a word that a packet states.
_MAX_STATED: Final = 60
#: Fields that every piece of evidence is recorded with, even where they are empty.
_ALWAYS_RECORDED = ("title", "level", "where", "sha256", "valid_until")


def replacing(registers: Registers, kind: str, key: str, data: Mapping[str, Any]) -> EventDraft:
    """Return an event that replaces all heads of its key, and so resolves a conflict between them."""
    return EventDraft(kind, key, data, registers.head_ids(key))


def review_created(title: str) -> EventDraft:
    """Return the first event of a review."""
    return EventDraft("review.created", REVIEW, {"title": without_surrogates(title), "product": str(PRODUCT)})


def source_imported(result: ImportResult, changes: Mapping[str, Any] | None = None) -> EventDraft:
    """Return the import of a source, with the changes since an earlier import of it."""
    info = result.info
    data = {
        "kind": info.kind.value,
        "uri": info.uri,
        "sha256": info.sha256,
        "title": info.title,
        "version": info.version,
        "format": info.format,
        "tools": len(result.tools),
        "files": len(result.files),
        "facts": dict(info.facts),
    } | ({"changes": changes} if changes else {})
    return EventDraft("source.imported", source_key(info.id), data)


def control_answered(control: Control, state: AnswerState, text: str, evidence: Sequence[Evidence]) -> EventDraft:
    """Return an answer with its evidence. Raises `UsageError`."""
    if state is AnswerState.EVIDENCED and not evidence:
        raise UsageError("an evidenced answer needs evidence", place=control.title, remedy="name what proves it")
    if state is AnswerState.NOT_APPLICABLE and not text.strip():
        raise UsageError(
            "not applicable needs a reason", place=control.title, remedy="say why the question does not apply"
        )
    for each in evidence:
        _validate_evidence(each)
    data: dict[str, Any] = {}
    if state is not AnswerState.UNANSWERED:
        data = {"state": state.value, "text": text.strip()}
        if evidence:
            data["evidence"] = [_evidence_data(each) for each in evidence]
    return EventDraft("control.answered", answer_key(control.id), data)


def _validate_evidence(evidence: Evidence) -> None:
    if evidence.level not in LEVELS:
        wrong, levels = visible(evidence.level, 20), ", ".join(LEVELS)
        raise UsageError(f"{wrong!r} is not an evidence level", place=evidence.title, remedy=f"levels are {levels}")
    if evidence.valid_until and not _is_date(evidence.valid_until):
        wrong = visible(evidence.valid_until, 40)
        raise UsageError(f"{wrong!r} is not a date", place=evidence.title, remedy="write YYYY-MM-DD")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(iso_date(text))
    except ValueError:
        return False
    return True


def _evidence_data(evidence: Evidence) -> dict[str, Any]:
    """Return evidence as it is recorded: other fields only where they differ from their defaults."""
    data: dict[str, Any] = to_plain(evidence)
    defaults = to_plain(Evidence("", ""))
    return {name: value for name, value in data.items() if name in _ALWAYS_RECORDED or value != defaults[name]}


def profile_set(profile: Profile, reason: str) -> EventDraft:
    """Return the choice of a profile."""
    if not reason.strip():
        raise UsageError("a profile needs a reason", remedy="say in a few words where the tools will run")
    return EventDraft("profile.set", PROFILE, {"profile": profile.value, "reason": reason.strip()})


def intake_given(request: Intake) -> EventDraft:
    """Return the access request."""
    if request.writes not in {"", "yes", "no"}:
        raise UsageError("the field `writes` is yes or no", place=visible(request.writes, 40))
    wrong = [role for role in request.roles if not ROLE.fullmatch(role)]
    if wrong:
        raise UsageError(
            f"{visible(wrong[0], 40)} is not a role",
            why="lower-case letters, digits and -, at most 31",
            remedy="e.g. iam",
        )
    data = {name: value for name, value in to_plain(request).items() if value}
    if not data:
        raise UsageError("the access request is empty", remedy="state the purpose and the owner of the tools")
    return EventDraft("intake.given", INTAKE, data)


def packet_recorded(
    signed: StatedPacket, contents: PacketContents | None, contents_of: str, *, superseded: bool
) -> EventDraft:
    """Return the record of a signed packet: that it was signed, or that the next one supersedes it.

    What the packet states is not verified here, and is cut where it is longer than any of ours. `contents` are what later
    reviews are compared with, of the packet made at `contents_of`; those that are too large for an event are left out.
    """
    listed = None if contents is None else contents_data(contents)
    if listed is not None and len(rfc8785.dumps(listed)) > _MAX_CONTENTS:
        listed = None
    data = {
        "manifest": signed.manifest,
        "status": visible(signed.status, _MAX_STATED),
        "verdict": visible(signed.facts.verdict, _MAX_STATED),
        "score": signed.score,
        "issued_at": visible(signed.issued_at, _MAX_STATED),
        "signoffs": [{"role": s.role, "signer": s.signer, "verdict": s.verdict} for s in signed.signoffs],
        "heads": {replica: {"seq": seq} for replica, (seq, _) in signed.ends.items()},
        "contents": listed,
        "contents_of": visible(contents_of, _MAX_STATED),
    }
    return EventDraft(SUPERSEDED if superseded else SIGNED, PACKET, data)


def packet_no_longer_in_force(registers: Registers, signed: StatedPacket | None = None) -> EventDraft:
    """Return the record that the signed packet known last is not in force any more; `signed` is how it is signed now."""
    newest = newest_record(registers)
    data = dict(newest.data) if newest is not None else {}
    if signed is not None:
        data["signoffs"] = [{"role": s.role, "signer": s.signer, "verdict": s.verdict} for s in signed.signoffs]
    return replacing(registers, SUPERSEDED, PACKET, data)


def policy_imported(text: str, place: str) -> tuple[EventDraft, Policy]:
    """Return the import of a policy, and the policy. Raises `InputRefused` with everything that is wrong in it."""
    from analysis.assess.vocabulary import VERB_KINDS, built_in_vocabulary  # noqa: PLC0415 - it loads all of the assessment

    found = read_policy(text, rules=[each.id for each in rules()], kinds=[*VERB_KINDS, *built_in_vocabulary().lists])
    if not isinstance(found, Policy):
        lines = [
            f"{place}{f':{p.line}' if p.line else ''}: {p.pointer or 'the file'}: {p.what}; {p.remedy}" for p in found
        ]
        more = [f"and {len(lines) - _MAX_PROBLEMS} more"] if len(lines) > _MAX_PROBLEMS else []
        error = InputRefused(
            "the policy was refused",
            place=place,
            why="\n".join([*lines[:_MAX_PROBLEMS], *more]),
            remedy="correct the file; nothing was recorded",
        )
        error.problems = found
        raise error
    for rule in found.baseline:
        try:
            parse(rule.where)
        except UsageError as error:
            raise InputRefused(
                "the policy was refused", place=place, why=f"baseline {rule.name}: {error.what}", remedy=error.remedy
            ) from None
    return EventDraft("policy.imported", POLICY, {"name": found.name, "text": text, "sha256": found.sha256}), found


def with_policy_expiry(
    decision_state: DecisionState | None, conditions: Sequence[Condition], policy: Policy | None, at: str
) -> tuple[DecisionState | None, tuple[Condition, ...]]:
    """Return a decision with the expiry date that the policy gives an approval without one.

    The date counts as evidenced: the allowlist itself lets nothing through after it.
    """
    given = tuple(conditions)
    expires = any(c.kind is ConditionKind.EXPIRES for c in given)
    if (
        policy is None
        or policy.approval_days is None
        or expires
        or decision_state not in {DecisionState.APPROVED, DecisionState.CONDITIONAL}
    ):
        return decision_state, given
    until = date_after(at, policy.approval_days)
    expiry = Condition(ConditionKind.EXPIRES, until, f"policy, sha256 {policy.sha256[:12]}")
    return DecisionState.CONDITIONAL, (*given, expiry)


def date_after(at: str, days: int) -> str:
    """Return the ISO date a number of days after a time."""
    return (date.fromisoformat(at[:10]) + timedelta(days=days)).isoformat()


def sanitized(draft: EventDraft) -> EventDraft:
    """Return a draft without lone surrogates, which a terminal may pass and UTF-8 cannot encode."""

    def sanitize(value: Any) -> Any:
        if isinstance(value, str):
            return without_surrogates(value)
        if isinstance(value, list):
            return [sanitize(item) for item in value]
        return {key: sanitize(item) for key, item in value.items()} if isinstance(value, dict) else value

    return replace(draft, data=sanitize(draft.data))
