"""Withdrawal: tools are blocked, the packet that allowed them is superseded, and every target is written anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import CheckFailed, UsageError
from analysis.model import DecisionState
from analysis.output import allowlist
from analysis.review.commands.decisions import decide
from analysis.review.packets.dry_run import dry_run
from analysis.review.packets.export import typst_version, write
from analysis.review.packets.export_options import export_options
from analysis.review.packets.last_packet import check_review, supersede
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from analysis.model import ReviewSnapshot, ToolId
    from analysis.output.allowlist.target import ExportSettings, ExportTarget
    from analysis.review.packets.export import Exported
    from analysis.review.session import Review


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What is recorded, and how the packet is to be written anew: with `keep_signed` the signed one is kept.

    `without_pdf` says why the new packet has no PDF although the old one had; it is empty otherwise.
    """

    sentence: str
    tools: tuple[ToolId, ...]
    folder: Path
    targets: tuple[ExportTarget, ...]
    settings: ExportSettings
    keep_signed: bool
    typst: str = ""
    without_pdf: str = ""

    def write(self, snapshot: ReviewSnapshot, ready: Callable[[], None] = lambda: None) -> Exported:
        """Write the packet of the review after the withdrawal; see `export.write`."""
        return write(
            snapshot, self.folder, ready, self.targets, keep_signed=self.keep_signed, typst=self.typst,
            settings=self.settings,
        )  # fmt: skip


def withdraw(review: Review, folder: Path, tools: Sequence[ToolId], *, reason: str, actor: str, at: str) -> Withdrawal:
    """Block tools and record the packet in a folder as superseded; what is returned then writes it anew.

    The block is recorded before anything is written: should the export fail, the review is right, and the withdrawal can
    be made again. Raises `CheckFailed` where the tools are blocked already in review and packet, `UsageError` without a
    tool or a reason, `WorkspaceRefused` for a folder that holds no packet of this review.
    """
    if not tools:
        raise UsageError("no tool matches", remedy="name the tools to withdraw")
    folder = folder.resolve()
    check_review(review, folder)
    options = export_options(folder)
    typst, without_pdf = _typst() if options.pdf else ("", "")
    rest = [tool for tool in tools if review.tool(tool).decision_state is not DecisionState.BLOCKED]
    named = visible(review.tool(tools[0]).row.name, 60) if len(tools) == 1 else f"{len(tools)} tools"
    if not rest and not dry_run(review, folder).lines:
        raise CheckFailed(
            "blocked already, in the review and in the packet", place=named, remedy="nothing is left to do"
        )
    if rest:
        decide(review, rest, DecisionState.BLOCKED, reason=reason, actor=actor, at=at)
    signed = supersede(review, folder, actor=actor, at=at) is not None
    chosen = tuple(allowlist.target_named(name) for name in options.targets)
    return Withdrawal(f"withdrawn: {named}", tuple(tools), folder, chosen, options.settings, signed, typst, without_pdf)


def _typst() -> tuple[str, str]:
    """Return the version of typst, or why the PDF cannot be set: a withdrawal does not wait for it."""
    try:
        return typst_version(), ""
    except UsageError as error:
        return "", error.what
