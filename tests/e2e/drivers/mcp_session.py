"""Print what an MCP server on HTTP offers and answers: `mcp_session.py URL HEADERS CALLS`, the last two as JSON.

Runs where the SDK is of version 1 or 2. A call is [name, arguments]; its answer is [whether it failed, text].
"""

import asyncio
import json
import sys

url, headers, calls = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])


def said(result: object) -> list[object]:
    """Return whether a call failed, and its text."""
    failed = getattr(result, "is_error", None)
    failed = getattr(result, "isError", False) if failed is None else failed
    return [bool(failed), " ".join(getattr(part, "text", "") for part in result.content)]


async def answers(session: object) -> dict[str, object]:
    """Return everything of one session."""
    found: dict[str, object] = {"tools": [tool.name for tool in (await session.list_tools()).tools], "calls": []}
    for kind, key in (("resources", "resources"), ("prompts", "prompts"), ("resource_templates", "resource_templates")):
        try:
            listed = await getattr(session, f"list_{kind}")()
            found[key] = len(getattr(listed, kind, None) or getattr(listed, "resourceTemplates", None) or [])
        except Exception as error:  # noqa: BLE001 - a server may not know the method
            found[key] = f"{type(error).__name__}: {error}"[:80]
    for name, arguments in calls:
        try:
            found["calls"].append(said(await session.call_tool(name, arguments)))
        except Exception as error:  # noqa: BLE001 - a refusal is an answer
            found["calls"].append([True, f"{error}"])
    return found


async def main() -> dict[str, object]:
    """Open a session in the way of the SDK that is installed."""
    try:
        import httpx2
        from mcp import Client
        from mcp.client.streamable_http import streamable_http_client
    except ImportError:
        from mcp import ClientSession
        from mcp.client.streamable_http import streamablehttp_client

        async with (
            streamablehttp_client(url, headers=headers) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await answers(session)
    async with (
        httpx2.AsyncClient(headers=headers) as http,
        Client(streamable_http_client(url, http_client=http)) as session,
    ):
        return await answers(session)


print(json.dumps(asyncio.run(main())))
