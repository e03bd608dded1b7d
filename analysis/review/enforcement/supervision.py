"""What is looked at while a gateway runs: the stop file, the packet and its signatures, the upstream's definitions.

Every look is whole: what it finds replaces what was known. A listing that fails changes nothing at once; after some of them
in a row the critical tools are refused, because it is not known any more what they are.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import CheckFailed
from analysis.output.enforce.audit import AuditFailed
from analysis.output.enforce.call_check import GatewayState
from analysis.output.enforce.drift import drift_of
from analysis.review.enforcement.gatekeeper import UpstreamFailed
from analysis.review.enforcement.plan import verified_packet
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from analysis.output.enforce.approved_capabilities import Approved
    from analysis.output.enforce.drift import Key
    from analysis.review.enforcement.gatekeeper import Gatekeeper
    from analysis.review.enforcement.plan import PacketPlace
    from analysis.review.enforcement.upstream import DefinitionSource

#: Looks in a row that may find the upstream unreachable before its critical tools are refused.
MISSED_LOOKS: Final = 3


@dataclass
class Supervision:
    """Looks after one gateway. `say` tells the person who started it what has changed."""

    place: PacketPlace
    keeper: Gatekeeper
    upstream: DefinitionSource
    approved: tuple[Approved, ...]
    seconds: float
    say: Callable[[str], None]
    on_look: Callable[[], None] | None = None
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    compared: bool = False
    _missed: int = 0
    _stamp: tuple[Any, ...] = ()
    _day: str = ""

    def began_with(self, stamp: tuple[Any, ...]) -> None:
        """Take the packet as verified in this state, so that the first look does not verify it again."""
        self._stamp, self._day = stamp, self.keeper.now()[:10]

    async def run(self) -> None:
        """Look in intervals until stopped or cancelled."""
        while not self.stopped.is_set():
            await self.look()
            try:
                await asyncio.wait_for(self.stopped.wait(), self.seconds)
            except TimeoutError:
                continue

    async def look(self) -> None:
        """Look once at everything."""
        why = await self._stop_reason()
        if why:
            self.stop(why)
            return
        if self.on_look is not None:
            self.on_look()
        with suppress(AuditFailed):  # every call is refused from now on, and says why
            await asyncio.to_thread(self.keeper.audit.flush)
        await self.compare()

    def stop(self, why: str) -> None:
        """End the gateway: from now on every call is refused."""
        if self.keeper.state.stopped:
            return
        self.keeper.state = GatewayState(stopped=why)
        self.say(f"stopped: {why}")
        self.stopped.set()

    async def _stop_reason(self) -> str:
        keeper = self.keeper
        if keeper.stop_file is not None and keeper.stop_file.exists():
            return "it was stopped by hand"
        stamp, day = await asyncio.to_thread(self.place.stamp), keeper.now()[:10]
        if (stamp, day) == (self._stamp, self._day):
            return ""
        try:
            packet = await asyncio.to_thread(verified_packet, self.place, now=keeper.now()[:19] + "Z")
        except CheckFailed as error:
            return f"{error.what.removeprefix('nothing is served: ')}{': ' if error.why else ''}{error.why}"
        if packet.manifest != keeper.rules.packet:
            return "another packet has taken its place: start the gateway again"
        self._stamp, self._day = stamp, day
        return ""

    async def opened(self) -> None:
        """Compare before the first call of a connection is made. Raises `UpstreamFailed`, and then none is made."""
        self._compare(await self.upstream.definitions())

    async def compare(self) -> None:
        """Compare the upstream's definitions with the approved ones."""
        state = self.keeper.state
        try:
            found = await self.upstream.definitions()
        except UpstreamFailed as failed:
            self._missed += 1
            if self._missed >= MISSED_LOOKS and not state.unconfirmed:
                why = "the upstream could not be compared with what was approved for too long"
                self._take(GatewayState(drifted=state.drifted, unconfirmed=why))
                self.say(f"critical tools are withdrawn: {failed}")
            return
        self._compare(found)

    def _compare(self, found: Mapping[Key, Sequence[str]]) -> None:
        known, self.compared = self.keeper.state.drifted, True
        if self._missed >= MISSED_LOOKS:
            self.say("the upstream can be compared again")
        self._missed = 0
        drifted = drift_of(self.approved, found)
        for name in sorted(drifted.keys() - known.keys()):
            self.say(f"withdrawn: {visible(name, 120)}: {drifted[name]}")
        for name in sorted(known.keys() - drifted.keys()):
            self.say(f"offered again: {visible(name, 120)}: it is again what was approved")
        self._take(GatewayState(drifted=drifted))

    def _take(self, state: GatewayState) -> None:
        if not self.keeper.state.stopped:
            self.keeper.state = state
