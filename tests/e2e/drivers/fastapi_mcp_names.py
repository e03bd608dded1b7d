"""Print what fastapi-mcp makes of OpenAPI documents: listed names, and [method, path, name] of each that runs; or the error."""

import json
import logging
import pathlib
import sys

logging.disable(logging.CRITICAL)
from fastapi_mcp.openapi.convert import convert_openapi_to_mcp_tools  # noqa: E402


def tools(path: str) -> object:
    """Return the tools of one document."""
    try:
        made, operations = convert_openapi_to_mcp_tools(json.loads(pathlib.Path(path).read_text("utf-8")))
    except RecursionError:
        return "RecursionError"
    runs = [[each["method"].upper(), each["path"], name] for name, each in operations.items()]
    return {"listed": [tool.name for tool in made], "runs": runs}


print(json.dumps([tools(path) for path in sys.argv[1:]]))
