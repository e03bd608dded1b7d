"""The facts of one call beside its signals that show a flow role; tools with the same facts share one result."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from analysis.assess.flows.inputs import Inputs


class CallFacts(NamedTuple):
    """What a definition states about a call, as far as its flow roles depend on it."""

    inputs: Inputs
    fetches: bool  # opens an address that the caller gives
    open_world: bool  # declared to reach what the server does not control
    closed_world: bool  # declared not to
    declared_read: bool
    returns: str  # as of `Tool`
    lists: bool
    content: bool  # a described response has a field for text of people
    rated: bool  # and one of a review by a customer
    holds_body: bool  # and one for the content of a file
    described: int  # words that describe the tool, as far as they matter
    marks: frozenset[str]  # phrases that its texts use
    summary: str = ""  # of a tool without a method, whose name may not name its object
    description: str = ""

    def holds_text(self, *, rated: bool = False) -> bool:
        """Whether the response can hold text of people: one that is not described can."""
        return self.returns != "described" or (self.rated if rated else self.content)
