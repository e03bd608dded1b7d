"""Print the tools that mcp-openapi-proxy registers for OpenAPI documents in JSON: for each a list of [method, path, name]."""

import contextlib
import json
import logging
import pathlib
import sys

logging.disable(logging.CRITICAL)
with contextlib.redirect_stdout(sys.stderr):
    from mcp_openapi_proxy import openapi


def tools(path: str) -> object:
    """Return the tools of one document."""
    made = openapi.register_functions(json.loads(pathlib.Path(path).read_text("utf-8")))
    registered = openapi._REGISTERED_OPERATIONS
    return [[registered[tool.name]["method"], registered[tool.name]["path"], tool.name] for tool in made]


with contextlib.redirect_stdout(sys.stderr):
    found = [tools(path) for path in sys.argv[1:]]
print(json.dumps(found))
