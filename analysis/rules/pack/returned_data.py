"""DAT: data that tools return into the context of a model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.model import DataHit, Effect, Severity
from analysis.rules.detect.parameter_names import name_set
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext


#: Data classes that cause findings; the others only describe a tool.
SENSITIVE_CLASSES: Final = frozenset({"personal", "financial", "card", "secret", "health", "location"})
#: Card expiry, which is protected only together with a card number or code.
_EXPIRY: Final = name_set("expmonth expyear expirymonth expiryyear")
#: Maximum number of distinct fields of an ordinary response.
_MAX_FIELDS: Final = 150


def _returned(context: ToolContext, *classes: str) -> Iterator[Hit]:
    for hit in context.assessment.data:
        if hit.data in classes and hit.direction == "response":
            yield Hit(matched=", ".join(hit.fields))


def _example(data: str, *fields: str, direction: str = "response") -> ToolContext:
    return example_tool(assessed={"data": (DataHit(data, direction, fields),)})


@rule(
    id="DAT-001",
    title="Personal data returned",
    kind="definition",
    severity=Severity.MEDIUM,
    groups_findings=True,
    confidence="medium",
    remedy="Remove or mask the fields before the model sees them, log each access, and record the legal basis.",
    standards=("owasp-llm:2025/LLM02", "owasp-mcp:2025/MCP10", "gdpr:2016-679/5"),
    false_positives="Names and addresses of organisations.",
    hits=(example_tool(assessed={"data": (DataHit("personal", "response", ("email", "phone")),)}),),
    clean=(
        example_tool(),
        example_tool(assessed={"data": (DataHit("personal", "request", ("email",)),)}),
    ),
)
def personal_data_returned(context: ToolContext) -> Iterator[Hit]:
    """Returned data enters the context of the model and can leave with a later call."""
    yield from _returned(context, "personal")


@rule(
    id="DAT-002",
    title="Financial data returned",
    kind="definition",
    severity=Severity.MEDIUM,
    groups_findings=True,
    confidence="medium",
    remedy="Mask account numbers, and return amounts only where required.",
    standards=("owasp-api:2023/API3",),
    false_positives="Balances of non-monetary units, such as game credits.",
    hits=(_example("financial", "iban"),),
    clean=(example_tool(), _example("financial", "iban", direction="request")),
)
def financial_data_returned(context: ToolContext) -> Iterator[Hit]:
    """Account numbers enable fraud, and amounts disclose the finances of a person or company."""
    yield from _returned(context, "financial")


@rule(
    id="DAT-003",
    title="Secret returned",
    kind="definition",
    severity=Severity.HIGH,
    groups_findings=True,
    confidence="medium",
    remedy="Remove the field in the API or in the gateway; secrets must not enter the context of a model.",
    standards=("owasp-api:2023/API3", "owasp-mcp:2025/MCP01"),
    false_positives="Fields that state whether a secret is set, and references to a secret store.",
    hits=(_example("secret", "client_secret"),),
    clean=(example_tool(), _example("secret", "password", direction="request")),
)
def secret_returned(context: ToolContext) -> Iterator[Hit]:
    """A model that has read a secret can disclose it to any user, who can then use it."""
    yield from _returned(context, "secret")


@rule(
    id="DAT-004",
    title="Health data returned",
    kind="definition",
    severity=Severity.HIGH,
    confidence="medium",
    remedy="Remove the fields before the model sees them, or record the impact assessment that permits them.",
    standards=("gdpr:2016-679/9", "gdpr:2016-679/35"),
    false_positives="Medical terms in catalogues.",
    hits=(_example("health", "diagnosis"),),
    clean=(example_tool(), _example("health", "diagnosis", direction="request")),
)
def health_data_returned(context: ToolContext) -> Iterator[Hit]:
    """Health data is a special category of personal data; processing it requires a recorded legal ground."""
    yield from _returned(context, "health")


@rule(
    id="DAT-005",
    title="Card data returned",
    kind="definition",
    severity=Severity.HIGH,
    groups_findings=True,
    confidence="medium",
    remedy="Block the fields at the gateway; return a token and the last four digits.",
    standards=("pci:4.0.1/3.3.1", "pci:4.0.1/3.4.1"),
    false_positives="Masked numbers. An expiry date alone has severity low.",
    hits=(_example("card", "card_number", "cvv"), _example("card", "exp_month", "exp_year")),
    clean=(example_tool(), _example("card", "cvv", direction="request")),
)
def card_data_returned(context: ToolContext) -> Iterator[Hit]:
    """Card data in the context brings the model, its logs and its provider into the scope of PCI DSS."""
    for hit in context.assessment.data:
        if hit.data == "card" and hit.direction == "response":
            alone = all(name.replace("_", "").lower() in _EXPIRY for name in hit.fields)
            yield Hit(", ".join(hit.fields), severity=Severity.LOW if alone else None)


@rule(
    id="DAT-006",
    title="Over-broad response",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    remedy="Let the caller select fields, or reduce the response in the gateway.",
    standards=("owasp-api:2023/API3", "owasp-mcp:2025/MCP10"),
    false_positives="Fields returned only on request.",
    hits=(example_tool(shallow_fields=tuple(f"field_{n}" for n in range(_MAX_FIELDS + 1))),),
    clean=(example_tool(), example_tool(shallow_fields=tuple(f"field_{n}" for n in range(_MAX_FIELDS)))),
)
def over_broad_response(context: ToolContext) -> Iterator[Hit]:
    """Unneeded fields use context and can leave with a later call."""
    if len(context.tool.shallow_fields) > _MAX_FIELDS:
        yield Hit(matched=f"{len(context.tool.shallow_fields)} distinct fields")


@rule(
    id="DAT-007",
    title="Sensitive data in bulk",
    kind="definition",
    severity=Severity.MEDIUM,
    groups_findings=True,
    confidence="medium",
    remedy="Add a limit and filters, or cap the result in the gateway.",
    standards=("owasp-api:2023/API4", "atlas:5.6.0/AML.T0085.001"),
    false_positives="Lists that are always short.",
    hits=(example_tool(assessed={"lists": True, "data": (DataHit("personal", "response", ("email",)),)}),),
    clean=(
        example_tool(),
        example_tool(
            assessed={
                "lists": True,
                "page_parameters": ("limit",),
                "data": (DataHit("personal", "response", ("email",)),),
            }
        ),
        example_tool(assessed={"lists": True, "data": (DataHit("naming", "response", ("title",)),)}),
    ),
)
def sensitive_data_in_bulk(context: ToolContext) -> Iterator[Hit]:
    """A single call returns the data of every person in the system."""
    assessment = context.assessment
    found = [hit.data for hit in assessment.data if hit.data in SENSITIVE_CLASSES and hit.direction == "response"]
    if found and assessment.lists and not assessment.page_parameters:
        yield Hit(matched=f"list without a limit: {', '.join(found)}")


@rule(
    id="DAT-008",
    title="Response unknown",
    kind="definition",
    severity=Severity.LOW,
    groups_findings=True,
    confidence="medium",
    remedy="Document the response, so that its data can be classified.",
    standards=("owasp-api:2023/API3",),
    false_positives="Downloads, and operations that return only a status.",
    hits=(example_tool(response_fields=()),),
    clean=(
        example_tool(response_fields=("id",)),
        example_tool(method="", response_fields=()),
        example_tool(method="HEAD", response_fields=()),
        example_tool(response_fields=(), assessed={"effect": Effect.SIDE_EFFECT}),
    ),
)
def response_unknown(context: ToolContext) -> Iterator[Hit]:
    """Without documented response fields, the data that a read-only tool returns cannot be classified."""
    if context.assessment.effect is Effect.READ and context.tool.method == "GET" and not context.tool.response_fields:
        yield Hit(matched="no documented response fields")
