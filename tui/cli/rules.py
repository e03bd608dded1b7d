"""`clearance rules`: the manual of the rule pack, and what became of each rule's findings in a review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from analysis.review.queries import rule_manual as ruling
from analysis.text import visible
from tui.cli.common.output import columns, put_json, say
from tui.cli.common.review_file import opened

_FIGURES = ("findings", "open", "false_positive", "accepted")


@click.command("rules", epilog="Example: clearance rules EXP-001")
@click.argument("rule", required=False)
@click.option("--stats", type=click.Path(path_type=Path), help="Count what became of each rule's findings in a review.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def rules_command(rule: str | None, stats: Path | None, as_json: bool) -> None:
    """List the rules, or show one of them whole: why it hits, what to do, what it hits and what not.

    RULE is a rule's id. With --stats FILE.clearance the table tells per rule how many findings a review has, how many
    are open, were called false positives, or accepted.
    """
    pages = {page["id"]: page for page in ruling.manual()}
    if rule is not None:
        ruling.known_rule(rule, pages)
        pages = {rule.upper(): pages[rule.upper()]}
    if stats is not None:
        for identity, counted in _counted(stats).items():
            if identity in pages:
                pages[identity] |= {"stats": counted}
    if as_json:
        put_json({"rule_pack": ruling.RULE_PACK, "rules": list(pages.values())})
    elif rule is not None:
        _page(pages[rule.upper()])
    else:
        _table(list(pages.values()))


def _counted(place: Path) -> dict[str, dict[str, int]]:
    review = opened(place)
    try:
        return ruling.statistics(review)
    finally:
        review.close()


def _table(pages: list[dict[str, Any]]) -> None:
    counted = any("stats" in page for page in pages)
    figures = [name.upper().replace("_", " ") for name in _FIGURES] if counted else []
    rows = [["RULE", "SEVERITY", "CONFIDENCE", *figures, "TITLE"]]
    for page in pages:
        found = [str(page.get("stats", {}).get(name, "")) for name in _FIGURES] if counted else []
        rows.append([page["id"], page["severity"], page["confidence"], *found, page["title"]])
    widths = [8, 8, 10, *([14] * len(figures)), 0]
    for line in columns(rows, widths):
        say(line)
    say()
    say(f"{len(pages)} rules, rule pack {ruling.RULE_PACK}")


def _page(page: dict[str, Any]) -> None:
    say(f"{page['id']}  {page['title']}")
    say(f"{page['severity']}, confidence {page['confidence']}, looks at: {page['looks_at']}")
    for name, text in (
        ("Why", page["why"]),
        ("What to do", page["remedy"]),
        ("Where it may be wrong", page["false_positives"]),
        ("Standards", ", ".join(page["standards"])),
        ("Hits", page["hits"]),
        ("Leaves alone", page["clean"]),
    ):
        say()
        say(f"{name}: {visible(text, 2_000)}")
    if "stats" in page:
        say()
        say(", ".join(f"{name.replace('_', ' ')} {page['stats'][name]}" for name in _FIGURES))
