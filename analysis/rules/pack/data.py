"""DAT: what leaves the API and enters a model's context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import DataHit, Effect, Severity
from analysis.rules.detect.parameter_names import names
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext


#: The classes that weigh: what a tool returns of them bears a finding. The others only describe it.
WEIGHTY: Final = frozenset({"personal", "financial", "card", "secret", "health", "location"})
#: Protected only beside a number or a code, which nothing else of a card stands for.
_EXPIRY: Final = names("expmonth expyear expirymonth expiryyear")
#: A response that states more distinct fields than this is read by nobody before a model reads it.
_BROAD: Final = 150


def _returned(case: ToolContext, *classes: str) -> Iterator[Hit]:
    for hit in case.assessment.data:
        if hit.data in classes and hit.direction == "response":
            yield Hit(matched=", ".join(hit.fields))


def _example(data: str, *fields: str, direction: str = "response") -> ToolContext:
    return definition(assessed={"data": (DataHit(data, direction, fields),)})


@rule(
    id="DAT-001",
    title="Personal data returned",
    kind="definition",
    severity=Severity.MEDIUM,
    grouped_when=True,
    confidence="medium",
    remedy="Drop or mask the fields before the model sees them, log each access, and record the legal basis.",
    standards=("owasp-llm:2025/LLM02", "owasp-mcp:2025/MCP10", "gdpr:2016-679/5"),
    false_positives="Names and addresses of organisations.",
    hits=(definition(assessed={"data": (DataHit("personal", "response", ("email", "phone")),)}),),
    clean=(
        definition(),
        definition(assessed={"data": (DataHit("personal", "request", ("email",)),)}),
    ),
)
def personal_data_returned(case: ToolContext) -> Iterator[Hit]:
    """Whatever a tool returns enters the context of a model and may leave it with the next call."""
    yield from _returned(case, "personal")


@rule(
    id="DAT-002",
    title="Financial data returned",
    kind="definition",
    severity=Severity.MEDIUM,
    grouped_when=True,
    confidence="medium",
    remedy="Mask account numbers, and return amounts only where the task needs them.",
    standards=("owasp-api:2023/API3",),
    false_positives="Balances of something other than money, such as credits of a game.",
    hits=(_example("financial", "iban"),),
    clean=(definition(), _example("financial", "iban", direction="request")),
)
def financial_data_returned(case: ToolContext) -> Iterator[Hit]:
    """Account numbers open the way to fraud, and what somebody owns or earns is nobody else's business."""
    yield from _returned(case, "financial")


@rule(
    id="DAT-003",
    title="Secret returned",
    kind="definition",
    severity=Severity.HIGH,
    grouped_when=True,
    confidence="medium",
    remedy="Drop the field, or have the gateway remove it; no secret belongs into the context of a model.",
    standards=("owasp-api:2023/API3", "owasp-mcp:2025/MCP01"),
    false_positives="Fields that say whether a secret is set, and references to a secret store.",
    hits=(_example("secret", "client_secret"),),
    clean=(definition(), _example("secret", "password", direction="request")),
)
def secret_returned(case: ToolContext) -> Iterator[Hit]:
    """A secret that a model has read can be repeated to anybody who talks to it, and used by whoever hears it."""
    yield from _returned(case, "secret")


@rule(
    id="DAT-004",
    title="Health data returned",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Keep the fields from the model, or record the impact assessment that allows them.",
    standards=("gdpr:2016-679/9", "gdpr:2016-679/35"),
    false_positives="Names of medical terms in catalogues.",
    hits=(_example("health", "diagnosis"),),
    clean=(definition(), _example("health", "diagnosis", direction="request")),
)
def health_data_returned(case: ToolContext) -> Iterator[Hit]:
    """Health is a special category of personal data: processing it is forbidden unless a ground is recorded."""
    yield from _returned(case, "health")


