"""The vocabulary as types. Everything here is frozen, and imports nothing of ours.

Reading order: a *source* yields *tools* (an `Inventory`); each tool gets an `Assessment` with `Reason`s;
people answer with `Decision`s, `Retag`s, `Note`s, `Answer`s; rules turn all of it into `Finding`s; a `Dossier`
is the review as it leaves the house.
"""

from __future__ import annotations

from analysis.model.allowance import Allowance, allowance_of, iso_date
from analysis.model.assessment import (
    Area,
    Assessment,
    DataHit,
    Effect,
    FlowLeg,
    Leg,
    Reason,
    Reversibility,
    Risk,
    ToolType,
    effect_of,
)
from analysis.model.finding import Disposition, Finding, LedgerLine, RuleNotRun, Score, Severity, Status
from analysis.model.people import (
    Answer,
    AnswerState,
    Condition,
    ConditionKind,
    Control,
    Decision,
    Evidence,
    Exposure,
    Note,
    Retag,
)
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
    "NO_PASSAGES",
    "Allowance",
    "Answer",
    "AnswerState",
    "Area",
    "Assessment",
    "Condition",
    "ConditionKind",
    "Control",
    "DataHit",
    "Decision",
    "Disposition",
    "Dossier",
    "Effect",
    "Evidence",
    "Exposure",
    "Finding",
    "FindingId",
    "FlowLeg",
    "Inventory",
    "LedgerLine",
    "Leg",
    "Level",
    "LogEntry",
    "Note",
    "Parameter",
    "Passage",
    "Passages",
    "Problem",
    "Reason",
    "Retag",
    "Reversibility",
    "Risk",
    "RuleNotRun",
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
    "allowance_of",
    "effect_of",
    "iso_date",
]
