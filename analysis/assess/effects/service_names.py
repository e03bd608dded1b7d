"""Words that name the service, not an act: `compute` in `compute_disk_create`, `search` in `search_index_delete`.

Names of one source that begin with the same word and continue with a verb begin with a name, whatever it means elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import SourceId, Tool

_MIN_NAMES: Final = 3
#: Share of the names with one first word that must have a later verb.
_MIN_SHARE: Final = 0.6
_MIN_VERBS: Final = 2  # different later verbs; `list_create_events` and its like are no service


def service_names(tools: Iterable[Tool], vocabulary: Vocabulary) -> dict[SourceId, frozenset[str]]:
    """Return for each source the first words of its names that are names of services."""
    later: dict[tuple[SourceId, str], list[str]] = defaultdict(list)
    closing = vocabulary.lists["never-nouns"] | vocabulary.lists["closing-verbs"]
    plain = vocabulary.lists["never-nouns"] | {"list", "create", "update", "delete", "add", "remove"}
    for tool in tools:
        words = split_words(tool.operation_id or ("" if tool.path else tool.name))
        if len(words) > 1 and words[0] in vocabulary.verbs and words[0] not in plain:
            later[tool.source, words[0]].append(_later_verb(words, vocabulary, closing))
    found: dict[SourceId, set[str]] = defaultdict(set)
    for (source, word), verbs in later.items():
        known = [verb for verb in verbs if verb]
        if len(verbs) >= _MIN_NAMES and len(known) >= _MIN_SHARE * len(verbs) and len(set(known)) >= _MIN_VERBS:
            found[source].add(word)
    return {source: frozenset(words) for source, words in found.items()}


def _later_verb(words: tuple[str, ...], vocabulary: Vocabulary, closing: frozenset[str]) -> str:
    """Return the verb after the first word: the second word, or a last one that closes a name."""
    things = vocabulary.lists["nouns-when-last"]
    nouns = things | vocabulary.lists["readings"]
    if words[1] in vocabulary.verbs and (words[1] not in nouns or (words[0] in things and len(words) > 2)):
        return words[1]
    last = words[-1]
    return last if last in closing or (last in vocabulary.verbs and last not in nouns) or last == "list" else ""
