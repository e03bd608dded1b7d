"""The policy file understood: one YAML file to a `Policy`, or to everything that is wrong with it.

::

    policy: 1                     # version of this format
    name: Northwind               # shown in the history and in the packet
    profile: L2                   # what a review is asked unless its reviewers say otherwise
    rules:                        # by id: other severities, and rules that are not run
      QLT-002: {switch: off, reason: twins are handled by the gateway}
      DAT-001: {severity: high}
    vocabulary:                   # own words, by kind of word
      money: [{words: [remit], reason: moves money here, example: remitFees}]
    sign-off: {roles: [iam, risk], needed: 2}
    conditions:                   # proposed for tools of a type
      billing: {approval: two persons, rate: 20 per day}
    expiry: {approvals: 180, acceptances: 90}   # days, where a reviewer states no end
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.model import (
    Condition,
    ConditionKind,
    Level,
    Policy,
    Problem,
    Profile,
    RuleSetting,
    Severity,
    ToolType,
    Words,
)
from analysis.policy.nodes import Nodes, Refused, compose

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

VERSION: Final = "1"
_LONGEST_LIFE: Final = 3650  # days; longer is no expiry
_MOST_SIGN_OFFS: Final = 20
_ROLE: Final = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """What a policy may name: ids of rules, kinds of words. None accepts any, for a policy that is in force already."""

    rules: Collection[str] | None = None
    kinds: Collection[str] | None = None


def read_policy(text: str, known: Known | None = None) -> Policy | tuple[Problem, ...]:
    """Return the policy that a text states, or its problems: each with place, line, what is wrong and what is allowed."""
    try:
        root = compose(text)
    except Refused as refused:
        return (Problem(Level.REFUSED, str(refused), line=refused.line, remedy="write the policy as one YAML mapping"),)
    reader = _Reader(known or Known())
    stated = {field: read(node, field) for field, read, node in reader.sections(root)}
    if "policy" not in stated:
        reader.wrong(root, "policy", "the version of the format is missing", f"begin with: policy: {VERSION}")
    if reader.problems:
        return tuple(reader.problems)
    digest = hashlib.sha256(text.encode()).hexdigest()
    roles, needed = stated.get("sign-off") or ((), 0)
    approvals, acceptances = stated.get("expiry") or (None, None)
    return Policy(
        text=text,
        sha256=digest,
        name=stated.get("name") or f"policy {digest[:12]}",
        profile=stated.get("profile"),
        rules=stated.get("rules") or {},
        vocabulary=stated.get("vocabulary") or {},
        roles=roles,
        sign_offs=needed,
        conditions=stated.get("conditions") or {},
        approval_days=approvals,
        acceptance_days=acceptances,
    )


class _Reader(Nodes):
    """Reads the sections of a policy. Each returns what it states, as far as it can be read."""

    def __init__(self, known: Known) -> None:
        super().__init__()
        self._known = known

    def sections(self, root: Any) -> list[tuple[str, Callable[[Any, str], Any], Any]]:
        """Return the sections that are stated: name, how it is read, node."""
        readers: dict[str, Callable[[Any, str], Any]] = {
            "policy": self._version,
            "name": self.text,
            "profile": self._profile,
            "rules": self._rules,
            "vocabulary": self._vocabulary,
            "sign-off": self._sign_off,
            "conditions": self._conditions,
            "expiry": self._expiry,
        }
        return [(name, readers[name], node) for name, node in self.fields(root, "", list(readers), "section")]

    def _version(self, node: Any, place: str) -> str:
        return self.word(node, place, "version of the format", (VERSION,))

    def _profile(self, node: Any, place: str) -> Profile | None:
        found = self.word(node, place, "profile", list(Profile))
        return Profile(found) if found else None

    def _rules(self, node: Any, place: str) -> dict[str, RuleSetting]:
        found = self.fields(node, place, self._known.rules, "rule")
        return {rule: self._setting(rule, stated, f"{place}/{rule}") for rule, stated in found}

    def _setting(self, rule: str, node: Any, place: str) -> RuleSetting:
        severity, switch, reason = None, "on", ""
        for name, value in self.fields(node, place, ("switch", "severity", "reason"), "setting of a rule"):
            where = f"{place}/{name}"
            if name == "severity":
                found = self.word(value, where, "severity", list(Severity))
                severity = Severity(found) if found else None
            elif name == "switch":
                switch = self.word(value, where, "position of a switch", ("on", "off"))
            else:
                reason = self.text(value, where)
        if switch == "off" and not reason:
            self.wrong(node, place, "a rule is switched off without a reason", "add reason: and say why")
        return RuleSetting(rule, severity, switch == "off", reason)

    def _vocabulary(self, node: Any, place: str) -> dict[str, tuple[Words, ...]]:
        found = {}
        for kind, listed in self.fields(node, place, self._known.kinds, "kind of word"):
            where = f"{place}/{kind}"
            if listed.id != "sequence":
                self.wrong(listed, where, "this has to be a list of groups", "write [{words, reason, example}]")
                continue
            found[kind] = tuple(self._words(group, f"{where}/{n}") for n, group in enumerate(listed.value, 1))
        return found

    def _words(self, node: Any, place: str) -> Words:
        words: tuple[str, ...] = ()
        said = {"reason": "", "example": ""}
        for name, value in self.fields(node, place, ("words", "reason", "example"), "part of a group of words"):
            if name == "words":
                words = self.texts(value, f"{place}/words")
            else:
                said[name] = self.text(value, f"{place}/{name}")
        if not words or not all(said.values()):
            self.wrong(node, place, "a group needs words, a reason and an example", "add what is missing")
        odd = next((word for word in words if word != word.lower()), None)
        if odd is not None:
            self.wrong(node, f"{place}/words", "words are compared in lower case", f"write {odd.lower()}")
        return Words(words, **said)

    def _sign_off(self, node: Any, place: str) -> tuple[tuple[str, ...], int]:
        roles, needed = self._pair(node, place, ("roles", "needed"))
        named = self.texts(roles, f"{place}/roles") if roles is not None else ()
        if roles is not None and not all(_ROLE.fullmatch(role) for role in named):
            self.wrong(roles, f"{place}/roles", "a role is a short word", "use a-z, 0-9 and hyphens, such as: iam")
        count = self.number(needed, f"{place}/needed", _MOST_SIGN_OFFS) if needed is not None else None
        return named, count or len(named)

    def _conditions(self, node: Any, place: str) -> dict[ToolType, tuple[Condition, ...]]:
        found = {}
        for kind, stated in self.fields(node, place, list(ToolType), "type of tool"):
            where = f"{place}/{kind}"
            listed = self.fields(stated, where, list(ConditionKind), "condition")
            found[ToolType(kind)] = tuple(
                Condition(ConditionKind(name), self.text(value, f"{where}/{name}")) for name, value in listed
            )
        return found

    def _expiry(self, node: Any, place: str) -> tuple[int | None, int | None]:
        pair = self._pair(node, place, names := ("approvals", "acceptances"))
        days = [
            None if value is None else self.number(value, f"{place}/{name}", _LONGEST_LIFE)
            for name, value in zip(names, pair, strict=True)
        ]
        return days[0], days[1]

    def _pair(self, node: Any, place: str, names: tuple[str, str]) -> tuple[Any, Any]:
        """Return the nodes of two fields that a mapping may have."""
        found = dict(self.fields(node, place, names, "field"))
        return found.get(names[0]), found.get(names[1])
