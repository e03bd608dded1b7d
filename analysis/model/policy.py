"""The policy of an organisation: its requirements of every review, as read from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.model.assessment import ToolType
from analysis.model.decision import Condition, DecisionState
from analysis.model.finding import Severity
from analysis.model.people import Profile


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """The setting of one rule in a policy: another severity, or switched off with a reason."""

    rule: str
    severity: Severity | None = None
    off: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Words of an organisation's own vocabulary, with the reason why they count and an example name."""

    words: tuple[str, ...]
    reason: str
    example: str


@dataclass(frozen=True, slots=True)
class BaselineRule:
    """One rule of a baseline: the tools that `where` selects are proposed for a decision, with a reason."""

    name: str
    where: str
    decision: DecisionState
    reason: str
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed policy file. `text` is the file as it is, `sha256` is over its UTF-8 bytes."""

    text: str
    sha256: str
    name: str = ""
    profile: Profile | None = None
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    vocabulary: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)  # by kind of word
    roles: tuple[str, ...] = ()  # roles that have to sign a packet
    sign_offs: int = 0  # minimum number of sign-offs
    conditions: Mapping[ToolType, tuple[Condition, ...]] = field(default_factory=dict)  # proposed by type of tool
    approval_days: int | None = None  # days until an approval without an expiry date expires
    acceptance_days: int | None = None  # the same for an accepted risk
    baseline: tuple[BaselineRule, ...] = ()  # proposed decisions, in place of the built-in baseline

    def own_words(self) -> dict[str, list[dict[str, object]]]:
        """Return the vocabulary in the form in which word lists are written: `{kind: [{words, reason, example}]}`."""
        return {
            kind: [{"words": list(g.words), "reason": g.reason, "example": g.example} for g in groups]
            for kind, groups in self.vocabulary.items()
        }
