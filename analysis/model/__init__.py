"""The vocabulary as types. Everything here is frozen, and imports nothing of ours.

Reading order: a *source* yields *tools* (an `Inventory`); each tool gets an `Assessment` with `Reason`s;
people answer with `Decision`s, `Retag`s, `Note`s, `Answer`s; rules turn all of it into `Finding`s; a `Dossier`
is the review as it leaves the house.
"""

from __future__ import annotations

from analysis.model.allowance import Allowance, allowance_of, iso_date
from analysis.model.assessment import Assessment, DataHit, Effect, Reason, Reversibility, Risk, ToolType, effect_of
from analysis.model.diagram import Boundary, Diagram, Edge, Node
from analysis.model.finding import Disposition, Finding, LedgerLine, RuleNotRun, Score, Severity, Status
from analysis.model.people import (
    LEVELS,
    Answer,
    AnswerState,
    Condition,
    ConditionKind,
    Control,
    Decision,
    Evidence,
    EvidenceKind,
    Exposure,
    Note,
    Profile,
    Proposal,
    Retag,
)
from analysis.model.policy import Policy, RuleSetting, Words
from analysis.model.review import Dossier, LogEntry, ToolReview, ToolRow, ToolState
from analysis.model.source import (
    NO_PASSAGES,
    FindingId,
    Inventory,
    Level,
    Parameter,
    Passage,
    Passages,
    Problem,
    SchemeUse,
    Skipped,
    SourceId,
    SourceInfo,
    SourceKind,
    Tool,
    ToolId,
)

__all__ = [
    "LEVELS",
    "NO_PASSAGES",
    "Allowance",
    "Answer",
    "AnswerState",
    "Assessment",
    "Boundary",
    "Condition",
    "ConditionKind",
    "Control",
    "DataHit",
    "Decision",
    "Diagram",
    "Disposition",
    "Dossier",
    "Edge",
    "Effect",
    "Evidence",
    "EvidenceKind",
    "Exposure",
    "Finding",
    "FindingId",
    "Inventory",
    "LedgerLine",
    "Level",
    "LogEntry",
    "Node",
    "Note",
    "Parameter",
    "Passage",
    "Passages",
    "Policy",
    "Problem",
    "Profile",
    "Proposal",
    "Reason",
    "Retag",
    "Reversibility",
    "Risk",
    "RuleNotRun",
    "RuleSetting",
    "SchemeUse",
    "Score",
    "Severity",
    "Skipped",
    "SourceId",
    "SourceInfo",
    "SourceKind",
    "Status",
    "Tool",
    "ToolId",
    "ToolReview",
    "ToolRow",
    "ToolState",
    "ToolType",
    "Words",
    "allowance_of",
    "effect_of",
    "iso_date",
]
