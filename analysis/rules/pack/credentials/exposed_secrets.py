"""CRD: secrets that a model can read, send or issue."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from analysis.model import Effect, Parameter, Severity, TextSpan, TextSpans, ToolType
from analysis.rules.detect.credential_places import placed_credentials
from analysis.rules.detect.parameter_names import name_set, parameter_tags
from analysis.rules.detect.secret_places import is_sample
from analysis.rules.detect.secret_shapes import PLACEHOLDER, is_documentation_example, known_secret
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool
from analysis.rules.engine.rule_context import SourceContext
from analysis.rules.scan.look import traits_at_first_sight
from analysis.rules.scan.token_facts import LONG, MARKED
from analysis.text import visible
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analysis.rules.engine.rule_context import ToolContext

_SCORE_CAP: Final = 49
_WRITES: Final = {"effect": Effect.SIDE_EFFECT, "types": (ToolType.SIDE_EFFECT,)}
#: The API's own credential, declared as a parameter of every operation.
_API_CREDENTIALS: Final = frozenset(
    {"token", "access_token", "api_key", "apikey", "authorization", "x_api_key", "auth_token"}
)
_OWNER: Final = re.compile(r"/properties/([^/]+)/(?:default|example|const|examples/\w+)$")
_RANDOM: Final = re.compile(r"[A-Za-z0-9+/_=.-]{20,}\Z")
_DIGIT: Final = re.compile("[0-9]")
_MIN_ENTROPY: Final = 3.5
_MAX_SECRETS: Final = 5
_SAMPLE: Final = (
    "It is part of a documentation sample, which is usually invented; one that was copied from use still works."
)
_ISSUING: Final = name_set(
    "create add generate issue mint rotate regenerate reset new roll exchange refresh grant renew request"
)
_CREDENTIALS: Final = name_set(
    "token tokens password passwords secret secrets credential credentials apikey apikeys otp pat"
)
_PREPOSITIONS: Final = name_set("for of in by to from with on at as using via")
_VERSION: Final = re.compile(r"v?\d+\Z")
_KEYS: Final = frozenset({"key", "keys"})
_KEY_OF: Final = name_set("api access secret service account ssh signing private deploy client encryption")


def _input(name: str, place: str = "body") -> Parameter:
    return Parameter(name, place, required=True, type="string", description="")


@rule(
    id="CRD-009",
    title="Secret as an argument",
    kind="definition",
    every_kind=True,
    severity=Severity.HIGH,
    groups_findings=True,
    confidence="medium",
    remedy="Add the secret in the gateway, so that no model holds it; block tools that set passwords.",
    standards=("owasp-mcp:2025/MCP01", "aisvs:1.0/C9.5"),
    false_positives="Tools with which users change their own password.",
    hits=(
        example_tool(parameters=(_input("clientSecret"),)),
        example_tool(parameters=(_input("token", "query"),)),
        example_tool(parameters=(_input("session", "cookie"),)),
        example_tool(parameters=(_input("X-Shop-Token", "header"),)),
    ),
    clean=(
        example_tool(parameters=(_input("page_token", "query"),)),
        example_tool(parameters=(_input("token", "path"),)),
        example_tool(parameters=(replace(_input("hide_secret", "query"), type="boolean"),)),
        example_tool(parameters=(_input("X-Shop-Id", "header"), _input("Idempotency-Token", "header"))),
        example_tool(),
    ),
)
def secret_as_argument(context: ToolContext) -> Iterator[Hit]:
    """The model must know the secret to make the call, and can then disclose it."""
    for parameter in (*context.parameters_tagged("secret"), *placed_credentials(context.tool.parameters)):
        if parameter.place == "path" or parameter.type == "boolean":  # a switch, such as `hide_secret`
            continue
        name = parameter.name
        stated = snake(name) in _API_CREDENTIALS or "secret" not in parameter_tags(name)
        own = bool(context.tool.method) and parameter.place != "body" and stated
        yield Hit(
            f"{parameter.place} {visible(parameter.name)}",
            key=parameter.name,
            severity=Severity.MEDIUM if own else None,
        )


def _bits(text: str) -> float:
    counts = Counter(text)
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts.values())


def _random(text: str) -> bool:
    """Whether a whole text looks like a random value."""
    if not 20 <= len(text) <= 200 or " " in text or text.isalpha() or not _DIGIT.search(text):
        return False
    return bool(_RANDOM.match(text)) and not PLACEHOLDER.search(text) and _bits(text) > _MIN_ENTROPY


def _has_known_secret(text: str) -> bool:
    return bool(traits_at_first_sight(text) & LONG and known_secret(text))


def _literal(text_span: TextSpan) -> tuple[str, Severity]:
    """Return the secret in a text span with its severity, or an empty string.

    A secret is a known shape anywhere, or a random value of a field named like a secret. Documentation samples are not
    critical; of signed tokens and URLs, whose samples no service accepts, they are not reported.
    """
    text, pointer = text_span.text, text_span.pointer
    if found := known_secret(text):
        sample = is_sample(pointer, text, found)
        unusable = sample and is_documentation_example(found)
        return "" if unusable else found, Severity.MEDIUM if sample else Severity.CRITICAL
    owner = _OWNER.search(pointer)
    if owner and "secret" in parameter_tags(owner.group(1)) and _random(text):
        return text, Severity.LOW if is_sample(pointer, text, text) else Severity.CRITICAL
    return "", Severity.LOW


def _masked(secret: str) -> str:
    return f"{visible(secret[:6])}… ({len(secret)} characters)"


def _source(*text_spans: TextSpan) -> SourceContext:
    context = example_tool(text_spans=TextSpans.of(*text_spans))
    return SourceContext(context.tool.source, (context,), context.shared)


_FIELD: Final = "/paths/~1a/post/requestBody/content/a~1b/schema/properties/client_secret/example"


@rule(
    id="CRD-010",
    title="Possible secret in the document",
    kind="source",
    every_kind=True,
    severity=Severity.CRITICAL,
    confidence="medium",
    remedy="Have the owner confirm that it is invented; otherwise revoke it, remove it, and check the logs for its use.",
    standards=("owasp-mcp:2025/MCP01", "owasp-api:2023/API8"),
    false_positives="Invented keys outside of examples.",
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
    """Anyone who can read the document, including every model, can use it."""
    for secret, places in _secrets(source).items():
        named = sha256(secret.encode(errors="surrogatepass")).hexdigest()[:16]
        if len(places) == 1:
            yield replace(places[0], key=named)
        else:  # blocking one of the tools does not remove it, so it belongs to the source
            matched = f"{places[0].matched} in {len(places)} places"
            yield replace(places[0], matched=matched, key=named, tool=None, source=source.id)


def _secrets(source: SourceContext) -> dict[str, list[Hit]]:
    """Return each secret with one hit per tool and shared part that contains it, the most severe first."""
    found: dict[str, list[Hit]] = {}
    for context in source.tools:
        for secret, hit in _secrets_in(_suspicious(context)):
            found.setdefault(secret, []).append(replace(hit, tool=context.tool.id))
    shaped, random = source.shared.by_label(_has_known_secret, MARKED), source.shared.by_label(_random, LONG)
    for label in shaped | random:
        for secret, hit in _secrets_in((*shaped.get(label, ()), *random.get(label, ()))):
            found.setdefault(secret, []).append(replace(hit, source=source.id))
    return {secret: sorted(hits, key=_is_sample_hit) for secret, hits in found.items()}


def _suspicious(context: ToolContext) -> list[TextSpan]:
    """Return the texts of a tool itself that have a key of a known shape, or are random values."""
    own = context.shared.own
    shaped, random = own.matching_texts(_has_known_secret, MARKED), own.matching_texts(_random, LONG)
    return context.tool.text_spans.among({**shaped, **random} if shaped else random)


def _is_sample_hit(hit: Hit) -> bool:
    return hit.severity is not Severity.CRITICAL


def _secrets_in(text_spans: Iterable[TextSpan]) -> list[tuple[str, Hit]]:
    """Return distinct secrets of some texts, each with its most severe hit, up to a maximum."""
    found: dict[str, Hit] = {}
    for text_span in text_spans:
        secret, severity = _literal(text_span)
        if not secret or (len(found) >= _MAX_SECRETS and secret not in found):
            continue
        hit = Hit(_masked(secret), text_span.pointer, severity=severity)
        hit = replace(hit, why=_SAMPLE) if _is_sample_hit(hit) else replace(hit, cap=_SCORE_CAP)
        if secret not in found or (_is_sample_hit(found[secret]) and not _is_sample_hit(hit)):
            found[secret] = hit
    return list(found.items())


def _credential_in(words: tuple[str, ...]) -> str:
    """Return the credential that a name is about, or an empty string: its head noun, as in `create api key for team`.

    A credential that only describes something else is none: `create token review`, `create credential list mapping`.
    """
    end = next((at for at, word in enumerate(words) if at and word in _PREPOSITIONS), len(words))
    while end and (words[end - 1] in _ISSUING or _VERSION.match(words[end - 1])):
        end -= 1
    word = words[end - 1] if end else ""
    of_key = end > 1 and word in _KEYS and words[end - 2] in _KEY_OF
    return word if word in _CREDENTIALS or of_key else ""


@rule(
    id="CRD-011",
    title="Issues credentials",
    kind="definition",
    severity=Severity.HIGH,
    groups_findings=True,
    confidence="medium",
    remedy="Block it; a person issues credentials, and a vault provides them to the agent.",
    standards=("owasp-asi:2026/ASI03", "atlas:5.6.0/AML.T0098"),
    false_positives="Page tokens, and tokens as units of model text.",
    hits=(
        example_tool("createAccessToken", method="POST", assessed=_WRITES),
        example_tool("resetPassword", method="POST", assessed=_WRITES),
        example_tool("rotateApiKey", method="POST", assessed=_WRITES),
        example_tool("api_keys_create_for_team", method="POST", assessed=_WRITES),
    ),
    clean=(
        example_tool("countTokens"),
        example_tool("createTokenReview", method="POST", assessed=_WRITES),
        example_tool("createObjectKey", method="POST", assessed=_WRITES),
        example_tool("deleteToken", method="DELETE", assessed=_WRITES),
    ),
)
def issues_credentials(context: ToolContext) -> Iterator[Hit]:
    """The issued credential gives access to the API outside this tool, its approval and its log."""
    if context.assessment.effect is Effect.READ or context.tool.method == "DELETE":
        return
    words = context.name_words
    if not _ISSUING.isdisjoint(words) and (made := _credential_in(words)):
        yield Hit(f"{next(word for word in words if word in _ISSUING)} {made}")
