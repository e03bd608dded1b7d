"""Runs an agent of OpenAI Agents with the exported program: `SERVER-URL MODEL-URL FOLDER SERVER`. Prints a line of JSON."""

import asyncio
import json
import sys

URL, MODEL, FOLDER, SERVER = sys.argv[1:]
sys.path.insert(0, FOLDER)

import approved_tools  # noqa: E402  (the exported program)
from agents import Agent, OpenAIResponsesModel, Runner, set_tracing_disabled  # noqa: E402
from agents.exceptions import AgentsException  # noqa: E402
from agents.mcp import MCPServerStreamableHttp  # noqa: E402
from openai import AsyncOpenAI  # noqa: E402


async def main():
    set_tracing_disabled(True)
    model = OpenAIResponsesModel("stub", AsyncOpenAI(base_url=f"{MODEL}/v1", api_key="unused", max_retries=0))
    async with MCPServerStreamableHttp({"url": URL}, **approved_tools.openai_agents(SERVER)) as server:
        agent = Agent("tester", mcp_servers=[server], model=model)
        try:
            result = await Runner.run(agent, "Use the tools.")
            said = {"asked": [item.name for item in result.interruptions], "ended": "finished"}
        except AgentsException as error:
            said = {"asked": [], "ended": f"{type(error).__name__}: {error}"}
        print(json.dumps(said))


asyncio.run(main())
