"""Register keys: the subject of an event as text. They are built and parsed here and nowhere else.

    tool/TOOL/decision      tool/TOOL/risk      tool/TOOL/type      tool/TOOL/leg-ROLE
    finding/FINDING/disposition      control/CONTROL/answer      source/SOURCE
    note/SUBJECT#NAME      view/NAME      event/ID      assignment/TOOL
    review      profile      policy      intake      packet

The texts are part of every review file that exists, so they stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analysis.model import FindingId, ToolId

REVIEW: Final = "review"
PROFILE: Final = "profile"
POLICY: Final = "policy"
INTAKE: Final = "intake"
PACKET: Final = "packet"
#: The area of who is to decide a tool, which is no part of the decision.
ASSIGNMENT: Final = "assignment"
#: The area of what is recorded about another event.
EVENT: Final = "event"


@dataclass(frozen=True, slots=True)
class RegisterKey:
    """A parsed register key: `tool/shop:GET /a/decision` has area, subject and name."""

    area: str
    subject: str = ""
    name: str = ""

    @property
    def tool(self) -> ToolId | None:
        """The tool of a decision or an override."""
        return ToolId(self.subject) if self.area == "tool" else None

    @property
    def finding(self) -> FindingId | None:
        """The finding of a disposition."""
        return FindingId(self.subject) if self.area == "finding" else None


def parse_key(text: str) -> RegisterKey:
    """Return a parsed register key. Subjects may hold any character, so names are taken from the end."""
    area, _, rest = text.partition("/")
    if area == "note":
        subject, _, name = rest.rpartition("#")
        return RegisterKey(area, subject, name)
    if area in {"tool", "finding", "control"}:
        subject, _, name = rest.rpartition("/")
        return RegisterKey(area, subject, name)
    return RegisterKey(area, rest)


def decision_key(tool: str) -> str:
    """Return the key of a tool's decision."""
    return f"tool/{tool}/decision"


def assignment_key(tool: str) -> str:
    """Return the key of the person who is to decide a tool."""
    return f"{ASSIGNMENT}/{tool}"


def override_key(tool: str, what: str) -> str:
    """Return the key of a tool's override: of `risk`, `type` or a flow role."""
    return f"tool/{tool}/{what}"


def finding_key(finding: str) -> str:
    """Return the key of a finding's disposition."""
    return f"finding/{finding}/disposition"


def answer_key(control: str) -> str:
    """Return the key of the answer to a control."""
    return f"control/{control}/answer"


def view_key(name: str) -> str:
    """Return the key of a saved view; names that differ only in case are one view."""
    return f"view/{name.lower()}"


def source_key(source: str) -> str:
    """Return the key of a source's import."""
    return f"source/{source}"


def event_key(event: str) -> str:
    """Return the key of what a person records about an event that cannot be understood."""
    return f"{EVENT}/{event}"


def note_key(subject: str, name: str) -> str:
    """Return the key of one note; a name of its own keeps the notes of two people apart. It holds no `#`."""
    return f"note/{subject}#{name}"
