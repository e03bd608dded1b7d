"""Assessment of resources, resource templates, prompts, server instructions, and requests to the client.

Reading a resource or a prompt changes nothing. What it holds is not in its definition: its subject is taken from URI, name
and description, and only a plainly harmless subject is of low risk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from analysis.assess.sensitivity.confidentiality import content_of_fields
from analysis.assess.sensitivity.risk import risk_of
from analysis.model import (
    Assessment,
    CapabilityKind,
    ConfidentialContent,
    DataHit,
    Effect,
    FlowRole,
    FlowRoleSignal,
    OpenFlowRole,
    Reason,
    Reversibility,
    Risk,
    ToolType,
    level_of,
)
from analysis.words import split_words
from analysis.yaml_tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analysis.assess.sensitivity.data_classifier import DataClassifier
    from analysis.model import Tool

_CHARACTERS_PER_TOKEN: Final = 4
#: Confidence in a subject that the definition states, and in one that it does not.
_STATED, _UNSTATED = 0.9, 0.5
#: Roles of a resource of which nothing says what it holds.
_UNKNOWN_CONTENT: Final = tuple(
    OpenFlowRole(role, "its definition does not say what it holds")
    for role in (FlowRole.PRIVATE_DATA, FlowRole.UNTRUSTED_CONTENT)
)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_VARIABLE: Final = re.compile(r"\{[^{}]*\}")
#: A variable directly after the scheme: it can be any file, or any host.
_OPEN: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:/{0,3}\{[^{}]*\}")
_WORD: Final = re.compile(r"[^\W_]+")
#: Requests by which a server has the client act: what they do, and whether the result carries private data.
_REQUESTS: Final[Mapping[str, str]] = {
    "sampling": "the server has the client's model answer its text, and receives the answer",
    "elicitation": "the server asks the user for data, and receives it",
    "roots": "the server learns the folders that the client has open",
}


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a word says of a resource: a class of data or an empty string, and whether it is private or by outsiders."""

    data: str
    says: str
    private: bool
    outsiders: bool


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Meanings by word and by URI scheme, and words of harmless subjects."""

    subjects: Mapping[str, _Meaning]
    schemes: Mapping[str, _Meaning]
    harmless: frozenset[str]


@cache
def _vocabulary() -> _Vocabulary:
    loaded: dict[str, Any] = load_table("analysis.assess.capabilities", "subjects.yaml")
    outsiders = frozenset(loaded["outsiders"])
    subjects = {
        word: _Meaning(entry["data"], entry["says"], private=True, outsiders=word in outsiders)
        for entry in loaded["subjects"]
        for word in entry["words"]
    }
    public = {word: _Meaning("", "outsiders may write it", private=False, outsiders=True) for word in outsiders}
    schemes = {
        word: _Meaning("", entry["says"], entry.get("private", False), entry.get("outsiders", False))
        for entry in loaded["schemes"]
        for word in entry["words"]
    }
    return _Vocabulary(public | subjects, schemes, frozenset(loaded["harmless"]))


def assess_capability(tool: Tool, classes: DataClassifier) -> Assessment:
    """Return the assessment of a capability that is not a tool. `classes` finds data classes by names of fields."""
    if tool.kind in {CapabilityKind.RESOURCE, CapabilityKind.RESOURCE_TEMPLATE}:
        return _resource(tool, classes)
    if tool.kind is CapabilityKind.CLIENT_REQUEST:
        return _client_request(tool)
    if tool.kind is CapabilityKind.PROMPT:
        says = "its text comes from the server and enters the conversation; it is not in the list"
        return _reading(tool, Risk.MEDIUM, (Reason("name", tool.name, says),), confidence=_UNSTATED)
    says = "a model reads it in every session; it is reviewed as text"
    return _reading(tool, Risk.LOW, (Reason("text", tool.kind.label, says),), confidence=1.0)


def _resource(tool: Tool, classes: DataClassifier) -> Assessment:
    known, words = _vocabulary(), _words_of(tool)
    found = {word: known.subjects[word] for word in words if word in known.subjects}
    data = _data(words, found, classes)
    confidential = tuple(content_of_fields(data, lists=True))  # a resource is a collection
    scheme = next(iter(_SCHEME.findall(tool.path)), "").lower()
    opened = known.schemes.get(scheme.rpartition("+")[2])
    reasons = list(_reasons(tool, scheme, opened, found))
    private = bool(data) or any(meaning.private for meaning in found.values()) or bool(opened and opened.private)
    is_open = _OPEN.match(tool.path) is not None
    harmless = bool(known.harmless.intersection(words)) and not (private or found or opened or is_open)
    if not reasons and not harmless:
        reasons.append(Reason("name", tool.name, "does not say what it holds"))
    risk = max(
        Risk.LOW if harmless else Risk.MEDIUM,
        risk_of((ToolType.READ,), level_of(confidential)),
        key=lambda risk: risk.rank,
    )
    roles = tuple(_roles(tool, scheme, opened, found, data, is_open=is_open, harmless=harmless))
    confidence = _STATED if harmless or private else _UNSTATED
    return _reading(
        tool, risk, tuple(reasons), confidence=confidence, data=data, roles=roles, confidential=confidential,
        left_open=() if roles or harmless else _UNKNOWN_CONTENT,
    )  # fmt: skip


def _words_of(tool: Tool) -> tuple[str, ...]:
    """Return the words of name, title, description and URI, in the singular, each once; the scheme is not among them."""
    uri = tool.path.partition(":")[2] or tool.path
    text = f"{tool.name} {tool.summary} {tool.description} {uri}"
    words = (word for part in _WORD.findall(text) for word in (split_words(part) or (part.lower(),)))
    return tuple(dict.fromkeys(_singular(word) for word in words))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _data(words: tuple[str, ...], found: Mapping[str, _Meaning], classes: DataClassifier) -> tuple[DataHit, ...]:
    """Return the classes of data that the words of a resource name."""
    by_class: dict[str, list[str]] = {}
    for word in words:
        data = found[word].data if word in found else classes.of_name(word)
        if data and data not in {"naming", "free-text"}:
            by_class.setdefault(data, []).append(word)
    return tuple(DataHit(data, "response", tuple(matched)) for data, matched in sorted(by_class.items()))


def _reasons(tool: Tool, scheme: str, opened: _Meaning | None, found: Mapping[str, _Meaning]) -> Iterator[Reason]:
    if opened is not None:
        chosen = "any of the " if _VARIABLE.search(tool.path) else ""
        yield Reason("URI", tool.path, f"reads {chosen}{opened.says}")
    elif _OPEN.match(tool.path):
        yield Reason("URI", tool.path, f"the caller chooses everything after {scheme}:")
    for word, meaning in found.items():
        yield Reason("text", word, meaning.says)


def _roles(
    tool: Tool,
    scheme: str,
    opened: _Meaning | None,
    found: Mapping[str, _Meaning],
    data: tuple[DataHit, ...],
    *,
    is_open: bool,
    harmless: bool,
) -> Iterator[FlowRoleSignal]:
    if harmless:
        return
    private = next((word for word, meaning in found.items() if meaning.private), "")
    if opened is not None and opened.private:
        yield FlowRoleSignal(FlowRole.PRIVATE_DATA, "URI", tool.path, f"reads {opened.says}")
    elif private or data:
        yield FlowRoleSignal(FlowRole.PRIVATE_DATA, "text", private or data[0].fields[0], "may hold private data")
    outside = next((word for word, meaning in found.items() if meaning.outsiders), "")
    if opened is not None and opened.outsiders:
        yield FlowRoleSignal(FlowRole.UNTRUSTED_CONTENT, "URI", tool.path, opened.says)
    elif outside:
        yield FlowRoleSignal(FlowRole.UNTRUSTED_CONTENT, "text", outside, "outsiders may write it")
    elif is_open:  # any file includes those that were downloaded or received
        yield FlowRoleSignal(FlowRole.UNTRUSTED_CONTENT, "URI", tool.path, "can be any content")
    if is_open and scheme in {"http", "https", "web", "ftp", "sftp"}:
        yield FlowRoleSignal(FlowRole.EXFILTRATION_SINK, "URI", tool.path, "caller-controlled destination")


def _client_request(tool: Tool) -> Assessment:
    """Return the assessment of what a server asks of the client: the server receives the result."""
    says = _REQUESTS.get(tool.name.partition("/")[0], "the server asks the client to act, and receives the result")
    roles = [FlowRoleSignal(FlowRole.EXFILTRATION_SINK, "name", tool.name, "the server receives the result")]
    if tool.name.startswith("sampling"):
        roles.append(FlowRoleSignal(FlowRole.UNTRUSTED_CONTENT, "name", tool.name, "the model reads the server's text"))
    return Assessment(
        effect=Effect.SIDE_EFFECT,
        types=(ToolType.SIDE_EFFECT,),
        reversibility=Reversibility.UNKNOWN,
        risk=Risk.MEDIUM,
        data=(),
        reasons=(Reason("name", tool.name, says),),
        confidence=_STATED,
        tokens=-(-tool.size // _CHARACTERS_PER_TOKEN),
        flow_roles=tuple(roles),
    )


def _reading(
    tool: Tool,
    risk: Risk,
    reasons: tuple[Reason, ...],
    *,
    confidence: float,
    data: tuple[DataHit, ...] = (),
    roles: tuple[FlowRoleSignal, ...] = (),
    confidential: tuple[ConfidentialContent, ...] = (),
    left_open: tuple[OpenFlowRole, ...] = (),
) -> Assessment:
    return Assessment(
        effect=Effect.READ,
        types=(ToolType.READ,),
        reversibility=Reversibility.READ,
        risk=risk,
        data=data,
        reasons=reasons,
        confidence=confidence,
        tokens=-(-tool.size // _CHARACTERS_PER_TOKEN),
        flow_roles=roles,
        confidential=confidential,
        open_flow_roles=left_open,
    )
