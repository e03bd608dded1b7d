"""Fields held against the privacy marks that vendors gave them: `python -m tests.benchmarks.label_fields DIR`.

A row is a field with its schema, its description and whether its vendor marked it. It is judged as in the product: as
the near field of a tool that returns it.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.assess import assess
from analysis.model import SourceId, Tool, ToolId
from tests.benchmarks.label_rows import Row

WORST = 12


def classes_of(row: dict[str, Any]) -> tuple[str, ...]:
    """Return the classes that a tool returns whose response holds this field and no other."""
    note = (row["field"], row.get("schema") or "", row.get("description") or "")
    tool = Tool(
        ToolId("s:t"), SourceId("s"), "getThing", "GET", "/thing", "getThing", "", "", "0" * 64, "",
        shallow_fields=(row["field"],), response_fields=(row["field"],), field_notes=(note,),
    )  # fmt: skip
    return tuple(hit.data for hit in assess(tool).data if hit.direction == "response")


def field_outcomes(rows: Iterable[Row]) -> list[tuple[Row, bool, bool]]:
    """Return (row, marked, found) for every field that its vendor has marked or left unmarked."""
    marked = [row for row in rows if isinstance(row.labels.get("sensitive"), bool) and row.stated.get("field")]
    return [(row, row.labels["sensitive"], bool(classes_of(row.stated))) for row in marked]


def score(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures per source, their means over the sources, and the names that fail most."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if isinstance(row.get("labels", {}).get("sensitive"), bool) and row.get("field"):
            groups[row["source"]].append(row)
    sources = {source: _figures(group) for source, group in sorted(groups.items())}
    names = ("recall", "precision", "false_positive_rate")
    mean = {name: round(sum(s[name] for s in sources.values()) / max(1, len(sources)), 4) for name in names}
    return {"overall": mean | {"rows": sum(s["rows"] for s in sources.values())}, "sources": sources}


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    missed: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    marked = sum(row["labels"]["sensitive"] for row in rows)
    for row in rows:
        found = classes_of(row)
        shown.update(found)
        if row["labels"]["sensitive"] and not found:
            missed[row["field"]] += 1
        elif found and not row["labels"]["sensitive"]:
            wrong[f"{row['field']} ({found[0]})"] += 1
    hit = marked - missed.total()
    return {
        "rows": len(rows),
        "marked": marked,
        "recall": round(hit / max(1, marked), 4),
        "precision": round(hit / max(1, hit + wrong.total()), 4),
        "false_positive_rate": round(wrong.total() / max(1, len(rows) - marked), 4),
        "classes": dict(shown.most_common()),
        "missed": missed.most_common(WORST),
        "wrong": wrong.most_common(WORST),
    }


def read_rows(folder: Path) -> Iterable[dict[str, Any]]:
    """Read every row of a folder of labels."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield {"source": file.stem} | row if isinstance(row, dict) else {}


if __name__ == "__main__":
    print(json.dumps(score(read_rows(Path(sys.argv[1]))), indent=1, ensure_ascii=False))
