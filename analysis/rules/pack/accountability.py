"""ACC: who answers for what. These cost no points; while one is open, the review cannot be signed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.model import (
    Condition,
    ConditionKind,
    DecisionState,
    Disposition,
    Finding,
    FindingId,
    Severity,
    Status,
    ToolId,
    ToolType,
    iso_date,
)
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import decided, state
from analysis.rules.engine.rule_context import ReviewFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

_GRAVE: Final = ("deleteOrder", ToolType.CRITICAL)
_ALLOWED: Final = state(*_GRAVE, decided(DecisionState.APPROVED))
_OWNED: Final = state(
    *_GRAVE, decided(DecisionState.CONDITIONAL, Condition(ConditionKind.OWNER, "head of sales", evidence="SR-1"))
)
_FOUND: Final = Finding(
    FindingId("DAT-001|shop:getOrder|"), "DAT-001", "Personal data returned", Severity.MEDIUM, "medium", "", "",
    tool=ToolId("shop:getOrder"),
)  # fmt: skip
_ACCEPTED: Final = Disposition(
    Status.ACCEPTED, "needed for support", "j.doe", "2026-01-01T00:00:00Z", owner="head of sales", until="2026-06-30"
)
_CLOSED: Final = Disposition(Status.FALSE_POSITIVE, "no person", "j.doe", "2026-01-01T00:00:00Z", code="not-present")


def _facts(made: Disposition) -> ReviewFacts:
    return ReviewFacts(today="2026-02-01", disposed=((_FOUND, made),))


@rule(
    id="ACC-001",
    title="No owner",
    kind="review",
    severity=Severity.HIGH,
    remedy="Name who answers for the tool, as a condition `owner`; or prove for the whole set who owns what.",
    standards=("soc2:2017/CC1.3", "iso27001:2022/A.5.2"),
    false_positives="Tools whose owner stands in a register elsewhere; answer the question on ownership with it.",
    hits=(ReviewFacts((_ALLOWED,)),),
    clean=(
        ReviewFacts((_OWNED,)),
        ReviewFacts((_ALLOWED,), owned=True),
        ReviewFacts((state(*_GRAVE),)),
        ReviewFacts((state("getOrder", ToolType.READ, decided(DecisionState.APPROVED)),)),
    ),
)
def no_owner(review: ReviewFacts) -> Iterator[Hit]:
    """A grave tool that nobody answers for stays as it is when it should change, and nobody is called when it fails."""
    for tool in () if review.owned else review.granted_high_risk:
        if tool.decision is None or not tool.decision.has(ConditionKind.OWNER):
            yield Hit("allowed, high risk, no owner", tool=tool.row.id)


@rule(
    id="ACC-002",
    title="Approver is requester",
    kind="review",
    severity=Severity.HIGH,
    remedy="Have another person decide on the tools of high risk.",
    standards=("nist-800-53:5.1.1/AC-5", "iso27001:2022/A.5.3"),
    false_positives="One person trying the product out.",
    hits=(ReviewFacts((_ALLOWED,), requesters=frozenset({"j.doe"})),),
    clean=(
        ReviewFacts((_ALLOWED,), requesters=frozenset({"m.roe"})),
        ReviewFacts(
            (state("getOrder", ToolType.READ, decided(DecisionState.APPROVED)),), requesters=frozenset({"j.doe"})
        ),
    ),
)
def approver_is_requester(review: ReviewFacts) -> Iterator[Hit]:
    """Whoever wants the tools has approved the riskiest of them alone; that is no second look."""
    own: dict[str, list[str]] = {}
    for tool in review.granted_high_risk:
        made = tool.decision
        if made is not None and made.actor in review.requesters:
            own.setdefault(made.actor, []).append(tool.row.name)
    for actor, names in own.items():
        yield Hit(f"{actor} asked for and approved {len(names):,}, such as {names[0]}", key=actor)


@rule(
    id="ACC-003",
    title="Acceptance without end, reason or owner",
    kind="review",
    severity=Severity.MEDIUM,
    grouped_when=True,
    remedy="Have the business owner accept the risk anew, with a reason and a date on which it ends.",
    standards=("nist-800-53:5.1.1/RA-7", "nist-800-53:5.1.1/CA-5"),
    hits=(
        _facts(replace(_ACCEPTED, until="2026-01-31")),
        _facts(replace(_ACCEPTED, owner="")),
        _facts(replace(_ACCEPTED, reason=" ")),
    ),
    clean=(_facts(_ACCEPTED), _facts(_CLOSED)),
)
def incomplete_acceptance(review: ReviewFacts) -> Iterator[Hit]:
    """A risk that nobody carries, or that was carried until a day that has passed, is simply open."""
    for found, made in review.disposed:
        if made.status is not Status.ACCEPTED:
            continue
        faults = {"no reason": not made.reason.strip(), "no owner": not made.owner.strip()}
        faults |= {"no end": not iso_date(made.until), "ended": "" < iso_date(made.until) < review.today}
        if any(faults.values()):
            said = ", ".join(fault for fault, holds in faults.items() if holds)
            yield Hit(f"{found.rule}: {said}", key=found.id, tool=found.tool)


@rule(
    id="ACC-004",
    title="Closed without evidence",
    kind="review",
    severity=Severity.MEDIUM,
    grouped_when=True,
    remedy="Attach what proves it, or the code that says why it is no fault.",
    standards=("nist-800-53:5.1.1/CA-5",),
    hits=(_facts(replace(_CLOSED, code="")), _facts(replace(_CLOSED, status=Status.FIXED))),
    clean=(
        _facts(_CLOSED),
        _facts(replace(_CLOSED, status=Status.FIXED, evidence="REC-1")),
        _facts(_ACCEPTED),
    ),
)
def closed_without_evidence(review: ReviewFacts) -> Iterator[Hit]:
    """A finding was taken off the list on somebody's word; an auditor cannot rely on it."""
    for found, made in review.disposed:
        fixed = made.status is Status.FIXED and not made.evidence
        dismissed = made.status is Status.FALSE_POSITIVE and not (made.code or made.evidence)
        if fixed or dismissed:
            yield Hit(f"{found.rule}: {made.status.value} by {made.actor}", key=found.id, tool=found.tool)
