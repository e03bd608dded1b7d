"""One call from its arrival to its record: decided, asked about where a condition says so, forwarded, recorded.

Without FastMCP: a front gives it the caller, a way to forward, and a way to say that a person is asked.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from analysis.output.enforce.approval import ApprovalState, answer_of
from analysis.output.enforce.audit import AuditFailed
from analysis.output.enforce.call_check import CallCheck, GatewayState, Refusal, check_arguments, check_standing
from analysis.output.enforce.gateway_store import WaitingCall, new_call_id
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from analysis.output.enforce.approved_capabilities import Approved
    from analysis.output.enforce.argument_check import ArgumentCheck
    from analysis.output.enforce.audit import AuditLog
    from analysis.output.enforce.caller import Caller, People
    from analysis.output.enforce.gateway_store import GatewayStore
    from analysis.review.enforcement.masking import Masker

#: Seconds between signs of life while a person is asked: clients wait 60 s without one, and longer than 200 s with them.
PULSE_SECONDS: Final = 5.0
_POLL_SECONDS: Final = 0.2
_MAX_NAME: Final = 200


class Refused(Exception):
    """A call was refused; the refusal says what the caller is told."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.told or refusal.why)
        self.refusal = refusal


class UpstreamFailed(Exception):
    """The upstream did not answer a call; the text says why, in words for the caller."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the upstream answered: the result for the front, its size in bytes, and whether the tool says it failed."""

    result: Any
    size: int
    failed: bool = False


