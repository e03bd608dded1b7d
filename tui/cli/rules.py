"""`clearance rules`, `schema`: the manual of the rule pack, the findings of each rule, and the schemas of our files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.review.queries import rule_manual
from analysis.review.queries.published_schemas import SCHEMAS, schema_text, schema_titles
from analysis.review.record.dispositions import MISREAD
from analysis.text import visible
from tui.cli.common.options import AS_JSON
from tui.cli.common.output import columns, put_json, say
from tui.cli.common.review_file import opened

_COUNTS = ("findings", "open", "false_positive", "accepted")
#: Heading of the false positives that are the fault of the rule.
_MISREAD = "MISREAD"


@click.command("rules", epilog="Example: clearance rules EXP-001")
@click.argument("rule", required=False)
@click.option(
    "--stats", type=click.Path(path_type=Path), help="Add the number of findings of each rule in this review."
)
@AS_JSON
def rules_command(rule: str | None, stats: Path | None, as_json: bool) -> None:
    """List the rules, or show one in full: reason, remedy, standards, limits, and an example of each outcome.

    RULE is the id of a rule. --stats FILE adds how many findings of each rule a review has, and how many are open,
    false positives, accepted, or false because the rule misread the definition; and the signals of assessments that
    reviewers called wrong.
    """
    pages = {page["id"]: page for page in rule_manual.manual()}
    if rule is not None:
        rule_manual.known_rule(rule, pages)
        pages = {rule.upper(): pages[rule.upper()]}
    signals: list[dict[str, Any]] = []
    if stats is not None:
        counted, signals = _statistics(stats)
        for identity, counts in counted.items():
            if identity in pages:
                pages[identity] |= {"stats": counts}
    if as_json:
        put_json({"rule_pack": rule_manual.RULE_PACK, "rules": list(pages.values()), "misread_signals": signals})
    elif rule is not None:
        _page(pages[rule.upper()])
    else:
        _table(list(pages.values()))
        _signals(signals)


def _statistics(file: Path) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    review = opened(file)
    try:
        return rule_manual.statistics(review), rule_manual.signal_statistics(review)
    finally:
        review.close()


def _signals(signals: list[dict[str, Any]]) -> None:
    """Print the signals of assessments that reviewers called wrong."""
    if not signals:
        return
    say()
    say("Signals called wrong:")
    rows = [["TOOLS", "PLACE", "EVIDENCE", "SAYS", "GIVEN INSTEAD"]]
    for each in signals:
        given = ", ".join(f"{label} ({count})" for label, count in each["labels"].items())
        rows.append([str(each["tools"]), *(visible(each[name], 60) for name in ("where", "matched", "says")), given])
    for line in columns(rows, [6, 10, 24, 40, 0]):
        say(line)


def _table(pages: list[dict[str, Any]]) -> None:
    with_counts = any("stats" in page for page in pages)
    headings = [*(name.upper().replace("_", " ") for name in _COUNTS), _MISREAD] if with_counts else []
    rows = [["RULE", "SEVERITY", "CONFIDENCE", *headings, "TITLE"]]
    for page in pages:
        counts = _counts(page.get("stats")) if with_counts else []
        rows.append([page["id"], page["severity"], page["confidence"], *counts, page["title"]])
    widths = [8, 8, 10, *([14] * len(headings)), 0]
    for line in columns(rows, widths):
        say(line)
    say()
    say(f"{len(pages)} rules, rule pack {rule_manual.RULE_PACK}")


def _counts(stats: dict[str, Any] | None) -> list[str]:
    """Return the counts of a rule as cells, empty for a rule without findings."""
    if stats is None:
        return [""] * (len(_COUNTS) + 1)
    return [*(str(stats[name]) for name in _COUNTS), str(stats["false_positive_codes"].get(MISREAD, 0))]


def _page(page: dict[str, Any]) -> None:
    say(f"{page['id']}  {page['title']}")
    say(f"{page['severity']}, confidence {page['confidence']}, checks: {page['looks_at']}")
    for name, text in (
        ("Why", page["why"]),
        ("Remedy", page["remedy"]),
        ("False positives", page["false_positives"]),
        ("Standards", ", ".join(page["standards"])),
        ("Example finding", page["hits"]),
        ("Example without finding", page["clean"]),
    ):
        say()
        say(f"{name}: {visible(text, 2_000)}")
    if "stats" in page:
        say()
        say(", ".join(f"{name.replace('_', ' ')} {page['stats'][name]}" for name in _COUNTS))
        if codes := page["stats"]["false_positive_codes"]:
            say(f"false positives by code: {', '.join(f'{code} {count}' for code, count in codes.items())}")


@click.command("schema", epilog="Example: clearance schema policy > policy.schema.json")
@click.argument("name", required=False, metavar="[NAME]", type=click.Choice(list(SCHEMAS)))
@click.option("--json", "as_json", is_flag=True, help="List the schemas as JSON; a schema is JSON by itself.")
def schema_command(name: str | None, as_json: bool) -> None:
    """Print the JSON Schema of a file by its NAME, for editors and other programs; or list the schemas there are."""
    if name is not None:
        say(schema_text(name).rstrip())
    elif as_json:
        put_json(schema_titles())
    else:
        for line in columns([[name, title] for name, title in schema_titles().items()], [12, 0]):
            say(line)
