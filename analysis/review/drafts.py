"""What commands record and return: the pieces that are the same for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from analysis.errors import UsageError
from analysis.review.reading import PRODUCT
from analysis.text import without_surrogates
from analysis.workspace import Draft

if TYPE_CHECKING:
    from analysis.model import ToolId
    from analysis.review.records import Examined


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: a sentence for the person, and the tools to show anew."""

    sentence: str
    tools: tuple[ToolId, ...] = ()


def nobody() -> UsageError:
    """Return the error for an act without an actor."""
    return UsageError("who is acting is not known", remedy="pass --actor NAME or set CLEARANCE_ACTOR")


def created(title: str) -> Draft:
    """Return what begins a review."""
    return Draft("review.created", "review", {"title": without_surrogates(title), "product": PRODUCT})


def imported(examined: Examined, replaces: tuple[str, ...] = ()) -> Draft:
    """Return what takes a source in."""
    info = examined.info
    data = {
        "kind": info.kind.value,
        "uri": info.uri,
        "sha256": info.sha256,
        "title": info.title,
        "version": info.version,
        "format": info.format,
        "tools": len(examined.tools),
        "files": len(examined.files),
        "facts": dict(info.facts),
    }
    return Draft("source.imported", f"source/{info.id}", data, replaces)


def mended(draft: Draft) -> Draft:
    """Return a draft whose words can be written: a terminal may hand over half a character."""

    def mend(value: Any) -> Any:
        if isinstance(value, str):
            return without_surrogates(value)
        if isinstance(value, list):
            return [mend(item) for item in value]
        return {key: mend(item) for key, item in value.items()} if isinstance(value, dict) else value

    return replace(draft, data=mend(draft.data))
