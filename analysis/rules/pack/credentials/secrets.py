"""CRD: secrets where a model can read, send or make them."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from analysis.model import Effect, Parameter, Severity, TextSpan, TextSpans, ToolType
from analysis.rules.detect.parameter_names import names, plain, tags
from analysis.rules.detect.secret_shapes import PLACEHOLDER, is_shown, known
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import definition
from analysis.rules.engine.rule_context import SourceContext
from analysis.text import visible
from analysis.text_folded import has_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.rules.engine.rule_context import ToolContext

_SCORE_CAP: Final = 49
_WRITES: Final = {"effect": Effect.SIDE_EFFECT, "types": (ToolType.SIDE_EFFECT,)}
#: The API's own credential, passed like any other input of every operation.
_CARRIED: Final = frozenset({"token", "access_token", "api_key", "apikey", "authorization", "x_api_key", "auth_token"})
_OWNER: Final = re.compile(r"/properties/([^/]+)/(?:default|example|const|examples/\w+)$")
#: Where honest documents show tokens and addresses that nobody accepts.
_EXAMPLE: Final = re.compile(r"/examples?(?:/|\Z)")
_RANDOM: Final = re.compile(r"[A-Za-z0-9+/_=.-]{20,}\Z")
_DIGIT: Final = re.compile("[0-9]")
_BITS: Final = 3.5
_MOST: Final = 5
_MAKING: Final = names(
    "create add generate issue mint rotate regenerate reset new roll exchange refresh grant renew request"
)
_MADE: Final = names("token tokens password passwords secret secrets credential credentials apikey apikeys otp pat")
_KEYS: Final = frozenset({"key", "keys"})
_KEY_OF: Final = names("api access secret service account ssh signing private deploy client encryption")


def _input(name: str, place: str = "body") -> Parameter:
    return Parameter(name, place, required=True, type="string", description="")


@rule(
    id="CRD-009",
    title="Secret as an argument",
    kind="definition",
    severity=Severity.HIGH,
    grouped_when=True,
    confidence="medium",
    remedy="Have the gateway add the secret, so that no model ever holds it; block tools that set passwords.",
    standards=("owasp-mcp:2025/MCP01", "aisvs:1.0/C9.5"),
    false_positives="Tools by which people change their own password.",
    hits=(definition(parameters=(_input("clientSecret"),)), definition(parameters=(_input("token", "query"),))),
    clean=(
        definition(parameters=(_input("page_token", "query"),)),
        definition(parameters=(_input("token", "path"),)),
        definition(),
    ),
)
def secret_as_argument(case: ToolContext) -> Iterator[Hit]:
    """To make the call the model has to be told the secret, and can then repeat it to anybody."""
    for parameter in case.inputs("secret"):
        if parameter.place == "path":
            continue
        own = bool(case.tool.method) and parameter.place != "body" and plain(parameter.name) in _CARRIED
        yield Hit(
            f"{parameter.place} {visible(parameter.name)}",
            key=parameter.name,
            severity=Severity.MEDIUM if own else None,
        )


def _bits(text: str) -> float:
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def _random(text: str) -> bool:
    """Whether a text as a whole looks as if a machine had drawn it."""
    if not 20 <= len(text) <= 200 or " " in text or text.isalpha() or not _DIGIT.search(text):
        return False
    return bool(_RANDOM.match(text)) and not PLACEHOLDER.search(text) and _bits(text) > _BITS


def _suspicious(text: str) -> bool:
    return bool(known(text)) or _random(text)


def _literal(text_span: TextSpan) -> str:
    """Return the secret a passage shows: a known shape anywhere, or a random value of a field named like a secret."""
    if found := known(text_span.text):
        return "" if is_shown(found) and _EXAMPLE.search(text_span.pointer) else found
    owner = _OWNER.search(text_span.pointer)
    return text_span.text if owner and "secret" in tags(owner.group(1)) and _random(text_span.text) else ""


def _masked(secret: str) -> str:
    return f"{visible(secret[:6])}… ({len(secret)} characters)"


def _source(*text_spans: TextSpan) -> SourceContext:
    case = definition(text_spans=TextSpans.of(*text_spans))
    return SourceContext(case.tool.source, (case,), case.shared)


_FIELD: Final = "/paths/~1a/post/requestBody/content/a~1b/schema/properties/client_secret/example"


@rule(
    id="CRD-010",
    title="Secret written into the document",
    kind="source",
    severity=Severity.CRITICAL,
    confidence="medium",
    remedy="Withdraw the secret today, take it out of the document, and look who has used it.",
    standards=("owasp-mcp:2025/MCP01", "owasp-api:2023/API8"),
    false_positives="Keys that were made up for the documentation; have their owner say so.",
    hits=(
        _source(TextSpan("/paths/~1a/get/description", "Send AKIAQ4ZT7LMW2XNB6RVC with it.")),
        _source(TextSpan(_FIELD, "q7Rz0PvLw93kTnXe5BdYc8Ha")),
        _source(TextSpan("/paths/~1a/get/description", "Reads postgres://shop:Gr4nk7Vq@db.shop.io/orders.")),
    ),
    clean=(
        _source(TextSpan("/paths/~1a/get/description", "Send AKIAIOSFODNN7EXAMPLE with it.")),
        _source(TextSpan(_FIELD, "postgres://shop:Gr4nk7Vq@db.shop.io/orders")),
        _source(TextSpan("/paths/~1a/get/description", "Reads postgres://user:pa55word@db.shop.io/orders.")),
        _source(TextSpan(_FIELD, "your-client-secret-goes-here")),
        _source(TextSpan(_FIELD, "do-n0t-use-this-Password-1")),
        _source(TextSpan("/paths/~1a/get/responses/200/etag/example", "q7Rz0PvLw93kTnXe5BdYc8Ha")),
    ),
)
def secret_literal(source: SourceContext) -> Iterator[Hit]:
    """Everybody who can read the document, every model included, can use it."""
    for secret, places in _secrets(source).items():
        named = sha256(secret.encode(errors="surrogatepass")).hexdigest()[:16]
        if len(places) == 1:
            yield replace(places[0], key=named)
        else:  # the document's: it is as good in another tool when one of them is blocked
            matched = f"{places[0].matched} in {len(places)} places"
            yield replace(places[0], matched=matched, key=named, tool=None, source=source.id)


def _secrets(source: SourceContext) -> dict[str, list[Hit]]:
    """Return each secret with a hit per tool and shared part that shows it."""
    found: dict[str, list[Hit]] = {}
    for case in source.cases:
        for secret, pointer in _shown(case.matching(_suspicious, has_run)):
            found.setdefault(secret, []).append(Hit(_masked(secret), pointer, tool=case.tool.id, cap=_SCORE_CAP))
    shaped, random = source.shared.by_label(known, has_run), source.shared.by_label(_random, has_run)
    for label in shaped | random:
        for secret, pointer in _shown((*shaped.get(label, ()), *random.get(label, ()))):
            found.setdefault(secret, []).append(Hit(_masked(secret), pointer, source=source.id, cap=_SCORE_CAP))
    return found


def _shown(text_spans: Iterable[TextSpan]) -> list[tuple[str, str]]:
    """Return (secret, pointer) of what some texts show, each secret once; a text full of them is told by a few."""
    found: dict[str, str] = {}
    for text_span in text_spans:
        if len(found) < _MOST and (secret := _literal(text_span)):
            found.setdefault(secret, text_span.pointer)
    return list(found.items())


def _made(words: tuple[str, ...]) -> str:
    """Return the credential that a name says is made."""
    for at, word in enumerate(words):
        if word in _MADE or (word in _KEYS and at and words[at - 1] in _KEY_OF):
            return word
    return ""


@rule(
    id="CRD-011",
    title="Tool that makes credentials",
    kind="definition",
    severity=Severity.HIGH,
    grouped_when=True,
    confidence="medium",
    remedy="Block it; a person makes credentials, and the vault hands them to the agent.",
    standards=("owasp-asi:2026/ASI03", "atlas:5.6.0/AML.T0098"),
    false_positives="Tokens that only tell one page of a result from the next, or count as text of a model.",
    hits=(
        definition("createAccessToken", method="POST", assessed=_WRITES),
        definition("resetPassword", method="POST", assessed=_WRITES),
        definition("rotateApiKey", method="POST", assessed=_WRITES),
    ),
    clean=(
        definition("countTokens"),
        definition("createObjectKey", method="POST", assessed=_WRITES),
        definition("deleteToken", method="DELETE", assessed=_WRITES),
    ),
)
def credential_minting(case: ToolContext) -> Iterator[Hit]:
    """What it returns opens the API again, without this tool, its approval or its log."""
    if case.assessment.effect is Effect.READ or case.tool.method == "DELETE":
        return
    words = case.spoken
    if not _MAKING.isdisjoint(words) and (made := _made(words)):
        yield Hit(f"{next(word for word in words if word in _MAKING)} {made}")


#: What the name of a path parameter ends in that is a credential: the number and the name of a secret open nothing.
_TOKEN_ENDS: Final = ("token", "secret", "password", "token_value", "secret_value", "secret_key")


@rule(
    id="CRD-012",
    title="Token in the path",
    kind="definition",
    severity=Severity.HIGH,
    grouped_when=True,
    confidence="medium",
    remedy="Block it, or have the gateway put the token in; take tokens of the API's own, never those of a caller.",
    standards=("mcp-spec:2026-07-28/token-passthrough", "aisvs:1.0/C10.2"),
    false_positives="Identifiers that are called tokens and open nothing.",
    hits=(definition(parameters=(_input("webhook_token", "path"),)), definition(parameters=(_input("token", "path"),))),
    clean=(
        definition(parameters=(_input("key", "path"),)),
        definition(parameters=(_input("secret_name", "path"), _input("tokenId", "path"))),
        definition(parameters=(_input("token"),)),
    ),
)
def token_in_path(case: ToolContext) -> Iterator[Hit]:
    """Whoever knows the address may call it: the model is handed the credential and every log keeps it."""
    for parameter in case.tool.parameters:
        if parameter.place == "path" and plain(parameter.name).endswith(_TOKEN_ENDS):
            yield Hit(f"path {visible(parameter.name)}", key=parameter.name)
