"""The word lists of the assessment, read once from `vocabulary.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Which words say what. `verbs` and `nouns` map a kind to its words."""

    verbs: dict[str, frozenset[str]]
    nouns: dict[str, frozenset[str]]
    outward_verbs: frozenset[str]
    nouns_when_last: frozenset[str]
    session_paths: frozenset[str]
    page_parameters: frozenset[str]

    def kinds(self, word: str) -> frozenset[str]:
        """Return the kinds of verb a word can be."""
        return frozenset(kind for kind, words in self.verbs.items() if word in words)


@cache
def vocabulary() -> Vocabulary:
    """Return the vocabulary that ships with the product."""
    import yaml  # noqa: PLC0415 - only an import or an inspection needs it

    stated = yaml.safe_load(resources.files("analysis.assess").joinpath("vocabulary.yaml").read_text("utf-8"))

    def words(entry: dict[str, Any]) -> frozenset[str]:
        return frozenset(entry["words"])

    return Vocabulary(
        verbs={kind: words(entry) for kind, entry in stated["verbs"].items()},
        nouns={kind: words(entry) for kind, entry in stated["nouns"].items()},
        outward_verbs=words(stated["outward-verbs"]),
        nouns_when_last=words(stated["nouns-when-last"]),
        session_paths=words(stated["session-paths"]),
        page_parameters=words(stated["page-parameters"]),
    )
