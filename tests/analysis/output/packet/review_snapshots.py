"""Review snapshots to export: a plain one that reads like a real review, and one whose every text is hostile."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from analysis.model import (
    Answer,
    AnswerState,
    Assessment,
    Background,
    Checklist,
    Condition,
    ConditionKind,
    Control,
    DataHit,
    Decision,
    DecisionState,
    Diagram,
    Disposition,
    Edge,
    Effect,
    Evidence,
    ExfiltrationPath,
    Finding,
    FindingId,
    FlowRole,
    Gate,
    GateId,
    LedgerLine,
    Level,
    LogEntry,
    Node,
    Note,
    Override,
    Policy,
    Problem,
    Product,
    Profile,
    Reason,
    RecommendedControls,
    Reversibility,
    ReviewedTool,
    ReviewSnapshot,
    Risk,
    RuleNotRun,
    RuleSetting,
    SchemeUse,
    Score,
    Severity,
    Skipped,
    SourceId,
    SourceInfo,
    SourceKind,
    StandardEdition,
    Status,
    Tool,
    ToolId,
    ToolRow,
    ToolState,
    ToolType,
    Verdict,
    Words,
    decision_state_of,
    effect_of,
    require_second_approver,
)

AS_OF = "2026-11-20T16:30:00Z"
SOURCE = SourceId("customer-management")


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def tool(name="getCustomer", method="GET", path="/customers/{id}", **more):
    fields = {
        "id": ToolId(f"{SOURCE}:{method} {path}"),
        "source": SOURCE,
        "name": name,
        "method": method,
        "path": path,
        "operation_id": name,
        "summary": f"Summary of {name}",
        "description": "",
        "digest": digest(f"{method} {path}"),
        "pointer": "/paths",
        "security": ((SchemeUse("oauth", "oauth2", ("customers.read",)),),),
    }
    return Tool(**(fields | more))


_RISK = {Effect.READ: Risk.LOW, Effect.SIDE_EFFECT: Risk.MEDIUM, Effect.CRITICAL: Risk.HIGH}
_BACK = {Effect.READ: Reversibility.READ, Effect.SIDE_EFFECT: Reversibility.REVERSIBLE}


def review(subject, effect=Effect.READ, decision=None, **more):
    kind = ToolType(effect.value)
    assessment = Assessment(
        effect=effect,
        types=(kind,),
        reversibility=_BACK.get(effect, Reversibility.IRREVERSIBLE),
        risk=_RISK[effect],
        data=(DataHit("personal", "response", ("email", "name")),),
        reasons=(
            Reason("method", subject.method, effect.value),
            Reason("name", subject.name, "side-effect", against=True),
        ),
        confidence=0.9,
    )
    return ReviewedTool(subject, assessment, state_of(subject, assessment, decision, more), **more)


def state_of(subject, assessment, decision, more):
    """The state of a tool in a review; takes out of `more` what belongs to it."""
    stale, conflict, lacking = (more.pop(name, False) for name in ("stale", "conflict", "lacking"))
    kind = more.pop("type", assessment.types[0])
    override = more.pop("type_override", None)
    reached = decision_state_of(decision, subject.digest, AS_OF, conflict=conflict)
    if stale and not conflict:
        reached = DecisionState.STALE
    return ToolState(
        ToolRow.of(subject, assessment),
        risk=more.pop("risk", assessment.risk),
        type=kind,
        effect=effect_of(kind) if override else assessment.effect,
        decision_state=require_second_approver(reached, lacking=lacking),
        decision=decision,
        risk_override=more.pop("risk_override", None),
        type_override=override,
    )


def decision(subject, decision_state=DecisionState.APPROVED, *conditions, reason="Needed for support", **more):
    fields = {"definition": subject.digest, "actor": "alice@corp", "at": "2026-11-19T09:00:00Z"}
    return Decision(state=decision_state, reason=reason, conditions=conditions, **(fields | more))


def finding(rule="EXP-001", subject=None, severity=Severity.CRITICAL, status=Status.OPEN, **more):
    fields: dict[str, Any] = {
        "id": FindingId(f"{rule}:{subject.id if subject else 'review'}"),
        "title": f"Title of {rule}",
        "confidence": "high",
        "why": "It can be called without a person confirming.",
        "remedy": "Attach a run-time approval.",
        "tool": subject.id if subject else None,
    }
    return Finding(rule=rule, severity=severity, status=status, **(fields | more))


def entry(seq, sentence="approved getCustomer (Needed for support)", **data):
    body = {"actor": "alice@corp", "at": AS_OF, "data": data, "seq": seq, "v": 1}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return LogEntry(digest(text), "r1", seq, AS_OF, "alice@corp", "decide", f"tool/{seq}/decision", sentence, text)


def source(**more):
    fields = {
        "kind": SourceKind.OPENAPI,
        "uri": "/home/alice/private/customer-management.yaml",
        "sha256": digest("source"),
        "title": "Customer Management API",
        "version": "1.4.0",
        "format": "OpenAPI 3.1.0",
        "size": 48_213,
    }
    return SourceInfo(id=SOURCE, **(fields | more))


def controls():
    store = Control(
        "cred-store", "Credential storage", "Where do credentials live?", ("governance", "q3"), "platform", "E3", 2, ()
    )
    logs = Control(
        "log-config",
        "Audit logging",
        "Is every call logged?",
        ("governance", "q5"),
        "platform",
        "E3",
        3,
        ("soc2:2017/CC7.2",),
    )
    proof = Evidence("Export of the log configuration", "E3", "ticket 4711", digest("log"), "2027-03-01")
    answer = Answer("log-config", AnswerState.EVIDENCED, "Yes, for a year.", "bob@corp", AS_OF, (proof,))
    return ((store, None), (logs, answer))


def background():
    """What the document repeats from the product, in small."""
    nodes = (Node("agent", "Agent and model", "agent", "context"), Node("tools", "Tool server", "server", "serving"),
             Node("api:api.example", "api.example", "api", "api:api.example"), Node("issuer:oauth", "Issuer", "issuer", "issuing", stated=False))  # fmt: skip
    data = (Edge("agent", "tools", "calls", tools=4), Edge("tools", "api:api.example", "sends", ("personal (3)",), 4))
    keys = (
        Edge("issuer:oauth", "tools", "issues oauth (oauth2)"),
        Edge("tools", "api:api.example", "oauth (oauth2)", (), 4),
    )
    return Background(
        checklists=tuple(
            Checklist(each, f"{each} track", ("cred-store", "log-config", "iam-leaver")) for each in ("iam", "risk")
        ),
        standards=(StandardEdition("soc2:2017/", "SOC 2", "2017"),),
        recommended=tuple(RecommendedControls(kind, ("Audit logging",), (ConditionKind.AUDIT,)) for kind in ToolType),
        diagrams=(
            Diagram("data-flow", "Data flow", (), nodes, data),
            Diagram("credential-flow", "Credential flow", (), nodes, keys),
        ),
    )


def path(held, readers):
    """An exfiltration path whose only sink a person approves."""
    roles = {FlowRole.PRIVATE_DATA: readers, FlowRole.UNTRUSTED_CONTENT: readers[:1], FlowRole.EXFILTRATION_SINK: ()}
    return ExfiltrationPath(roles, roles, held=(held,))


def plain(**more):
    """A small finished review with one tool in each state that a page must distinguish."""
    read = tool()
    listing = tool("listInvoices", path="/invoices")
    update = tool("updateCustomer", "PATCH")
    delete = tool("deleteCustomer", "DELETE")
    refund = tool("refundPayment", "POST", "/payments/{id}/refunds")
    approval = Condition(ConditionKind.APPROVAL, "two persons", "workflow WF-12")
    until = Condition(ConditionKind.EXPIRES, "2027-01-31")
    lowered = Override("low", "Only drafts are touched", "carol@corp", AS_OF)
    found = (
        finding("EXP-002", refund, title="refundPayment can move money without approval"),
        finding("CRD-005", status=Status.ACCEPTED, severity=Severity.MEDIUM, title="One key for every caller"),
        finding("DAT-001", read, status=Status.FALSE_POSITIVE, severity=Severity.LOW),
    )
    said = {
        found[1].id: Disposition(
            Status.ACCEPTED, "Replaced in Q1", "dan@corp", AS_OF, owner="cfo@corp", until="2027-02-01"
        ),
        found[2].id: Disposition(Status.FALSE_POSITIVE, "A test field", "alice@corp", AS_OF, code="not-reachable"),
    }
    fields = {
        "workspace": "ws-7f3a",
        "title": "Support assistant, production",
        "as_of": AS_OF,
        "heads": {"r1": (3, digest("head"))},
        "sources": (source(),),
        "tools": (
            review(read, decision=decision(read)),
            review(listing),
            review(
                update,
                Effect.SIDE_EFFECT,
                decision(update, DecisionState.CONDITIONAL, approval, until),
                risk=Risk.LOW,
                risk_override=lowered,
            ),
            review(delete, Effect.CRITICAL, decision(delete, DecisionState.BLOCKED, reason="No way back")),
            review(refund, Effect.CRITICAL, decision(refund), type=ToolType.BILLING, findings=(found[0].id,)),
        ),
        "findings": found,
        "dispositions": said,
        "controls": controls(),
        "notes": (Note("review", "Pilot ends in March.", "alice@corp", AS_OF),),
        "score": Score(
            value=89,
            without_acceptances=87,
            quality=96,
            verdict=Verdict.BLOCKED,
            because=("1 critical finding is open",),
            caps=((89, "a critical finding is open"),),
            ledger=(
                LedgerLine(found[0].id, "refundPayment can move money without approval", "EXP-002", 5.0, 5.0, 5),
                LedgerLine(found[1].id, "One key for every caller", "CRD-005", 2.0, 1.0, 1),
            ),
        ),
        "problems": ((SOURCE, Problem(Level.NOTE, "A response has no schema", "/paths/~1invoices", 42, "Add one")),),
        "not_checked": (Skipped("traffic", "no log was given"),),
        "rules_not_run": (RuleNotRun("FLO-002", "needs two sources"),),
        "rule_pack": "2026.11",
        "product": Product("clearance", "0.1.0"),
        "code": digest("code"),
        "gates": tuple(Gate(GateId.DECIDED, "Every tool is decided", True, why) for why in more.pop("open_gates", ())),
        "log": tuple(entry(n, tool=read.id) for n in (1, 2, 3)),
        "background": background(),
        "approved_path": path(update.id, (read.id,)),
        "exposed_path": path(update.id, (read.id, listing.id)),
    }
    return ReviewSnapshot(**(fields | more))


def approvable(**more):
    """The same review without what blocks it: it may be signed as an approval."""
    base = plain(**more)
    score = dataclasses.replace(base.score, verdict=Verdict.APPROVABLE, because=())
    return dataclasses.replace(base, score=score)


POLICY = Policy(
    text="policy: 1\n",
    sha256=digest("policy: 1\n"),
    name="House rules",
    rules={
        "DAT-001": RuleSetting("DAT-001", Severity.HIGH, reason="we hold much of it"),
        "QLT-002": RuleSetting("QLT-002", off=True, reason="the gateway does it"),
    },
    vocabulary={"money": (Words(("remit",), "moves money", "remitFees"),)},
    roles=("iam", "risk"),
    sign_offs=2,
    approval_days=180,
)

#: Each is harmless as text and does something in at least one medium.
HOSTILE = (
    "\x1b]0;owned\x07\x1b[31mred\x1b\\ \x9b2J",
    "\u202egnp.exe\u202c \u2066x\u2069 a\u200bb \U000e0041\U000e0042 \ufeff",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "| --- | a | b |\n|---|\n\n# heading\n- item\n> quote\n```\ncode",
    "`one` ``two`` ```three``` `",
    "[x](javascript:alert(1)) ![i](http://e.example/p.png) <http://e.example> www.e.example a@e.example",
    "=HYPERLINK(\"http://e.example\")+cmd|' /C calc'!A0",
    "</td></table></style></title><style>*{display:none}</style>--><!-- &lt;b&gt; &#60; \" ' onmouseover=x",
    "\\[x]: http://e.example \\\\` $a$ :smile: ~~s~~ **b** __u__ [^1] @team #12",
    "\ud800 lone \x00 nul \x7f del \u2028 line \u0085 next \r\n1. one\n2) two",
)


def hostile(words=HOSTILE):
    """A snapshot in which every text that can come from a source or a person is one of `words`."""
    supply = iter(range(10**9))

    def evil(*_):
        return words[next(supply) % len(words)]

    base = plain(policy=POLICY, profile=Profile.L3)
    made = _poison(dataclasses.replace(base, gates=(Gate(GateId.DECIDED, "x", True, "x"),)), evil)
    return dataclasses.replace(made, policy=dataclasses.replace(made.policy, text=POLICY.text))


#: Fields that our own code fills in, digests and keys.
_KEPT = {
    "as_of",
    "id",
    "tool",
    "control",
    "rule_pack",
    "findings",
    "definition",
    "digest",
    "body",
    "heads",
    "verdict",
    "model",
}


#: Fields of one record that our own code fills in.
_KEPT_OF = {"Node": {"kind"}, "Edge": {"source", "target"}}


def _poison(value, evil):
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {}
        for field in dataclasses.fields(value):
            old = getattr(value, field.name)
            kept = _KEPT | _KEPT_OF.get(type(value).__name__, set())
            changes[field.name] = old if field.name in kept and _plain(old) else _poison(old, evil)
        return dataclasses.replace(value, **changes)
    if type(value) is tuple:
        return tuple(_poison(item, evil) for item in value)
    if isinstance(value, dict):
        return {key: _poison(item, evil) for key, item in value.items()}
    return evil() if type(value) is str else value


def _plain(value):
    """Whether a kept field is a word or a tuple of words; findings and tools of the snapshot are neither."""
    return (
        value is None
        or isinstance(value, str | dict)
        or (isinstance(value, tuple) and not any(map(dataclasses.is_dataclass, value)))
    )
