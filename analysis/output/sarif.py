"""Findings as SARIF 2.1.0, the format that code scanning services and editors read.

Every result has a physical location: the file of its source, and the line where the reader knows one, else the first
line; the place inside the document is a logical location. The identity of a finding is its fingerprint, so that a
service recognises it in the next upload.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.model import PRODUCT, Severity, Status
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.model import Finding

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {
    Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note",
    Severity.INFO: "note",
}  # fmt: skip
#: `security-severity` of a rule, by which services sort: the middle of the CVSS band of the word.
_SCORES: Final = {
    Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0", Severity.INFO: "0.0",
}  # fmt: skip
_MAX_TEXT: Final = 1_000


def sarif(findings: Iterable[Finding], manual: Iterable[Mapping[str, Any]], files: Mapping[str, str]) -> dict[str, Any]:
    """Return a SARIF log with one run.

    `manual` holds the pages of the rules (`id`, `title`, `why`, `remedy`), `files` the file of each source; a finding on
    no source is placed in the first file.
    """
    listed = list(findings)
    used = sorted({finding.rule for finding in listed})
    pages = {page["id"]: page for page in manual}
    worst = {rule: min((f.severity for f in listed if f.rule == rule), key=list(Severity).index) for rule in used}
    return sarif_log(
        [_rule(rule, pages.get(rule, {}), worst[rule]) for rule in used],
        [_result(finding, used.index(finding.rule), files) for finding in listed],
    )


def sarif_log(rules: list[dict[str, Any]], results: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a SARIF log with one run of this product: its rules, and the results that name them by their place."""
    driver = {"name": PRODUCT.name, "version": PRODUCT.version, "rules": rules}
    run = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: str, page: Mapping[str, Any], worst: Severity) -> dict[str, Any]:
    title = _text(page.get("title") or rule)
    why, remedy = _text(page.get("why") or title), _text(page.get("remedy") or "")
    return {
        "id": rule,
        "shortDescription": {"text": title},
        "fullDescription": {"text": why},
        "help": {"text": f"{why}\n\n{remedy}".strip()},
        "properties": {"security-severity": _SCORES[worst], "tags": ["security"]},
    }


def _result(finding: Finding, rule: int, files: Mapping[str, str]) -> dict[str, Any]:
    subject = finding.tool or finding.subject
    source = next((id_ for id_ in files if subject == id_ or subject.startswith(f"{id_}:")), next(iter(files), ""))
    matched = f": {finding.matched}" if finding.matched else ""
    result = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": _text(f"{finding.title}{matched} · {subject}")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": files.get(source, "") or "review"},
                    "region": {"startLine": finding.line or 1},
                },
                "logicalLocations": [{"fullyQualifiedName": _text(f"{subject}{finding.pointer}"), "kind": "member"}],
            }
        ],
        "partialFingerprints": {"findingId/v1": finding.id},
        "properties": {"severity": finding.severity.value, "confidence": finding.confidence},
    }
    if finding.status not in {Status.OPEN, Status.FIXING}:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": finding.status.value}]
    return result


def _text(text: str) -> str:
    return visible(text, _MAX_TEXT)
