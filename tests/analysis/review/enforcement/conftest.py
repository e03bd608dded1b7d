"""A gatekeeper over real files, with a clock that a test moves."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from analysis.model import CapabilityKind
from analysis.output.enforce.approved import Approved, Requirements
from analysis.output.enforce.argument_check import argument_check
from analysis.output.enforce.audit import AuditLog
from analysis.output.enforce.caller import Caller
from analysis.output.enforce.gateway_store import GatewayStore
from analysis.review.enforcement.gatekeeper import Answered, Gatekeeper, Rules, ServedTool
from analysis.review.enforcement.masking import Masker

SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


class Desk:
    """One gatekeeper, what it forwarded, and how a test calls it."""

    def __init__(self, folder):
        self.folder = folder
        self.time = datetime(2026, 5, 1, 10, tzinfo=UTC)
        self.forwarded = []
        self.pulses = []
        self.answer = Answered({"content": []}, 12)
        self.keeper = Gatekeeper(
            tools={},
            rules=Rules("packet-digest", approval_seconds=0.6, max_result=100),
            audit=AuditLog(folder / "audit.jsonl"),
            store=GatewayStore(folder / "gateway.sqlite"),
            masker=Masker(),
            clock=lambda: self.time,
            stop_file=folder / "stop",
        )

    def serve(self, name="getRoom", *, critical=False, schema=None, **requirements):
        needed = Requirements(**requirements)
        approved = Approved(f"rooms:{name}", CapabilityKind.TOOL, name, name, "d" * 64, needed, critical=critical)
        check = argument_check(SCHEMA if schema is None else schema, needed.limits)
        self.keeper.tools = {**self.keeper.tools, name: ServedTool(approved, check)}

    async def call(self, name="getRoom", arguments=None, caller=None):
        async def forward(approved):
            self.forwarded.append(approved.name)
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

        async def pulse(seconds, message):
            self.pulses.append(message)

        who = caller or Caller("ann", ("support",), "agent/1", vouched=True)
        return await self.keeper.call(name, {"id": "1"} if arguments is None else arguments, who, forward, pulse)

    def pass_time(self, **by):
        self.time += timedelta(**by)

    @property
    def records(self):
        return [json.loads(line) for line in (self.folder / "audit.jsonl").read_text().splitlines()]

    @property
    def last(self):
        return self.records[-1]

    def close(self):
        self.keeper.audit.close()
        self.keeper.store.close()


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.close()
