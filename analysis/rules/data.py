"""DAT: what leaves the API and enters a model's context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.model import DataHit, Severity
from analysis.rules.engine import Hit, rule
from analysis.rules.examples import definition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine import Definition


@rule(
    id="DAT-001",
    title="Personal data returned",
    kind="definition",
    severity=Severity.MEDIUM,
    confidence="medium",
    remedy="Drop or mask the fields before the model sees them, log each access, and record the legal basis.",
    standards=("owasp-llm:2025/LLM02", "owasp-mcp:2025/MCP10", "gdpr/Art. 5"),
    false_positives="Names and addresses of organisations.",
    hits=(definition(assessed={"data": (DataHit("personal", "response", ("email", "phone")),)}),),
    clean=(
        definition(),
        definition(assessed={"data": (DataHit("personal", "request", ("email",)),)}),
    ),
)
def personal_data_returned(case: Definition) -> Iterator[Hit]:
    """Whatever a tool returns enters the context of a model and may leave it with the next call."""
    for hit in case.assessment.data:
        if hit.data == "personal" and hit.direction == "response":
            yield Hit(matched=", ".join(hit.fields))
