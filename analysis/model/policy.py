"""The policy of an organisation: what it wants of every review, as it was read from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.model.assessment import ToolType
from analysis.model.decision import Condition
from analysis.model.finding import Severity
from analysis.model.people import Profile


@dataclass(frozen=True, slots=True)
class RuleSetting:
    """What a policy makes of one rule: another severity, or not run at all, which always has a reason."""

    rule: str
    severity: Severity | None = None
    off: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of an organisation's own, with the reason why they count and a name that shows it."""

    words: tuple[str, ...]
    reason: str
    example: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy file, read. `text` is the file as it is, `sha256` is over its UTF-8 bytes."""

    text: str
    sha256: str
    name: str = ""
    profile: Profile | None = None
    rules: Mapping[str, RuleSetting] = field(default_factory=dict)
    vocabulary: Mapping[str, tuple[Words, ...]] = field(default_factory=dict)  # by kind of word
    roles: tuple[str, ...] = ()  # who has to sign a packet
    sign_offs: int = 0  # how many of them at least
    conditions: Mapping[ToolType, tuple[Condition, ...]] = field(default_factory=dict)  # proposed by type of tool
    approval_days: int | None = None  # how long an approval lasts that states no end
    acceptance_days: int | None = None  # the same of an accepted risk

    def own_words(self) -> dict[str, list[dict[str, object]]]:
        """Return the vocabulary in the form in which word lists are written: `{kind: [{words, reason, example}]}`."""
        return {
            kind: [{"words": list(g.words), "reason": g.reason, "example": g.example} for g in groups]
            for kind, groups in self.vocabulary.items()
        }
