"""Validates an exported request with the types of a vendor's SDK: `openai|anthropic FILE`. Prints the faults it finds."""

import json
import sys
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

which, file = sys.argv[1:]
data = json.loads(Path(file).read_text("utf-8"))
if which == "openai":
    from openai.types.responses.tool_param import Mcp

    pairs = [(Mcp, tool) for tool in data["tools"]]
else:
    from anthropic.types.beta import BetaMCPToolsetParam, BetaRequestMCPServerURLDefinitionParam

    pairs = [(BetaMCPToolsetParam, tool) for tool in data["tools"]]
    pairs += [(BetaRequestMCPServerURLDefinitionParam, server) for server in data.get("mcp_servers", [])]
faults = []
for kind, value in pairs:
    kind.__pydantic_config__ = ConfigDict(extra="forbid")
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        faults.append(str(error))
print(json.dumps({"checked": len(pairs), "faults": faults}))
