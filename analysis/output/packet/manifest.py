"""The files that bind a packet together: the sums of all others, and the manifest a sign-off is about.

`SHA256SUMS` names every file, `manifest.json` (an in-toto statement) names them again together with the sums,
and a sign-off names the manifest. So one digest covers the whole packet, and a reader needs no tool of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import rfc8785

from analysis.model import Profile
from analysis.output.header import file_label, inventory_digest, status
from analysis.output.packet.document.first_end import first_end
from analysis.output.packet.document.review_document import counts
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.model import ReviewSnapshot

STATEMENT: Final = "https://in-toto.io/Statement/v1"
REVIEW: Final = "https://clearance/predicates/tool-exposure-review/v1"
#: First line of the sums of a draft.
DRAFT_LINE: Final = "# DRAFT: this review is not complete"


def deciders(review_snapshot: ReviewSnapshot) -> set[str]:
    """Return the people whose decisions are in force."""
    return {r.state.decision.actor for r in review_snapshot.tools if r.state.decision}


def _names(people: Iterable[str]) -> list[str]:
    return sorted(visible(person, 200) for person in people)


def _request(review_snapshot: ReviewSnapshot) -> dict[str, Any] | None:
    """Return for what access was requested; None where it is not stated."""
    intake = review_snapshot.intake
    if intake is None:
        return None
    return {
        "agent": visible(intake.agent, 200),
        "environment": visible(intake.environment, 200),
        "audience": _names(intake.audience),
        "purpose": visible(intake.purpose, 400),
        "owner": visible(intake.owner, 200),
    }


def sums(digests: Mapping[str, str], *, draft: bool) -> bytes:
    """Return the SHA-256 of the files made before it, as coreutils reads them; it skips the comment of a draft."""
    comment = [DRAFT_LINE] if draft else []
    lines = [f"{digest}  {name}" for name, digest in sorted(digests.items())]
    return "".join(f"{line}\n" for line in (*comment, *lines)).encode("ascii")


def manifest(review_snapshot: ReviewSnapshot, digests: Mapping[str, str]) -> bytes:
    """Return the in-toto statement over all files made before it, given by their SHA-256, in canonical JSON."""
    product = review_snapshot.product
    sources = [
        {"uri": visible(file_label(s.uri)), "sha256": s.sha256, "kind": s.kind.value} for s in review_snapshot.sources
    ]
    heads = {visible(replica): {"seq": seq, "id": event} for replica, (seq, event) in review_snapshot.heads.items()}
    end = first_end(review_snapshot)
    predicate: dict[str, Any] = {
        "draft": review_snapshot.draft,
        "status": status(review_snapshot),
        "openGates": [{"id": gate.id.value, "why": visible(gate.why)} for gate in review_snapshot.open_gates],
        "workspace": {"id": visible(review_snapshot.workspace), "heads": heads, "events": len(review_snapshot.log)},
        "inventory": {
            "tools": len(review_snapshot.tools),
            "sha256": inventory_digest(review_snapshot),
            "sources": sources,
        },
        "ruleset": {"version": visible(review_snapshot.rule_pack), "code": visible(review_snapshot.code)},
        "scoreModel": review_snapshot.score.model,
        "score": review_snapshot.score.value,
        "verdict": visible(review_snapshot.score.verdict),
        "counts": counts(review_snapshot),
        "openConflicts": sum(r.state.conflict for r in review_snapshot.tools),
        "issuedAt": review_snapshot.as_of,
        "reviewBy": end.date or None,
        "reviewByItem": visible(end.item, 300) or None,
        "request": _request(review_snapshot),
        "requiredRoles": list(review_snapshot.intake.roles) if review_snapshot.intake else [],
        "supersedes": review_snapshot.supersedes or None,
        "profile": review_snapshot.profile.value,
        "people": {"requesters": _names(review_snapshot.requesters), "deciders": _names(deciders(review_snapshot))},
        "product": {"name": visible(product.name), "version": visible(product.version)},
    }
    if review_snapshot.profile is Profile.L4:
        predicate["withoutSecondApprover"] = [visible(tool) for tool in review_snapshot.alone]
    subject = [{"name": name, "digest": {"sha256": digest}} for name, digest in sorted(digests.items())]
    statement: dict[str, Any] = {
        "_type": STATEMENT,
        "subject": subject,
        "predicateType": REVIEW,
        "predicate": predicate,
    }
    return rfc8785.dumps(statement) + b"\n"