@rule(
    id="DAT-005",
    title="Card data returned",
    kind="definition",
    severity=Severity.HIGH,
    grouped_when=True,
    confidence="medium",
    remedy="Block the fields at the gateway; return a token and the last four digits.",
    standards=("pci:4.0.1/3.3.1", "pci:4.0.1/3.4.1"),
    false_positives="Fields that hold a masked number. When a card ends counts as low by itself.",
    hits=(_example("card", "card_number", "cvv"), _example("card", "exp_month", "exp_year")),
    clean=(definition(), _example("card", "cvv", direction="request")),
)
def card_data_returned(case: ToolContext) -> Iterator[Hit]:
    """Card data in a context puts the model, its logs and its provider under the rules of the card industry."""
    for hit in case.assessment.data:
        if hit.data == "card" and hit.direction == "response":
            alone = all(name.replace("_", "").lower() in _EXPIRY for name in hit.fields)
            yield Hit(", ".join(hit.fields), severity=Severity.LOW if alone else None)


@rule(
    id="DAT-006",
    title="Over-broad response",
    kind="definition",
    severity=Severity.LOW,
    grouped_when=True,
    remedy="Let the caller select fields, or cut the response down at the gateway.",
    standards=("owasp-api:2023/API3", "owasp-mcp:2025/MCP10"),
    false_positives="Fields that a caller has to ask for.",
    hits=(definition(shallow_fields=tuple(f"field_{n}" for n in range(_BROAD + 1))),),
    clean=(definition(), definition(shallow_fields=tuple(f"field_{n}" for n in range(_BROAD)))),
)
def over_broad_response(case: ToolContext) -> Iterator[Hit]:
    """What nobody needs is still read by the model, costs its context and may leave with the next call."""
    if len(case.tool.shallow_fields) > _BROAD:
        yield Hit(matched=f"{len(case.tool.shallow_fields)} distinct fields")


@rule(
    id="DAT-007",
    title="Sensitive data in bulk",
    kind="definition",
    severity=Severity.MEDIUM,
    grouped_when=True,
    confidence="medium",
    remedy="Add a limit and filters, or cap the result at the gateway.",
    standards=("owasp-api:2023/API4", "atlas:5.6.0/AML.T0085.001"),
    false_positives="Lists that are short by nature.",
    hits=(definition(assessed={"lists": True, "data": (DataHit("personal", "response", ("email",)),)}),),
    clean=(
        definition(),
        definition(
            assessed={
                "lists": True,
                "page_parameters": ("limit",),
                "data": (DataHit("personal", "response", ("email",)),),
            }
        ),
        definition(assessed={"lists": True, "data": (DataHit("naming", "response", ("title",)),)}),
    ),
)
def sensitive_data_in_bulk(case: ToolContext) -> Iterator[Hit]:
    """One call of such a tool hands out the data of everybody."""
    said = case.assessment
    found = [hit.data for hit in said.data if hit.data in WEIGHTY and hit.direction == "response"]
    if found and said.lists and not said.page_parameters:
        yield Hit(matched=f"list without a limit: {', '.join(found)}")


@rule(
    id="DAT-008",
    title="Response unknown",
    kind="definition",
    severity=Severity.LOW,
    grouped_when=True,
    confidence="medium",
    remedy="Describe the response, so that it can be judged what it carries.",
    standards=("owasp-api:2023/API3",),
    false_positives="Downloads, and operations that answer with a status only.",
    hits=(definition(response_fields=()),),
    clean=(
        definition(response_fields=("id",)),
        definition(method="", response_fields=()),
        definition(method="HEAD", response_fields=()),
        definition(response_fields=(), assessed={"effect": Effect.SIDE_EFFECT}),
    ),
)
def response_unknown(case: ToolContext) -> Iterator[Hit]:
    """What a reading tool returns is the point of it; where no field is stated, no class of data can be either."""
    if case.assessment.effect is Effect.READ and case.tool.method == "GET" and not case.tool.response_fields:
        yield Hit(matched="no field of the response is stated")
