"""Credentials of an operation: its security requirements with the schemes they name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.document.canonical_json import canonical_json, sha256
from analysis.model import DefinitionParts, Level, SchemeUse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.ingest.document.references import DocumentSet

#: Words by which a description says that a call needs a credential.
_MENTION: Final = re.compile(
    r"\b(?:authenticat|authoriz|authoris|oauth|api[ _-]?keys?\b|(?:access|bearer|personal|auth)[ -]tokens?\b|bearer\b"
    r"|credentials?\b|log(?:ged)?[ -]?in\b|sign(?:ed)?[ -]in\b)",
    re.IGNORECASE,
)
#: One of these is in every match in ASCII, which most texts have none of.
_MARKS: Final = ("auth", "api", "token", "bearer", "credential", "log", "sign")
_FLOWS_V2: Final = {"application": "clientCredentials", "accessCode": "authorizationCode"}


def _mentions_credentials(text: str) -> bool:
    lower = text.lower()
    return (not text.isascii() or any(mark in lower for mark in _MARKS)) and _MENTION.search(text) is not None


@dataclass(frozen=True, slots=True)
class Security:
    """Alternatives, each a tuple of schemes needed together, and the digest of every scheme they name."""

    alternatives: tuple[tuple[SchemeUse, ...], ...] = ()
    schemes: Mapping[str, str] = field(default_factory=dict)


NONE: Final = Security()


@dataclass(frozen=True, slots=True)
class _Scheme:
    kind: str
    flows: tuple[str, ...]
    digest: str


class SecurityReader:
    """Reads the security requirements of one document; shared ones are read once."""

    def __init__(self, documents: DocumentSet, doc: dict[str, Any], doc_version: str) -> None:
        self.documents = documents
        self.doc = doc
        self.version = doc_version
        schemes = doc.get("securityDefinitions")
        if doc_version != "2.0":
            components = doc.get("components")
            schemes = components.get("securitySchemes") if isinstance(components, dict) else None
        self.stated: dict[str, Any] = schemes if isinstance(schemes, dict) else {}
        self._schemes: dict[str, _Scheme] = {}
        self._read: dict[int, Security] = {}
        #: Whether the document or an operation read so far has a `security` entry.
        self.has_entry = "security" in doc
        #: Whether schemes are declared, or a description of the operations read so far mentions credentials.
        self.mentions_credentials = bool(self.stated)

    def security(self, node: dict[str, Any], pointer: str) -> Security:
        """Return the requirements in force for an operation; unreadable requirements count as "no credential needed"."""
        self.has_entry = self.has_entry or "security" in node
        if not self.has_entry and not self.mentions_credentials:
            texts = (node.get("summary"), node.get("description"))
            self.mentions_credentials = any(isinstance(text, str) and _mentions_credentials(text) for text in texts)
        stated = node["security"] if "security" in node else self.doc.get("security")
        if stated is None or stated == []:
            return NONE
        if not isinstance(stated, list):
            self.documents.report(Level.ERROR, "`security` is not a list", pointer)
            return NONE
        self.documents.expansion.use(stated)
        if id(stated) not in self._read:
            self._read[id(stated)] = self._requirements(stated, pointer)
        return self._read[id(stated)]

    def _requirements(self, stated: list[Any], pointer: str) -> Security:
        alternatives: list[tuple[SchemeUse, ...]] = []
        named: dict[str, Any] = {}
        for requirement in stated:
            if not isinstance(requirement, dict):
                self.documents.report(Level.ERROR, "a security requirement is not an object", pointer)
                alternatives.append(())  # an unreadable requirement protects nothing
                continue
            alternatives.append(tuple([self._use(name, scopes, pointer) for name, scopes in requirement.items()]))
            named |= requirement
        return Security(tuple(alternatives), {name: self._schemes[name].digest for name in named})

    def _use(self, name: str, scopes: Any, pointer: str) -> SchemeUse:
        if name not in self._schemes:
            self._schemes[name] = self._scheme(name, pointer)
        scheme = self._schemes[name]
        listed = tuple(map(str, scopes)) if isinstance(scopes, list) else ()
        return SchemeUse(name, scheme.kind, listed, scheme.flows)

    def _scheme(self, name: str, pointer: str) -> _Scheme:
        """Return a scheme with its digest: who issues a token, and how, is part of the definition."""
        scheme, _, _ = self.documents.resolve(self.stated.get(name), self.documents.entry, pointer)
        text = canonical_json(scheme)
        digest = sha256(text).hex()
        if self.documents.kept is not None:
            self.documents.kept.parts.append(DefinitionParts(((f"security scheme {name}", text),), ()))
        if not isinstance(scheme, dict) or not scheme:
            self.documents.report(Level.ERROR, f"the security scheme {name[:80]!r} is not defined", pointer)
            return _Scheme("unknown", (), digest)
        return _Scheme(_kind(scheme), self._flows(scheme), digest)

    def _flows(self, scheme: dict[str, Any]) -> tuple[str, ...]:
        """Return the OAuth flows a scheme offers, by the names of OpenAPI 3 whatever the version."""
        if scheme.get("type") != "oauth2":
            return ()
        if self.version == "2.0":
            flow = str(scheme.get("flow", ""))
            return (_FLOWS_V2.get(flow, flow),)
        flows = scheme.get("flows")
        return tuple(flows) if isinstance(flows, dict) else ()


def _kind(scheme: dict[str, Any]) -> str:
    kind = str(scheme.get("type", "unknown"))
    if kind == "http":
        return f"http-{str(scheme.get('scheme', 'unknown')).lower()}"
    if kind == "apiKey":
        return f"apiKey-{scheme.get('in', 'unknown')}"
    return "http-basic" if kind == "basic" else kind
