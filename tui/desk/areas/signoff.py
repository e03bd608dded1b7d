"""The gates before sign-off, who signed the exported packet, and what an export would change."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from analysis.model import GateId
from analysis.review.packets.dry_run import dry_run, export_stamp
from analysis.review.packets.signing import stated_packet
from analysis.text import visible
from tui.desk.areas.list_area import ListArea, Target
from tui.desk.figures.verdict_card import verdict_band
from tui.desk.widgets.figure import Figure
from tui.desk.widgets.line_table import LineTable
from tui.desk.widgets.lines import Line, line
from tui.desk.widgets.pane import Pane
from tui.desk.widgets.symbols import ARROW, MET, OPEN, SECTION, SEP
from tui.desk.widgets.table_columns import Cell, Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from analysis.model import Gate
    from analysis.review.packets.dry_run import DryRun, DryRunLine
    from analysis.review.packets.signing import StatedSignoff
    from tui.desk.shell.session import Session
    from tui.desk.widgets.lines import Parts

_APPROVALS = {"approve", "approve-with-conditions"}
_CHANGE = {"+": "adds", "-": "removes", "~": "changes"}


def packet_folder(session: Session) -> Path:
    """Return the folder of the last export, or the default one for the packet of a review."""
    if session.exported_to is not None:
        return session.exported_to
    path = session.review.path
    return path.with_name(f"{path.stem}-packet")


class SignoffArea(ListArea):
    """Gates first, then the sign-offs of the exported packet, then what the next export would change."""

    COLUMNS = (Column("", 10), Column("What", 0, weight=2), Column("", 0))
    EMPTY = "no gate contains these words; Esc shows all"
    TITLE, PAGE = "Gates before sign-off", "Why"

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session, name)
        self._run_of: object = None  # review and export that the dry run is of

    def compose(self) -> ComposeResult:
        """Lay out the verdict over the gates and what belongs to the row under the cursor."""
        yield Figure(id="signoff-verdict")
        yield Static(Content(""), id=f"{self.id}-head", classes="list-head")
        with Container(classes="two-panes"):
            yield LineTable(self.COLUMNS, self.cells, self.EMPTY, id=f"{self.id}-table")
            yield Pane(id=f"{self.id}-page")

    def _entitle(self) -> None:
        """Give the frames their titles."""
        super()._entitle()
        self.query_one("#signoff-verdict", Figure).entitle("Verdict to sign")

    def draw(self) -> None:
        """Draw the verdict, and the page of the row under the cursor."""
        review = self.session.review
        states = review.views.counts.by(lambda facts: facts.state)
        words = {
            "approved": "approved",
            "conditional": "with conditions",
            "blocked": "blocked",
            "undecided": "undecided",
        }
        shown = [f"{states[state]:,} {word}" for state, word in words.items() if states[state]]
        self.query_one("#signoff-verdict", Figure).show(
            partial(verdict_band, review.summary().figures.verdict, sentence=SEP.join(shown))
        )
        super().draw()

    def counts(self) -> Parts:
        """Return how many gates are met."""
        met = sum(1 for gate in self._gates.values() if not gate.open)
        return ((f"{met}", "strong"), (f" of {len(self._gates)} met", "dim"))

    def _sections(self, keys: Sequence[str]) -> dict[int, Parts]:
        """Return a line above the sign-offs, and one above what the next export would change."""
        found: dict[int, Parts] = {}
        for title, among in (("Signers", self._signoffs), ("Next export", self._lines)):
            first = next((place for place, key in enumerate(keys) if key in among), None)
            if first is not None:
                found[first] = ((f" {SECTION} ", "dim"), (f"{title}  ", "strong"), (f"{len(among):,}", "soft"))
        return found

    def rows(self) -> Sequence[str]:
        """Return the gates, the sign-offs, then the differences."""
        review = self.session.review
        self._gates: dict[str, Gate] = {f"gate {n}": gate for n, gate in enumerate(review.summary().gates)}
        self._run = self._dry_run(packet_folder(self.session))
        self._lines: dict[str, DryRunLine] = {} if self._run.first else {f"line {x.tool}": x for x in self._run.lines}
        self._packet = stated_packet(packet_folder(self.session))
        found = self._packet.signoffs if self._packet else ()
        self._signoffs: dict[str, StatedSignoff] = {f"signoff {s.role}.{s.signer}": s for s in found}
        return [*self._gates, *self._signoffs, *self._lines]

    def _dry_run(self, folder: Path) -> DryRun:
        """Return what an export would change; it is computed again when something was recorded or exported."""
        key = (self.session.version, folder, export_stamp(folder))
        if key != self._run_of:
            self._run_of, self._run = key, dry_run(self.session.review, folder)
        return self._run

    def head(self) -> str:
        """Return the state of the next packet, and its changes."""
        state = "DRAFT" if any(gate.open for gate in self._gates.values()) else "ready for sign-off"
        signs = ""
        if self._packet is not None:
            signs = f"{SEP}packet signed by {len(self._signoffs)}{SEP}S signs"
        return f" {state}{signs}{SEP}allowlist: {self._run.sentence}{SEP}E exports"

    def subject(self) -> str | None:
        """Return the subject of a note: the review."""
        return "review"

    def target(self) -> Target | None:
        """Lead to what keeps the gate open: its tools, or its first open question."""
        gate = self._gates.get(self.table.key or "")
        if gate is None:
            found = self._lines.get(self.table.key or "")
            known = {state.row.id for state in self.session.review.tools()}
            return Target(key=found.tool) if found is not None and found.tool in known else None
        if not gate.open:
            return None
        if gate.id is GateId.UNBLOCKED:
            return Target("findings")
        if gate.query:
            return Target(query=gate.query)
        return Target("governance", gate.control)

    def cells(self, key: str) -> Sequence[Cell]:
        """Return a gate, or a difference, as cells."""
        if key in self._gates:
            gate = self._gates[key]
            return [
                (
                    (f"{OPEN} " if gate.open else f"{MET} ", "link" if gate.open else "approved"),
                    ("open" if gate.open else "met", "strong" if gate.open else "dim"),
                ),
                (gate.title, "strong" if gate.open else ""),
                (visible(gate.why, 200), "soft" if gate.open else "dim"),
            ]
        if key in self._signoffs:
            return _signoff_cells(self._signoffs[key])
        found = self._lines[key]
        change = f" {ARROW} ".join(visible(part, 120) for part in (found.before, found.now) if part)
        return [
            (f"{found.sign} {_CHANGE[found.sign]}", "changed"),
            (visible(found.name, 200), ""),
            (change, "dim"),
        ]

    def page(self, key: str) -> Sequence[Line]:
        """Return why a gate is open, or the change of a tool in the allowlist."""
        if key in self._gates:
            gate = self._gates[key]
            hint = "Enter goes to what keeps it open" if self.target() else "nothing left to do here"
            return [line((gate.title, "title")), line(visible(gate.why)), line((hint, "dim")), *self.notes_on("review")]
        if key in self._signoffs:
            return list(_signoff_page(self._signoffs[key]))
        found = self._lines[key]
        return [
            line((visible(found.name, 120), "title")),
            line(("last export: ", "dim"), visible(found.before, 400) or "not approved", indent=2),
            line(("next export: ", "dim"), visible(found.now, 400) or "not approved", indent=2),
        ]


def _signoff_cells(signoff: StatedSignoff) -> Sequence[Cell]:
    good = signoff.verdict in _APPROVALS
    until = f"until {signoff.valid_until}" if signoff.valid_until else "no end"
    return [
        ("signed" if good else "refused", "approved" if good else "bad"),
        (visible(signoff.words, 200), "strong"),
        (SEP.join((until, signoff.key or "no readable signature")), "dim"),
    ]


def _signoff_page(signoff: StatedSignoff) -> Iterator[Line]:
    """Yield a sign-off as it states itself: who, in which role, which verdict, until when, with which key."""
    yield line((visible(signoff.words, 200), "title"))
    for label, value in (
        ("signed at", signoff.signed_at),
        ("valid until", signoff.valid_until or "no end"),
        ("key", signoff.key or "no readable signature"),
        ("statement", signoff.statement),
        *(("condition", condition) for condition in signoff.conditions),
    ):
        if value:
            yield line((f"{label}: ", "dim"), visible(value, 400), indent=2)
    yield line(("as the packet states it; clearance verify checks it against your list of signers", "dim"))
