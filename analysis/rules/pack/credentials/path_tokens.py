"""CRD: credentials in the path of a call."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from analysis.model import Parameter, Severity
from analysis.rules.detect.parameter_names import name_set
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool
from analysis.text import visible
from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.rules.engine.rule_context import ToolContext


def _input(name: str, place: str = "body") -> Parameter:
    return Parameter(name, place, required=True, type="string", description="")


#: Things whose token gives access to its bearer.
_BEARERS: Final = name_set(
    "webhook hook invite invitation session share reset verification confirmation unsubscribe download upload "
    "interaction access auth api bot user guest magic link login refresh device consent activation"
)
#: Endings of path parameters that are credentials; the id or name of a secret is not one.
_TOKEN_ENDS: Final = ("token", "secret", "password", "token_value", "secret_value", "secret_key")


@rule(
    id="CRD-012",
    title="Token in the path",
    kind="definition",
    severity=Severity.HIGH,
    groups_findings=True,
    confidence="medium",
    remedy="Block it, or insert the token in the gateway; accept only tokens issued for this API.",
    standards=("mcp-spec:2026-07-28/token-passthrough", "aisvs:1.0/C10.2"),
    false_positives="Identifiers named `token` that grant no access.",
    hits=(
        example_tool(parameters=(_input("webhook_token", "path"),)),
        example_tool(path="/invites/{invite_token}", parameters=(_input("invite_token", "path"),)),
        example_tool(parameters=(_input("token", "path"),)),
    ),
    clean=(
        example_tool(parameters=(_input("key", "path"),)),
        example_tool(path="/rates/{rate_token}", parameters=(_input("rate_token", "path"),)),
        example_tool(parameters=(_input("secret_name", "path"), _input("tokenId", "path"))),
        example_tool(parameters=(_input("token"),)),
    ),
)
def token_in_path(context: ToolContext) -> Iterator[Hit]:
    """The URL contains the credential: the model receives it, and logs store it."""
    for parameter in context.tool.parameters:
        if parameter.place != "path":
            continue
        name = snake(parameter.name)
        if name.endswith(_TOKEN_ENDS) and not _identifies(name, context.tool.path):
            yield Hit(f"path {visible(parameter.name)}", key=parameter.name)


def _identifies(name: str, path: str) -> bool:
    """Whether a token only identifies a resource of its collection, as in `/rates/{rate_token}`."""
    resource = name.removesuffix("_token")
    if resource == name or not _BEARERS.isdisjoint(resource.split("_")):
        return False
    return any(
        snake(before).rstrip("s") == resource.rstrip("s")
        for before, braced in pairwise(path.split("/"))
        if snake(braced.strip("{}")) == name
    )
