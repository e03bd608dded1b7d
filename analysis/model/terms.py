"""The terms of a condition: what it requires, as data that a gateway can check.

Reviewers write a condition as text (`rate=10 per hour`), which is what the log records. This module reads that text into a
record of its kind. A text that says nothing checkable ("someone", "10") has no terms; it is refused when it is written,
and where an older log has one, nothing can enforce it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from analysis.model.decision import ConditionKind
from analysis.model.parameter_limit import NotTyped, ParameterLimit, read_limit

if TYPE_CHECKING:
    from analysis.model.decision import Condition

#: Maximum length of a name, characters.
MAX_NAME: Final = 120
#: Upper bound on the calls of a rate, and on the units of its period.
MAX_COUNT: Final = 1_000_000
#: Seconds of each period of a rate. A month has no fixed length.
PERIOD_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}

#: Words that name no user, team or environment.
_VAGUE: Final = re.compile(
    r"(?:any|every|some|no)(?: ?(?:body|one))?|all|them|they|us|we|you|who|him|her|persons?|people|users?|teams?|groups?|roles?"
    r"|names?|tb[ad]|todo|n/a",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"[^\W_][^,;|=<>\"'\x00-\x1f\x7f]*")
_APPROVAL: Final = re.compile(r"(one|two) persons?(?: (?:of|from) (.+))?", re.ASCII | re.IGNORECASE)
_RATE: Final = re.compile(
    r"(\d{1,7}) (?:calls? )?(?:per|every|a|an) (?:(\d{1,7}) )?([a-z]+?)s?", re.ASCII | re.IGNORECASE
)
_AUDIT: Final = re.compile(r"every call(?: to (.+))?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Approval:
    """Each call is confirmed by one or two persons; by those named, where `approvers` names persons or teams."""

    persons: int
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may call, or where: any one of the names. The kind of the condition says whether users, teams or environments."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `calls` in any period of `seconds`, for each user and tool."""

    calls: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Audit:
    """Every call is recorded; in the log named, if one is."""

    log: str = ""


@dataclass(frozen=True, slots=True)
class Expiry:
    """The approval ends after this day, YYYY-MM-DD, UTC."""

    day: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A text for people: an owner or a note. Nothing checks it at a call."""

    text: str


Terms: TypeAlias = Approval | Audience | ParameterLimit | Rate | Audit | Expiry | Statement


def terms(condition: Condition) -> Terms | None:
    """Return the terms of a condition; None for a text of an older log that says nothing checkable."""
    try:
        return read_terms(condition.kind, condition.value)
    except NotTyped:
        return None


@lru_cache(maxsize=4096)
def read_terms(kind: ConditionKind, value: str) -> Terms:
    """Return the terms that a text of a kind states. Raises `NotTyped` with what to write instead."""
    return _READERS[kind](" ".join(value.split()))


def terms_data(terms: Terms) -> dict[str, Any]:
    """Return terms as plain JSON data, as the allowlist states them."""
    match terms:
        case Approval(persons, approvers):
            return {"persons": persons, "approvers": list(approvers)}
        case Audience(names):
            return {"names": list(names)}
        case ParameterLimit(parameter, schema, forbidden):
            return {"parameter": parameter, "schema": dict(schema), "forbidden": forbidden}
        case Rate(calls, seconds):
            return {"calls": calls, "seconds": seconds}
        case Audit(log):
            return {"log": log}
        case Expiry(day):
            return {"day": day}
        case Statement(text):
            return {"text": text}


def _approval(value: str) -> Approval:
    found = _APPROVAL.fullmatch(value)
    remedy = "write: one person, two persons, or: one person of ann@corp.example, support-leads"
    if found is None:
        raise NotTyped("an approval is by one person or by two persons", remedy)
    persons = {"one": 1, "two": 2}[found[1].lower()]
    return Approval(persons, _names(found[2], "an approver", remedy) if found[2] else ())


def _users(value: str) -> Audience:
    remedy = "write the names with which they sign in: user=ann@corp.example, ben@corp.example"
    names = _names(value, "a user", remedy)
    if any(" " in name for name in names):
        raise NotTyped("the name of a user has no blank", remedy)
    return Audience(names)


def _teams(value: str) -> Audience:
    return Audience(_names(value, "a team", "write the groups of the directory: group=support-l3, billing"))


def _environments(value: str) -> Audience:
    remedy = "write the names of the environments: env=staging, production"
    names = _names(value, "an environment", remedy)
    if any(" " in name for name in names):
        raise NotTyped("the name of an environment has no blank", remedy)
    return Audience(names)


def _names(text: str, what: str, remedy: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    for name in names:
        if not _NAME.fullmatch(name) or len(name) > MAX_NAME or _VAGUE.fullmatch(name):
            raise NotTyped(f"this does not name {what}", remedy)
    return names


def _rate(value: str) -> Rate:
    remedy = f"write a number per {', '.join(PERIOD_SECONDS)}: 10 per hour, 100 per 15 minutes"
    found = _RATE.fullmatch(value)
    if found is None or found[3].lower() not in PERIOD_SECONDS:
        raise NotTyped("a rate is a number of calls in a period", remedy)
    calls, units = int(found[1]), int(found[2] or 1)
    if not (0 < calls <= MAX_COUNT and 0 < units <= MAX_COUNT):
        raise NotTyped("a rate is a number of calls in a period", remedy)
    return Rate(calls, units * PERIOD_SECONDS[found[3].lower()])


def _audit(value: str) -> Audit:
    found = _AUDIT.fullmatch(value)
    if found is None:
        raise NotTyped("an audit condition is about every call", "write: every call, or: every call to NAME-OF-LOG")
    return Audit(found[1] or "")


def _expiry(value: str) -> Expiry:
    try:
        day = date.fromisoformat(value).isoformat()
    except ValueError:
        day = ""
    if day != value:
        raise NotTyped("an expiry is a day of the calendar, written YYYY-MM-DD", "for example: expires=2027-01-31")
    return Expiry(day)


_READERS: Final[Mapping[ConditionKind, Callable[[str], Terms]]] = {
    ConditionKind.APPROVAL: _approval,
    ConditionKind.USER: _users,
    ConditionKind.GROUP: _teams,
    ConditionKind.ENVIRONMENT: _environments,
    ConditionKind.PARAMETERS: read_limit,
    ConditionKind.RATE: _rate,
    ConditionKind.AUDIT: _audit,
    ConditionKind.EXPIRES: _expiry,
    ConditionKind.OWNER: Statement,
    ConditionKind.NOTE: Statement,
}