@dataclass(frozen=True, slots=True)
class ServedTool:
    """An approved capability with its checks. `shown`: digest of the definition that agents see, where it is another one."""

    approved: Approved
    check: ArgumentCheck
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a run was started with. `approval_seconds`: how long a person is waited for; `packet`: digest of its manifest."""

    packet: str
    environment: str = ""
    approval_seconds: float = 900.0
    max_result: int = 16 * 1024 * 1024
    people: People | None = None


@dataclass
class Gatekeeper:
    """Decides and records every call of a gateway. `state` is what the supervision found last."""

    tools: Mapping[str, ServedTool]
    rules: Rules
    audit: AuditLog
    store: GatewayStore
    masker: Masker
    clock: Callable[[], datetime]
    stop_file: Path | None = None
    state: GatewayState = field(default_factory=GatewayState)
    on_record: Callable[[Mapping[str, Any]], None] | None = None

    def now(self) -> str:
        """Return the time as records state it: ISO 8601, UTC, milliseconds."""
        return self.clock().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"

    def standing(self, name: str, caller: Caller) -> Refusal | None:
        """Return why a tool may not be called by a caller at the moment, whatever the arguments."""
        state = self.state
        if self.stop_file is not None and self.stop_file.exists() and not state.stopped:
            state = GatewayState(stopped="it was stopped by hand")
        tool = self.tools.get(name)
        approved = None if tool is None else tool.approved
        return check_standing(approved, caller, state, day=self.now()[:10], environment=self.rules.environment)

    def record(self, record: Mapping[str, Any], *, durable: bool = True) -> str:
        """Write a record and return its digest; see `AuditLog.write`. Raises `AuditFailed`."""
        written = {"time": self.now(), "packet": self.rules.packet, **record}
        digest = self.audit.write(written, durable=durable)
        if self.on_record is not None:
            self.on_record(written | {"digest": digest})
        return digest

    async def call(
        self,
        name: str,
        arguments: Mapping[str, Any],
        caller: Caller,
        forward: Callable[[Approved], Awaitable[Answered]],
        pulse: Callable[[float, str], Awaitable[None]],
    ) -> Any:
        """Return the result of an allowed call. Raises `Refused`; whatever happens, the call is recorded once."""
        made = _Call(self, name, arguments, caller)
        try:
            result = await made.answered(forward, pulse)
        except Refused as refused:
            made.close("refused", made.outcome or "refused", refused.refusal)
            raise
        except UpstreamFailed as failed:
            refusal = Refusal(CallCheck.UPSTREAM, self.masker.text(str(failed)), self.masker.without_known(str(failed)))
            made.close("allowed", "failed", refusal)
            raise Refused(refusal) from None
        except AuditFailed as failed:
            raise Refused(_unrecorded(failed)) from None
        except BaseException:
            made.close("allowed" if made.forwarded else "refused", "cancelled")
            raise
        made.close("allowed", "error" if result.failed else "ok", size=result.size)
        return result.result


def _unrecorded(failed: AuditFailed) -> Refusal:
    return Refusal(CallCheck.AUDIT, str(failed), "the gateway cannot record calls, so it forwards none")


class _Call:
    """One call on its way."""

    def __init__(self, keeper: Gatekeeper, name: str, arguments: Mapping[str, Any], caller: Caller) -> None:
        self.keeper = keeper
        self.name = name
        self.arguments = arguments
        self.caller = caller
        self.tool = keeper.tools.get(name)
        self.id = new_call_id()
        self.started = monotonic()
        self.outcome = ""
        self.forwarded = False
        self.asked: dict[str, Any] = {}
        self.masked = keeper.masker.parameters(arguments)

    async def answered(
        self, forward: Callable[[Approved], Awaitable[Answered]], pulse: Callable[[float, str], Awaitable[None]]
    ) -> Answered:
        """Check, ask, check again, forward."""
        keeper, tool = self.keeper, self.tool
        self._refuse(keeper.standing(self.name, self.caller))
        assert tool is not None, "an unknown tool has no standing"
        self._refuse(check_arguments(tool.check, self.arguments))
        self._take_rate(tool)
        if tool.approved.requirements.approvals:
            await self._ask(tool.approved, pulse)
            self._refuse(keeper.standing(self.name, self.caller))  # an approval may take minutes
        if tool.approved.critical:
            keeper.record(self._facts() | {"event": "forwarded", "method": "call/forwarded"})
        self.forwarded = True
        answered = await forward(tool.approved)
        if answered.size > keeper.rules.max_result:
            why = f"its result has {answered.size:,} bytes; at most {keeper.rules.max_result:,} pass this gateway"
            self.outcome = "failed"
            raise Refused(Refusal(CallCheck.RESULT, why, f"{why}: ask for less, such as one page"))
        return answered

    def _refuse(self, refusal: Refusal | None) -> None:
        if refusal is not None:
            raise Refused(refusal)

    def _take_rate(self, tool: ServedTool) -> None:
        rates = tool.approved.requirements.rates
        if not rates:
            return
        over = self.keeper.store.take(self.caller.user, tool.approved.id, rates, self.keeper.clock().timestamp())
        if over is not None:
            why = f"more than {over.calls} calls in {over.seconds:,} seconds"
            raise Refused(
                Refusal(CallCheck.RATE, why, f"it is approved for at most {over.calls} calls in {over.seconds:,} s")
            )

    async def _ask(self, tool: Approved, pulse: Callable[[float, str], Awaitable[None]]) -> None:
        """Wait for persons. Raises `Refused` unless they confirm the call."""
        keeper = self.keeper
        waiting = self._waiting_call(tool)
        keeper.store.ask(waiting)
        keeper.record(self._facts() | {"event": "asked", "method": "approval/asked", "until": waiting.until})
        answer = ApprovalState.CANCELLED
        try:
            answer = await self._wait(waiting, pulse)
        finally:
            answer = keeper.store.close_call(waiting.id, answer)
            votes = keeper.store.votes(waiting.id)
            said = [{"by": each.voter, "yes": each.yes, "at": each.at} for each in votes]
            self.asked = {"approvers": said, "approval": answer.value}
            keeper.record(self._facts() | {"event": "answered", "method": "approval/answered"} | self.asked)
        if answer is not ApprovalState.GRANTED:
            self.outcome = answer.value
            no = next((f" by {each.voter}" for each in votes if not each.yes), "")
            told = {
                ApprovalState.DENIED: f"this call was denied{no}",
                ApprovalState.TIMEOUT: "no person confirmed this call in time; it was not made",
            }.get(answer, "this call was not confirmed")
            raise Refused(Refusal(CallCheck.APPROVAL, told, visible(told, 200)))

    def _waiting_call(self, tool: Approved) -> WaitingCall:
        until = self.keeper.clock() + timedelta(seconds=self.keeper.rules.approval_seconds)
        people = self.keeper.rules.people
        return WaitingCall(
            id=self.id,
            since=self.keeper.now(),
            until=until.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
            user=self.caller.user,
            agent=self.caller.agent,
            tool=tool.name,
            definition=tool.digest,
            parameters=json.dumps(self.masked, ensure_ascii=True, sort_keys=True),
            asked=tool.requirements.approvals,
            state=ApprovalState.WAITING,
            teams=tuple(people.teams.items()) if people is not None else (),
        )

    async def _wait(self, waiting: WaitingCall, pulse: Callable[[float, str], Awaitable[None]]) -> ApprovalState:
        begun = pulsed = monotonic()
        keeper = self.keeper
        while True:
            answer = answer_of(waiting.asked, waiting.user, keeper.store.votes(waiting.id), waiting.teams_of)
            if answer is not ApprovalState.WAITING:
                return answer
            if keeper.standing(self.name, self.caller) is not None:
                return ApprovalState.CANCELLED  # no person has to answer for a tool that is withdrawn
            now = monotonic()
            if now - begun >= keeper.rules.approval_seconds:
                return ApprovalState.TIMEOUT
            if now - pulsed >= PULSE_SECONDS or pulsed == begun:
                await pulse(now - begun, f"waiting for a person to confirm call {waiting.id}")
                pulsed = monotonic()
            await asyncio.sleep(_POLL_SECONDS)

    def _facts(self) -> dict[str, Any]:
        """Return what every record of this call states."""
        tool = self.tool.approved if self.tool is not None else None
        sent = self.keeper.masker.text(visible(self.name, _MAX_NAME))
        return {
            "call": self.id,
            "user": self.caller.user,
            "vouched": self.caller.vouched,
            "teams": list(self.caller.teams),
            "agent": self.caller.agent or "unknown",
            "tool": tool.id if tool is not None else sent or "(no name)",
            "asked_for": sent,
            "definition": tool.digest if tool is not None else "",
            **({"shown_definition": self.tool.shown} if self.tool is not None and self.tool.shown else {}),
            "parameters": self.masked,
        }

    def close(self, decision: str, outcome: str, refusal: Refusal | None = None, *, size: int | None = None) -> None:
        """Write the record of the call. Raises `Refused` when that fails: its result is not handed out unrecorded."""
        record = self._facts() | self.asked | {"event": "call", "decision": decision, "outcome": outcome}
        record["ms"] = round((monotonic() - self.started) * 1000, 1)
        if refusal is not None:
            record |= {"check": refusal.check.value, "why": self.keeper.masker.text(refusal.why)}
        if size is not None:
            record["bytes"] = size
        critical = self.tool is not None and (self.tool.approved.critical or bool(self.asked))
        try:
            self.keeper.record(record, durable=critical)
        except AuditFailed as failed:
            raise Refused(_unrecorded(failed)) from None
