"""How the packet in a folder was exported: what a new export of it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.output import allowlist
from analysis.output.allowlist.target import ExportSettings
from analysis.output.packet.folder import MAX_BYTES, Unreadable, read
from analysis.output.packet.recipe import RECIPE
from analysis.output.packet.strict_json import strict_json
from analysis.review.packets.export import DEFAULT_SETTINGS

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What an export was asked for: names of targets, their settings, and whether it has the document as PDF."""

    targets: tuple[str, ...] = ()
    settings: ExportSettings = DEFAULT_SETTINGS
    pdf: bool = False


def export_options(folder: Path) -> ExportOptions:
    """Return how the packet in a folder was exported, as its recipe states; the defaults where there is none.

    A target that this version does not have is left out: see `Exported.removed`.
    """
    try:
        stated = strict_json(read(folder / RECIPE), MAX_BYTES)
        names = {target.name for target in allowlist.TARGETS}
        chosen = tuple(str(name) for name in stated["targets"] if name in names)
        return ExportOptions(chosen, ExportSettings.of(stated.get("settings") or {}), bool(stated.get("typst")))
    except (Unreadable, KeyError, TypeError, AttributeError):
        return ExportOptions()
