"""A policy file to a `Policy`, or to everything that is wrong with it. `policy.schema.json` describes the file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from analysis.model import (
    BaselineRule,
    Condition,
    ConditionKind,
    DecisionState,
    Policy,
    Profile,
    RuleSetting,
    Severity,
    ToolType,
    Words,
)
from analysis.policy.checking import check
from analysis.policy.document import read_document

if TYPE_CHECKING:
    from collections.abc import Collection

    from analysis.model import Problem

VERSION: Final = 1
MAX_DAYS: Final = 3650  # longer is no expiry
MAX_SIGN_OFFS: Final = 20
_BASELINE_DECISIONS: Final = {
    "approve": DecisionState.APPROVED,
    "conditions": DecisionState.CONDITIONAL,
    "block": DecisionState.BLOCKED,
}


def read_policy(text: str, *, rules: Collection[str], kinds: Collection[str]) -> Policy | tuple[Problem, ...]:
    """Return the policy that a file states, or its problems: each with place, line, what is wrong and what to write.

    `rules` and `kinds` are the rule ids and the kinds of words that a policy may name.
    """
    document = read_document(text)
    if document.data is not None:
        check(document, rules, kinds)
    return tuple(document.problems) or _policy(text, document.data)


def recorded_policy(text: str) -> Policy:
    """Return a policy that was checked when it was recorded; rules that it names may be gone since.

    Needs no schema library, and believes nothing: raises `ValueError` for a text that no import lets through.
    """
    document = read_document(text)
    if document.problems:
        raise ValueError(document.problems[0].what)
    return _policy(text, document.data)


def _policy(text: str, data: Any) -> Policy:
    stated = _fields(
        data, "policy", "name", "profile", "rules", "vocabulary", "sign-off", "conditions", "expiry", "baseline"
    )
    if stated.get("policy") != VERSION:
        raise ValueError(f"it is not of version {VERSION} of the format")
    digest = hashlib.sha256(text.encode()).hexdigest()
    sign_off = _fields(stated.get("sign-off", {}), "roles", "needed")
    roles = tuple(map(_text, _items(sign_off.get("roles", []))))
    expiry = _fields(stated.get("expiry", {}), "approvals", "acceptances")
    return Policy(
        text=text,
        sha256=digest,
        name=_text(stated.get("name", f"policy {digest[:12]}")),
        profile=Profile(stated["profile"]) if "profile" in stated else None,
        rules={rule: _setting(rule, said) for rule, said in _fields(stated.get("rules", {})).items()},
        vocabulary={
            kind: tuple(_words(group) for group in _items(groups))
            for kind, groups in _fields(stated.get("vocabulary", {})).items()
        },
        roles=roles,
        sign_offs=_number(sign_off, "needed", MAX_SIGN_OFFS) or len(roles),
        conditions={
            ToolType(kind): tuple(Condition(ConditionKind(name), _text(said)) for name, said in _fields(listed).items())
            for kind, listed in _fields(stated.get("conditions", {})).items()
        },
        approval_days=_number(expiry, "approvals", MAX_DAYS),
        acceptance_days=_number(expiry, "acceptances", MAX_DAYS),
        baseline=tuple(map(_baseline_rule, _items(stated.get("baseline", [])))),
    )


def _baseline_rule(data: Any) -> BaselineRule:
    stated = _fields(data, "name", "where", "decision", "reason", "conditions")
    if not {"name", "where", "decision", "reason"} <= stated.keys() or stated["decision"] not in _BASELINE_DECISIONS:
        raise ValueError("a rule of the baseline lacks a part")
    decision = _BASELINE_DECISIONS[stated["decision"]]
    conditions = tuple(
        Condition(ConditionKind(name), _text(said)) for name, said in _fields(stated.get("conditions", {})).items()
    )
    if (decision is DecisionState.CONDITIONAL) is not bool(conditions):
        raise ValueError("a rule of the baseline has conditions, or approves with them, but not both")
    return BaselineRule(_text(stated["name"]), _text(stated["where"]), decision, _text(stated["reason"]), conditions)


def _setting(rule: str, data: Any) -> RuleSetting:
    stated = _fields(data, "switch", "severity", "reason")
    off = {"on": False, "off": True}.get(stated.get("switch", "on"))
    if off is None or (off and "reason" not in stated):
        raise ValueError("a switch is neither on, nor off with a reason")
    severity = Severity(stated["severity"]) if "severity" in stated else None
    return RuleSetting(rule, severity, off, _text(stated["reason"]) if "reason" in stated else "")


def _words(data: Any) -> Words:
    stated = _fields(data, "words", "reason", "example")
    return Words(
        tuple(map(_text, _items(stated.get("words")))),
        _text(stated.get("reason", "")),
        _text(stated.get("example", "")),
    )


# What a part has to be, for texts that passed no schema: each raises `ValueError`.


def _fields(data: Any, *known: str) -> dict[str, Any]:
    if not isinstance(data, dict) or (known and not data.keys() <= set(known)):
        raise ValueError("a part is not a mapping of known names")
    return data


def _items(data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise ValueError("a part is not a list")  # noqa: TRY004 - its shape, not its type
    return data


def _text(data: Any) -> str:
    if isinstance(data, dict | list) or not str(data).strip():
        raise ValueError("a part is not a text")
    return str(data)


def _number(data: dict[str, Any], name: str, most: int) -> int | None:
    number = data.get(name)
    if number is not None and not (isinstance(number, int) and 1 <= number <= most):
        raise ValueError(f"{name} is not a number from 1 to {most}")
    return number
