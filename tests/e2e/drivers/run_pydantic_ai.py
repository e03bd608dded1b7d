"""Runs an agent of PydanticAI with the exported program: `SERVER-URL MODEL-URL FOLDER SERVER`. Prints a line of JSON."""

import asyncio
import json
import sys

URL, MODEL, FOLDER, SERVER = sys.argv[1:]
sys.path.insert(0, FOLDER)

import approved_tools  # noqa: E402  (the exported program)
from pydantic_ai import Agent, DeferredToolRequests  # noqa: E402
from pydantic_ai.exceptions import AgentRunError  # noqa: E402
from pydantic_ai.mcp import MCPToolset  # noqa: E402
from pydantic_ai.models.openai import OpenAIChatModel  # noqa: E402
from pydantic_ai.providers.openai import OpenAIProvider  # noqa: E402


async def main():
    model = OpenAIChatModel("stub", provider=OpenAIProvider(base_url=f"{MODEL}/v1", api_key="unused"))
    toolset = approved_tools.pydantic_ai(SERVER, MCPToolset(URL))
    agent = Agent(model, toolsets=[toolset], output_type=[str, DeferredToolRequests], retries=5)
    async with agent:
        try:
            output = (await agent.run("Use the tools.")).output
            asked = [call.tool_name for call in output.approvals] if isinstance(output, DeferredToolRequests) else []
            said = {"asked": asked, "ended": "finished"}
        except AgentRunError as error:
            said = {"asked": [], "ended": f"{type(error).__name__}: {error}"}
        print(json.dumps(said))


asyncio.run(main())
