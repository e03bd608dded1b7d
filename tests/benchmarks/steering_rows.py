"""Texts for the fit of steering weights: planted ones by attack class, honest ones by source, each with its features."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.rules.detect.injection import is_injection
from analysis.rules.detect.steering import steering
from analysis.text import hidden_characters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Files of labelled descriptions, and documents of vendors, whose texts are honest.
FILES: Final = ("injection.jsonl", "poison/injection_acts.jsonl", "mcp_tools.jsonl")
DOCUMENTS: Final = ("github-3.0.json", "stripe-3.0.yaml", "slack-2.0.json", "box-3.0.json", "kubernetes-2.0.yaml")

#: Servers whose texts are what the lower tier is for: this one tells the model that an earlier refusal no longer holds.
UNSURE: Final = frozenset(["fetch"])


@dataclass(frozen=True, slots=True)
class Case:
    """A text: where it comes from, its attack class, whether it is planted, and the ids of the features found in it."""

    source: str
    attack: str
    planted: bool
    name: str
    features: frozenset[str]
    text: str
    signalled: bool  # accused by the patterns of `injection.yaml`, which no weight is part of
    workflow: frozenset[
        str
    ]  # the features of a mere sequence of tools of the same source; empty where others are named

    @property
    def group(self) -> str:
        """What is left out as one: the attack class of a planted text, the source otherwise."""
        return self.attack or self.source


def labelled_cases(folder: Path) -> Iterator[Case]:
    """Yield the labelled descriptions of a folder of ground truth."""
    for file in FILES:
        rows = [json.loads(line) for line in (folder / file).read_text("utf-8").splitlines()]
        names: dict[str, set[str]] = {}
        for row in rows:
            names.setdefault(row["source"], set()).add((row.get("tool_name") or "").lower())
        for row in rows:
            if isinstance(row["labels"].get("injection"), bool):
                raw = row["labels"].get("raw")
                attack = raw.get("attack", "") if isinstance(raw, dict) else ""
                text = row.get("description") or row.get("summary") or ""
                siblings = frozenset(names[row["source"]])
                planted = row["labels"]["injection"]
                yield _case(row["source"], attack, planted, row.get("tool_name") or "", text, siblings)


def served_cases(folder: Path) -> Iterator[Case]:
    """Yield the tools of saved tools/list results, honest ones: each among the tools of its server, and each alone."""
    for path in sorted(folder.glob("*.json")):
        if path.stem in UNSURE:
            continue
        loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
        tools = loaded.get("result", loaded)["tools"]
        names = frozenset(tool["name"].lower() for tool in tools)
        for siblings, source in ((names, f"served {path.stem}"), (frozenset[str](), f"alone {path.stem}")):
            for tool in tools:
                yield _case(source, "", False, tool["name"], tool.get("description") or "", siblings)


def document_cases(folder: Path) -> Iterator[Case]:
    """Yield the operations of vendors' documents, each by the text of it that scores highest."""
    from analysis.ingest import read

    for name in DOCUMENTS:
        inventory = read(str(folder / name)).inventory
        if inventory is None:
            raise SystemExit(f"{name} cannot be read")
        for tool in inventory.tools:
            texts = [span.text for span in tool.text_spans if not span.is_value]
            worst = max(texts, key=lambda text: (steering(text).score, text), default="")
            yield _case(name, "", False, tool.name, worst)


def written_cases(file: Path) -> Iterator[Case]:
    """Yield the poisoned texts of a fixture that weights are fitted to, each register as an attack class of its own."""
    import yaml

    for register, classes in yaml.safe_load(file.read_text("utf-8")).items():
        for entries in classes.values():
            for tool, text in entries:
                yield _case("written", f"written: {register}", True, tool, text)


def invented_cases(file: Path) -> Iterator[Case]:
    """Yield the invented texts of a fixture. No weight is fitted to them."""
    import yaml

    for kind, classes in yaml.safe_load(file.read_text("utf-8")).items():
        for name, entries in classes.items():
            for tool, text in entries:
                yield _case("invented", f"invented: {name}", kind == "planted", tool, text)


def _case(source: str, attack: str, planted: bool, name: str, text: str, names: frozenset[str] = frozenset()) -> Case:
    found = steering(text, name, names)
    features = frozenset(feature.id for feature, _ in found.found)
    own = bool(found.tools) and found.tools <= names
    workflow = frozenset(feature.id for feature, _ in found.found if own and feature.workflow)
    signalled = is_injection(text) or bool(hidden_characters(text))
    return Case(source, attack, planted, name, features, text, signalled, workflow)
