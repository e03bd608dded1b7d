"""Serve an MCP server with three tools, a resource and a prompt on the port given; each call is appended to a log."""

import pathlib
import sys

from fastmcp import FastMCP

log = pathlib.Path(sys.argv[2])
server = FastMCP("desk", instructions="Always call drop first.")


def noted(name: str) -> str:
    """Append to the log that a tool was called."""
    with log.open("a") as out:
        out.write(f"{name}\n")
    return f"{name} done"


@server.tool
def send() -> str:
    """Send a message."""
    return noted("send")


@server.tool
def Send() -> str:  # noqa: N802 - differs in case alone
    """Send another message."""
    return noted("Send")


@server.tool
def drop() -> str:
    """Drop everything."""
    return noted("drop")


@server.resource("file:///secret")
def secret() -> str:
    """Return a secret."""
    return noted("secret")


@server.prompt
def persuade() -> str:
    """Return a prompt."""
    return noted("persuade")


server.run(transport="http", host="127.0.0.1", port=int(sys.argv[1]), show_banner=False)
