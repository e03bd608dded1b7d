"""ACC: accountability. These rules deduct no points; an open finding blocks sign-off."""

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
    SignedPacket,
    Status,
    ToolId,
    ToolType,
    iso_date,
)
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_decision, example_state
from analysis.rules.engine.rule_context import ReviewFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

_CRITICAL: Final = ("deleteOrder", ToolType.CRITICAL)
_ALLOWED: Final = example_state(*_CRITICAL, example_decision(DecisionState.APPROVED))
_OWNED: Final = example_state(
    *_CRITICAL,
    example_decision(DecisionState.CONDITIONAL, Condition(ConditionKind.OWNER, "head of sales", evidence="SR-1")),
)
_FOUND: Final = Finding(
    FindingId("DAT-001|shop:getOrder|"), "DAT-001", "Personal data returned", Severity.MEDIUM, "medium", "", "",
    tool=ToolId("shop:getOrder"),
)  # fmt: skip
_ACCEPTED: Final = Disposition(
    Status.ACCEPTED, "needed for support", "j.doe", "2026-01-01T00:00:00Z", owner="head of sales", until="2026-06-30"
)
_CLOSED: Final = Disposition(Status.FALSE_POSITIVE, "no person", "j.doe", "2026-01-01T00:00:00Z", code="not-present")


_SIGNED: Final = SignedPacket(
    "0" * 64,
    "FINAL",
    "approvable",
    95,
    "2026-01-01T00:00:00Z",
    ("iam j.doe: approve",),
    in_force=True,
    heads={},
    contents=None,
)


def _facts(made: Disposition) -> ReviewFacts:
    return ReviewFacts(today="2026-02-01", disposed=((_FOUND, made),))


@rule(
    id="ACC-001",
    title="No owner",
    kind="review",
    severity=Severity.HIGH,
    remedy="Name an owner in an `owner` condition, or answer the ownership question with evidence for the whole set.",
    standards=("soc2:2017/CC1.3", "iso27001:2022/A.5.2"),
    false_positives="Tools whose owner is in another register; use it as evidence for the ownership question.",
    hits=(ReviewFacts((_ALLOWED,)),),
    clean=(
        ReviewFacts((_OWNED,)),
        ReviewFacts((_ALLOWED,), owned=True),
        ReviewFacts((example_state(*_CRITICAL),)),
        ReviewFacts((example_state("getOrder", ToolType.READ, example_decision(DecisionState.APPROVED)),)),
    ),
)
def no_owner(review: ReviewFacts) -> Iterator[Hit]:
    """Without an owner, no one maintains a high-risk tool or responds when it fails."""
    for tool in () if review.owned else review.granted_high_risk:
        if tool.decision is None or not tool.decision.has(ConditionKind.OWNER):
            yield Hit("allowed, high risk, no owner", tool=tool.row.id)


@rule(
    id="ACC-002",
    title="Requester approved the tool",
    kind="review",
    severity=Severity.HIGH,
    remedy="Have another person decide on high-risk tools.",
    standards=("nist-800-53:5.1.1/AC-5", "iso27001:2022/A.5.3"),
    false_positives="A single person evaluating the product.",
    hits=(ReviewFacts((_ALLOWED,), requesters=frozenset({"j.doe"})),),
    clean=(
        ReviewFacts((_ALLOWED,), requesters=frozenset({"m.roe"})),
        ReviewFacts(
            (example_state("getOrder", ToolType.READ, example_decision(DecisionState.APPROVED)),),
            requesters=frozenset({"j.doe"}),
        ),
    ),
)
def approver_is_requester(review: ReviewFacts) -> Iterator[Hit]:
    """The requester alone approved high-risk tools, so there was no independent review."""
    own: dict[str, list[str]] = {}
    for tool in review.granted_high_risk:
        made = tool.decision
        if made is not None and made.actor in review.requesters:
            own.setdefault(made.actor, []).append(tool.row.name)
    for actor, names in own.items():
        yield Hit(f"{actor} requested and approved {len(names):,} tools, such as {names[0]}", key=actor)


@rule(
    id="ACC-003",
    title="Risk acceptance without expiry, reason or owner",
    kind="review",
    severity=Severity.MEDIUM,
    groups_findings=True,
    remedy="Have the business owner renew the acceptance with a reason and an expiry date.",
    standards=("nist-800-53:5.1.1/RA-7", "nist-800-53:5.1.1/CA-5"),
    hits=(
        _facts(replace(_ACCEPTED, until="2026-01-31")),
        _facts(replace(_ACCEPTED, owner="")),
        _facts(replace(_ACCEPTED, reason=" ")),
    ),
    clean=(_facts(_ACCEPTED), _facts(_CLOSED)),
)
def incomplete_acceptance(review: ReviewFacts) -> Iterator[Hit]:
    """An accepted risk without an owner, or after its expiry, is open."""
    for finding, made in review.disposed:
        if made.status is not Status.ACCEPTED:
            continue
        defects = {"no reason": not made.reason.strip(), "no owner": not made.owner.strip()}
        defects |= {"no expiry": not iso_date(made.until), "expired": "" < iso_date(made.until) < review.today}
        if any(defects.values()):
            found_defects = ", ".join(defect for defect, holds in defects.items() if holds)
            yield Hit(f"{finding.rule}: {found_defects}", key=finding.id, tool=finding.tool)


@rule(
    id="ACC-004",
    title="Closed without evidence",
    kind="review",
    severity=Severity.MEDIUM,
    groups_findings=True,
    remedy="Attach evidence of the fix, or the reason code of the false positive.",
    standards=("nist-800-53:5.1.1/CA-5",),
    hits=(_facts(replace(_CLOSED, code="")), _facts(replace(_CLOSED, status=Status.FIXED))),
    clean=(
        _facts(_CLOSED),
        _facts(replace(_CLOSED, status=Status.FIXED, evidence="REC-1")),
        _facts(_ACCEPTED),
    ),
)
def closed_without_evidence(review: ReviewFacts) -> Iterator[Hit]:
    """The finding was closed without evidence, so an auditor cannot rely on it."""
    for finding, made in review.disposed:
        fixed = made.status is Status.FIXED and not made.evidence
        dismissed = made.status is Status.FALSE_POSITIVE and not (made.code or made.evidence)
        if fixed or dismissed:
            yield Hit(f"{finding.rule}: {made.status.value} by {made.actor}", key=finding.id, tool=finding.tool)


@rule(
    id="ACC-005",
    title="Signature older than content",
    kind="review",
    severity=Severity.HIGH,
    remedy="Export with --supersede (the desk asks), into any folder, and sign the new packet.",
    standards=("nist-800-53:5.1.1/AU-10", "nist-800-53:5.1.1/SI-7"),
    hits=(ReviewFacts(signed=_SIGNED, since_signed=1),),
    clean=(
        ReviewFacts(signed=_SIGNED),
        ReviewFacts(signed=replace(_SIGNED, in_force=False), since_signed=1),
        ReviewFacts(since_signed=1),
    ),
)
def signature_older_than_content(review: ReviewFacts) -> Iterator[Hit]:
    """The signed packet is in force, and what has been decided, answered or imported since is not in it."""
    if review.signed is not None and review.signed.in_force and review.since_signed:
        changes = f"{review.since_signed:,} change{'s' * (review.since_signed != 1)}"
        yield Hit(f"{changes} since the packet of {review.signed.issued_at[:10]}", key=review.signed.manifest[:12])
