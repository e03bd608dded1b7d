"""FastMCP components made from approved definitions: what a client is shown is what was approved, byte for byte.

None of them can run: a call is decided in the middleware, and one that came past it would find nothing to call.
"""

from __future__ import annotations

from typing import Any, Never

from fastmcp.exceptions import ToolError
from fastmcp.prompts.base import Prompt, PromptResult
from fastmcp.resources.base import Resource, ResourceResult
from fastmcp.resources.template import ResourceTemplate
from fastmcp.tools.base import RawStructuredToolResult, Tool, ToolResult
from mcp_types import CallToolResult, GetPromptResult, ReadResourceResult
from mcp_types import Prompt as WirePrompt
from mcp_types import Resource as WireResource
from mcp_types import ResourceTemplate as WireTemplate
from mcp_types import Tool as WireTool
from pydantic import AnyUrl, PrivateAttr


def _past_the_checks() -> Never:
    raise ToolError("this call came past the checks of the gateway, and was not made")


class ApprovedTool(Tool):
    """A tool as it was approved."""

    _shown: WireTool = PrivateAttr()

    @classmethod
    def of(cls, shown: WireTool) -> ApprovedTool:
        """Return the component of a definition."""
        made = cls(name=shown.name, parameters=shown.input_schema, output_schema=shown.output_schema)
        made._shown = shown
        return made

    def to_mcp_tool(self, **overrides: Any) -> WireTool:
        """Return the definition; older clients get its output schema in the form that their revision requires."""
        return self._shown.model_copy(update={"output_schema": overrides.get("outputSchema", self.output_schema)})

    async def run(self, arguments: dict[str, Any]) -> ToolResult:  # noqa: ARG002 - FastMCP's signature
        """Refuse: see the module."""
        _past_the_checks()


class ApprovedResource(Resource):
    """A resource as it was approved."""

    _shown: WireResource = PrivateAttr()

    @classmethod
    def of(cls, shown: WireResource) -> ApprovedResource:
        """Return the component of a definition."""
        made = cls(uri=AnyUrl(shown.uri), name=shown.name)
        made._shown = shown
        return made

    def to_mcp_resource(self, **overrides: Any) -> WireResource:  # noqa: ARG002 - FastMCP's signature
        """Return the definition."""
        return self._shown

    async def read(self) -> ResourceResult:
        """Refuse: see the module."""
        _past_the_checks()


class ApprovedTemplate(ResourceTemplate):
    """A resource template as it was approved."""

    _shown: WireTemplate = PrivateAttr()

    @classmethod
    def of(cls, shown: WireTemplate) -> ApprovedTemplate:
        """Return the component of a definition."""
        made = cls(name=shown.name, uri_template=shown.uri_template, parameters={})
        made._shown = shown
        return made

    def to_mcp_template(self, **overrides: Any) -> WireTemplate:  # noqa: ARG002 - FastMCP's signature
        """Return the definition."""
        return self._shown

    async def read(self, arguments: dict[str, Any]) -> ResourceResult:  # noqa: ARG002 - FastMCP's signature
        """Refuse: see the module."""
        _past_the_checks()


class ApprovedPrompt(Prompt):
    """A prompt as it was approved."""

    _shown: WirePrompt = PrivateAttr()

    @classmethod
    def of(cls, shown: WirePrompt) -> ApprovedPrompt:
        """Return the component of a definition."""
        made = cls(name=shown.name)
        made._shown = shown
        return made

    def to_mcp_prompt(self, **overrides: Any) -> WirePrompt:  # noqa: ARG002 - FastMCP's signature
        """Return the definition."""
        return self._shown

    async def render(self, arguments: dict[str, Any] | None = None) -> PromptResult:  # noqa: ARG002 - FastMCP's signature
        """Refuse: see the module."""
        _past_the_checks()


class ReadResult(ResourceResult):
    """The content of a resource as the upstream sent it."""

    _sent: ReadResourceResult = PrivateAttr()

    @classmethod
    def of(cls, raw: dict[str, Any]) -> ReadResult:
        """Return the result of an answer."""
        made = cls(contents=[])
        made._sent = ReadResourceResult.model_validate(raw, by_name=False)
        return made

    def to_mcp_result(self, uri: Any) -> ReadResourceResult:  # noqa: ARG002 - FastMCP's signature
        """Return what was sent."""
        return self._sent


class FetchedPrompt(PromptResult):
    """The messages of a prompt as the upstream sent them."""

    _sent: GetPromptResult = PrivateAttr()

    @classmethod
    def of(cls, raw: dict[str, Any]) -> FetchedPrompt:
        """Return the result of an answer."""
        made = cls(messages=[])
        made._sent = GetPromptResult.model_validate(raw, by_name=False)
        return made

    def to_mcp_prompt_result(self) -> GetPromptResult:
        """Return what was sent."""
        return self._sent


def tool_result(raw: dict[str, Any]) -> ToolResult:
    """Return the result of a tool as the upstream sent it."""
    sent = CallToolResult.model_validate(raw, by_name=False)
    structured, failed = sent.structured_content, bool(sent.is_error)
    if structured is None or isinstance(structured, dict):
        return ToolResult(content=sent.content, structured_content=structured, meta=sent.meta, is_error=failed)
    # Older clients get it under `result`, as they know objects only.
    return RawStructuredToolResult(content=sent.content, structured_content=structured, meta=sent.meta, is_error=failed)
