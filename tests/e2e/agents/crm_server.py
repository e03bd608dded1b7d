"""An MCP server of some tools, as a program: `python crm_server.py LOG TOOLS`, where TOOLS is a file of JSON.

It serves streamable HTTP on 127.0.0.1 and prints its port. Every call that arrives is a line of LOG: tool and arguments.
"""

import json
import socket
import sys
from pathlib import Path

import uvicorn
from mcp.server import Server
from mcp.types import CallToolResult, ListToolsResult, TextContent, Tool

LOG = Path(sys.argv[1])
TOOLS = json.loads(Path(sys.argv[2]).read_text("utf-8"))


async def list_tools(ctx, params):
    return ListToolsResult(tools=[Tool.model_validate(tool) for tool in TOOLS])


def record(params):
    with LOG.open("a", encoding="utf-8") as log:
        log.write(json.dumps({"tool": params.name, "arguments": params.arguments}) + "\n")


async def call_tool(ctx, params):
    record(params)
    return CallToolResult(content=[TextContent(type="text", text=f"done: {params.name}")])


def main():
    server = Server("crm", version="1.0.0", on_list_tools=list_tools, on_call_tool=call_tool)
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    print(bound.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(server.streamable_http_app(), log_level="error")).run(sockets=[bound])


if __name__ == "__main__":
    main()
