"""Commands: functions that record something in a review, each as one action. Clock and actor are passed in.

They are imported on first use, because opening a review needs none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.review.commands.assignments import assign
    from analysis.review.commands.changes import confirm_alone, confirm_group, confirm_tools
    from analysis.review.commands.decisions import decide, keep_one, left_out_of_bulk, refuse_unseen
    from analysis.review.commands.findings import dispose
    from analysis.review.commands.governance import answer, answer_all, import_policy, record_intake, set_profile
    from analysis.review.commands.history import redo, undo
    from analysis.review.commands.merging import merge
    from analysis.review.commands.misreadings import correct_signal
    from analysis.review.commands.notes import note, save_view
    from analysis.review.commands.outcome import Outcome
    from analysis.review.commands.overrides import override_flow_role, override_risk, override_tools, override_type
    from analysis.review.commands.settling import settle
    from analysis.review.commands.sharing import share
    from analysis.review.commands.sources import add_source, begin_validation, import_source, keep_validation
    from analysis.review.commands.taking import take

_MODULES = {
    "assignments": ("assign",),
    "changes": ("confirm_alone", "confirm_group", "confirm_tools"),
    "decisions": ("decide", "keep_one", "left_out_of_bulk", "refuse_unseen"),
    "findings": ("dispose",),
    "governance": ("answer", "answer_all", "import_policy", "record_intake", "set_profile"),
    "history": ("redo", "undo"),
    "merging": ("merge",),
    "misreadings": ("correct_signal",),
    "notes": ("note", "save_view"),
    "outcome": ("Outcome",),
    "overrides": ("override_flow_role", "override_risk", "override_tools", "override_type"),
    "settling": ("settle",),
    "sharing": ("share",),
    "taking": ("take",),
    "sources": ("add_source", "begin_validation", "import_source", "keep_validation"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Outcome",
    "add_source",
    "answer",
    "answer_all",
    "assign",
    "begin_validation",
    "confirm_alone",
    "confirm_group",
    "confirm_tools",
    "correct_signal",
    "decide",
    "dispose",
    "import_policy",
    "import_source",
    "keep_one",
    "keep_validation",
    "left_out_of_bulk",
    "merge",
    "note",
    "override_flow_role",
    "override_risk",
    "override_tools",
    "override_type",
    "record_intake",
    "redo",
    "refuse_unseen",
    "save_view",
    "set_profile",
    "settle",
    "share",
    "take",
    "undo",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
