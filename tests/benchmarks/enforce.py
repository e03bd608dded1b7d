"""What a call costs at the gateway: CPU of its process, and wall time against a direct call.

::

    python -m tests.benchmarks.enforce [CALLS]

CPU is what to believe: wall time depends on what else the machine does. A packet, an upstream and a gateway are made in a
temporary folder and ended.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from tests.e2e.gateway.conftest import API, Workshop

_TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(process):
    """Return the CPU time of a process, seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def memory_of(process):
    """Return the memory of a process, MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


@asynccontextmanager
async def connected(url, mode):
    http = httpx2.AsyncClient(timeout=60, trust_env=False)
    async with http, Client(streamable_http_client(url, http_client=http), mode=mode, cache=None) as connection:
        yield connection


async def measured(url, mode, calls, tool, arguments, process=None):
    """Return (median ms, p95 ms, CPU ms per call of the process)."""
    async with connected(url, mode) as connection:
        for _ in range(20):
            await connection.session.call_tool(tool, arguments)
        times, before = [], cpu_of(process) if process else 0.0
        for _ in range(calls):
            begun = time.perf_counter()
            result = await connection.session.call_tool(tool, arguments)
            times.append((time.perf_counter() - begun) * 1000)
            assert not result.is_error, result
        used = (cpu_of(process) - before) * 1000 / calls if process else 0.0
    return statistics.median(times), sorted(times)[int(len(times) * 0.95)], used


def report(name, found):
    print(f"{name:44} median {found[0]:6.1f} ms   p95 {found[1]:6.1f} ms   CPU {found[2]:5.2f} ms a call")


def main():
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        try:
            packet = workshop.packet()
            server, port = workshop.http_server()
            direct = f"http://127.0.0.1:{port}/mcp"
            found = asyncio.run(measured(direct, "auto", calls, "getRoom", {"id": "1"}, server.process.pid))
            report("direct (CPU of the server: the measure)", found)
            for name, upstream in (
                ("HTTP", [direct]),
                ("stdio", ["--", *workshop.command(workshop.upstream_folder())]),
            ):
                begun = time.perf_counter()
                gateway = workshop.gateway(packet, "--poll", "30", *upstream)
                process = gateway.started.process.pid
                print(
                    f"started in {time.perf_counter() - begun:.1f} s, CPU {cpu_of(process):.1f} s, {memory_of(process):.0f} MB"
                )
                for mode in ("auto", "legacy"):
                    found = asyncio.run(measured(gateway.url, mode, calls, "getRoom", {"id": "1"}, process))
                    report(f"MCP over {name}, era {mode}", found)
                report(
                    "a call with a limit",
                    asyncio.run(measured(gateway.url, "auto", calls, "bookRoom", {"id": "1", "hours": 2}, process)),
                )
                print(f"memory after: {memory_of(process):.0f} MB")
                gateway.started.end()
        finally:
            workshop.close()
    with tempfile.TemporaryDirectory() as folder:
        workshop = Workshop(Path(folder))
        try:
            packet, document = workshop.api_packet({"getRoom": []})
            _, port = workshop.http_server(script=API)
            gateway = workshop.gateway(
                packet, "--poll", "30", "--openapi", document, "--base-url", f"http://127.0.0.1:{port}/v1"
            )
            process = gateway.started.process.pid
            report("API", asyncio.run(measured(gateway.url, "auto", calls, "getRoom", {"id": "1"}, process)))
        finally:
            workshop.close()


if __name__ == "__main__":
    main()
