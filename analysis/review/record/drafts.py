"""What commands record, as drafts: the shape of each event, and what is refused before anything is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from analysis.assess.vocabulary import VERB_KINDS, built_in_vocabulary
from analysis.errors import InputRefused, UsageError
from analysis.model import LEVELS, AnswerState, Condition, ConditionKind, DecisionState, Evidence, Policy, iso_date
from analysis.model.product import PRODUCT
from analysis.policy import read_policy
from analysis.rules import rules
from analysis.text import visible, without_surrogates
from analysis.workspace import EventDraft, to_plain
from analysis.workspace.keys import INTAKE, POLICY, PROFILE, REVIEW, answer_key, source_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import Control, Intake, Profile
    from analysis.review.sources.importing import ImportResult
    from analysis.workspace import Registers

#: Problems of a policy that an error shows; the rest are counted.
_SHOWN = 100
#: What every piece of evidence is recorded with.
_NAMING = ("title", "level", "where", "sha256", "valid_until")


def replacing(registers: Registers, kind: str, key: str, data: Mapping[str, Any]) -> EventDraft:
    """Return an event that replaces all live heads of its key, and so settles a conflict between them."""
    return EventDraft(kind, key, data, registers.head_ids(key))


def created(title: str) -> EventDraft:
    """Return the first event of a review."""
    return EventDraft("review.created", REVIEW, {"title": without_surrogates(title), "product": str(PRODUCT)})


def imported(examined: ImportResult, changes: Mapping[str, Any] | None = None) -> EventDraft:
    """Return a source that was taken in, with what that changed in an earlier import of it."""
    info = examined.info
    data = {
        "kind": info.kind.value,
        "uri": info.uri,
        "sha256": info.sha256,
        "title": info.title,
        "version": info.version,
        "format": info.format,
        "tools": len(examined.tools),
        "files": len(examined.files),
        "facts": dict(info.facts),
    } | ({"changes": changes} if changes else {})
    return EventDraft("source.imported", source_key(info.id), data)


def answered(asked: Control, state: AnswerState, text: str, evidence: Sequence[Evidence]) -> EventDraft:
    """Return an answer with its evidence."""
    if state is AnswerState.EVIDENCED and not evidence:
        raise UsageError("an evidenced answer needs evidence", place=asked.title, remedy="name what proves it")
    if state is AnswerState.NOT_APPLICABLE and not text.strip():
        raise UsageError(
            "not applicable needs a reason", place=asked.title, remedy="say why the question does not apply"
        )
    for each in evidence:
        _check(each)
    data: dict[str, Any] = {}
    if state is not AnswerState.UNANSWERED:
        data = {"state": state.value, "text": text.strip()}
        if evidence:
            data["evidence"] = [_stated(each) for each in evidence]
    return EventDraft("control.answered", answer_key(asked.id), data)


def _check(evidence: Evidence) -> None:
    if evidence.level not in LEVELS:
        wrong, levels = visible(evidence.level, 20), ", ".join(LEVELS)
        raise UsageError(f"{wrong!r} is no level of evidence", place=evidence.title, remedy=f"levels are {levels}")
    if evidence.valid_until and not _is_date(evidence.valid_until):
        wrong = visible(evidence.valid_until, 40)
        raise UsageError(f"{wrong!r} is not a date", place=evidence.title, remedy="write YYYY-MM-DD")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(iso_date(text))
    except ValueError:
        return False
    return True


def _stated(evidence: Evidence) -> dict[str, Any]:
    """Return evidence as it is recorded: what names it always, the rest where it says something."""
    said: dict[str, Any] = to_plain(evidence)
    usual = to_plain(Evidence("", ""))
    return {name: value for name, value in said.items() if name in _NAMING or value != usual[name]}


def profiled(profile: Profile, reason: str) -> EventDraft:
    """Return the choice of a profile."""
    if not reason.strip():
        raise UsageError("a profile needs a reason", remedy="say in a few words where the tools will run")
    return EventDraft("profile.set", PROFILE, {"profile": profile.value, "reason": reason.strip()})


def intake(said: Intake) -> EventDraft:
    """Return what was said at intake."""
    if said.writes not in {"", "yes", "no"}:
        raise UsageError("whether it writes is yes or no", place=visible(said.writes, 40))
    data = {name: value for name, value in to_plain(said).items() if value}
    if not data:
        raise UsageError("the intake says nothing", remedy="say what the tools are for, and whose they are")
    return EventDraft("intake.given", INTAKE, data)


def policy(text: str, place: str) -> tuple[EventDraft, Policy]:
    """Return a policy to be put in force, and what it says. Raises `InputRefused` with everything that is wrong."""
    found = read_policy(text, rules=[each.id for each in rules()], kinds=[*VERB_KINDS, *built_in_vocabulary().lists])
    if not isinstance(found, Policy):
        lines = [
            f"{place}{f':{p.line}' if p.line else ''}: {p.pointer or 'the file'}: {p.what}; {p.remedy}" for p in found
        ]
        more = [f"and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
        error = InputRefused(
            "the policy was refused",
            place=place,
            why="\n".join([*lines[:_SHOWN], *more]),
            remedy="correct the file; nothing was recorded",
        )
        error.problems = found
        raise error
    return EventDraft("policy.imported", POLICY, {"name": found.name, "text": text, "sha256": found.sha256}), found


def lasting(
    decision_state: DecisionState | None, conditions: Sequence[Condition], held: Policy | None, at: str
) -> tuple[DecisionState | None, tuple[Condition, ...]]:
    """Return a decision with the end that the policy gives an approval without one.

    The end counts as proved: the allowlist itself lets nothing through after it.
    """
    given = tuple(conditions)
    ends = any(c.kind is ConditionKind.EXPIRES for c in given)
    if (
        held is None
        or held.approval_days is None
        or ends
        or decision_state not in {DecisionState.APPROVED, DecisionState.CONDITIONAL}
    ):
        return decision_state, given
    until = day_after(at, held.approval_days)
    end = Condition(ConditionKind.EXPIRES, until, f"policy, sha256 {held.sha256[:12]}")
    return DecisionState.CONDITIONAL, (*given, end)


def day_after(at: str, days: int) -> str:
    """Return the ISO date so many days after a time."""
    return (date.fromisoformat(at[:10]) + timedelta(days=days)).isoformat()


def sanitized(draft: EventDraft) -> EventDraft:
    """Return a draft whose words can be written: a terminal may hand over half a character."""

    def mend(value: Any) -> Any:
        if isinstance(value, str):
            return without_surrogates(value)
        if isinstance(value, list):
            return [mend(item) for item in value]
        return {key: mend(item) for key, item in value.items()} if isinstance(value, dict) else value

    return replace(draft, data=mend(draft.data))
