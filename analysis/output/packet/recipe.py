"""How a packet was made: the versions and parameters by which its files can be computed again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from analysis.output.header import status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.model import ReviewSnapshot

FORMAT: Final = "clearance-recipe"
FORMAT_VERSION: Final = 1
#: Name of the file in a packet.
RECIPE: Final = "recipe.json"


def recipe(
    review_snapshot: ReviewSnapshot, targets: Sequence[str], settings: Mapping[str, Any], typst: str = ""
) -> bytes:
    """Return the recipe of a packet with some export targets, and with a PDF if a version of typst sets one."""
    policy = review_snapshot.policy
    data: dict[str, Any] = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "status": status(review_snapshot),
        "product": {"name": review_snapshot.product.name, "version": review_snapshot.product.version},
        "code_sha256": review_snapshot.code,
        "rule_pack": review_snapshot.rule_pack,
        "score_model": review_snapshot.score.model,
        "policy_sha256": policy.sha256 if policy else None,
        "profile": review_snapshot.profile.value,
        "as_of": review_snapshot.as_of,
        "targets": list(targets),
        "settings": dict(settings),
        "typst": typst or None,
        "files": {
            "events.jsonl": "what people decided, chained",
            "definitions.jsonl": "what was reviewed: the bytes of every source",
        },
    }
    return (json.dumps(data, indent=2, sort_keys=True) + "\n").encode("ascii")
