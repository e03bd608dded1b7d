"""Verbs of one name: which of its words are verbs, in which place, and how much each weighs.

Names come in three orders: `getUser`, `users.get`, `files_list_folder`. The first word and the last have the highest weight,
then those between. A word that is usually a noun (`count`, `report`, `test`) counts as a verb only in first place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.effects.senses import sense_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.assess.vocabulary import Vocabulary

_READS: Final = frozenset({"read", "asking"})
#: Kinds of verb that change something.
ACTING: Final = frozenset({"write", "destroy", "soft-destroy", "money"})

#: Weight of a kind of verb: positive for read, negative for write. Set by hand: a write outweighs a read, because taking
#: a write for a read is the costlier error.
VERB_WEIGHTS: Final = {
    "read": 4.0, "asking": 2.0, "unclear": -2.0, "write": -5.0, "soft-destroy": -5.0, "destroy": -6.0, "money": -6.0,
}  # fmt: skip
#: Share of the weight by place.
PLACES: Final = {"first": 1.0, "last": 1.0, "middle": 0.6, "joined": 1.2}
_NOUN_FACTOR: Final = 0.5  # a word that is usually a noun, in first place
_CERTAIN_NOUN_FACTOR: Final = 0.3  # a writing verb before a last word that can only be a verb: `deploy_logs_get`
_LISTING: Final = frozenset({"list", "search"})  # a read after two nouns: `transfer_events_list`
_READING: Final = 1.5  # weight of a name without a verb that ends in a noun for information

#: Words of a name; unknown words are empty, so that names with one pattern share a result.
Pattern = tuple[str, ...]


class Verb(NamedTuple):
    """A verb of a name: the word, its kind, its place (first, last, middle, joined) and its weight."""

    word: str
    kind: str
    place: str
    weight: float


#: Result for a pattern: its verbs, the sum of their weights, and the noun for information where there is no verb.
ParsedName = tuple[tuple[Verb, ...], float, str]


def parsed_verbs(words: Pattern, vocabulary: Vocabulary) -> ParsedName:
    """Return the verbs, weight and noun for information of one name."""
    kept = _without_modifiers(words, vocabulary)
    verbs = [] if not kept else _verbs(kept, vocabulary)
    weight = sum(verb.weight for verb in verbs)
    if not verbs and kept and kept[-1] in vocabulary.lists["readings"]:
        return (), _READING, kept[-1]
    if kept and kept[-1] in vocabulary.lists["states"]:
        verbs = [_before_state(verb) for verb in verbs]
        weight = sum(verb.weight for verb in verbs)
    side = [verb for verb in verbs if (verb.weight > 0) == (weight > 0)]
    deciding = max(side or verbs, key=lambda verb: abs(verb.weight), default=None)
    ordered = () if deciding is None else (deciding, *(verb for verb in verbs if verb is not deciding))
    return ordered, weight, ""


def _before_state(verb: Verb) -> Verb:
    """Return a verb before a state as a read: `checkJobStatus` is one, whatever else `check` means."""
    if verb.kind != "asking":
        return verb
    return verb._replace(kind="read", weight=verb.weight * VERB_WEIGHTS["read"] / VERB_WEIGHTS["asking"])


def _without_modifiers(words: Pattern, vocabulary: Vocabulary) -> Pattern:
    """Return the words without modifiers of manner and number: `batchGetItemsV2` -> get, items."""
    skipped, trailing = vocabulary.lists["skipped"], vocabulary.lists["trailing"]
    at, end = 0, len(words)
    while at < end - 1 and words[at] in skipped and not _previews(words[at : at + 2], vocabulary):
        at += 1
    while end > at + 1 and words[end - 1] in trailing:
        end -= 1
    kept = words[at:end]
    return kept if any(word in vocabulary.verbs for word in kept) else words


def _previews(words: Pattern, vocabulary: Vocabulary) -> bool:
    """Whether a name shows what an act would do: `previewPruneMembers`, unlike the preview of an API."""
    return words[0] == "preview" and vocabulary.verbs.get(words[-1]) in ACTING


def _verbs(words: Pattern, vocabulary: Vocabulary) -> list[Verb]:
    """Return the verbs of a name: those after `or` and `and`, the first word, the last, else the first one between."""
    nouns = vocabulary.lists["nouns-when-last"]
    found = _joined(words, vocabulary)
    first = _first(words, vocabulary)
    is_verb = first is not None and (words[0] not in nouns or _previews(words[:2], vocabulary))
    last = _last(words, first, vocabulary, is_verb=is_verb)
    found += [verb for verb in (first, last) if verb is not None]
    if last is None and not is_verb:
        places = [at for at in range(1, len(words) - 1) if words[at] not in nouns]
        found += _verbs_at(words, places, "middle", vocabulary)[:1]
    return found


def _first(words: Pattern, vocabulary: Vocabulary) -> Verb | None:
    lists = vocabulary.lists
    if " ".join(words[:2]) in lists["phrasal-acts"]:
        return Verb(" ".join(words[:2]), "write", "first", VERB_WEIGHTS["write"])
    kind = vocabulary.verbs.get(words[0], "")
    if len(words) > 1 and _previews(words[:2], vocabulary):
        return Verb(words[0], "asking", "first", VERB_WEIGHTS["asking"] * _NOUN_FACTOR)
    if kind == "asking" and _takes_statement(words, lists):
        return Verb(words[0], "unclear", "first", VERB_WEIGHTS["unclear"])
    alone = words[0] not in lists["closing-verbs"] and lists["linked"].isdisjoint(words)
    if kind not in _READS and alone and len(words) > 1 and words[-1] in lists["never-nouns"]:
        nouns = words[0] in lists["nouns-when-last"]
        return None if nouns else _verb(words, 0, "first", vocabulary, _CERTAIN_NOUN_FACTOR)
    if words[0] in lists["modifiers"] and len(words) > 1 and words[-1] in lists["readings"] | lists["kinds"]:
        return _verb(words, 0, "first", vocabulary, _NOUN_FACTOR)
    if words[0] not in lists["nouns-when-last"]:
        return _verb(words, 0, "first", vocabulary)
    is_noun = kind not in _READS and alone and len(words) > 2 and words[-1] in _LISTING
    if is_noun:
        return None
    settled = sense_of(words[0], words[1:], vocabulary)
    return _verb(words, 0, "first", vocabulary, 1.0 if settled else _NOUN_FACTOR)


def _takes_statement(words: Pattern, lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether the object is a program or a statement: `evaluateScript`, `queryPostgres`."""
    return not lists["code-nouns"].isdisjoint(words) or (
        words[0] == "query" and not lists["statement-engines"].isdisjoint(words)
    )


def _last(words: Pattern, first: Verb | None, vocabulary: Vocabulary, *, is_verb: bool) -> Verb | None:
    """Return the last word where it is a second verb: `create` in `index_create`, not `read` in `mark_all_read`."""
    lists, last = vocabulary.lists, words[-1]
    closes = not is_verb and (last in lists["closing-verbs"] or bool(sense_of(last, words[:-1], vocabulary)))
    if len(words) == 1 or (last in lists["nouns-when-last"] and not closes):
        return None
    decided = lists["never-nouns"] | lists["closing-verbs"] if last in _LISTING else lists["never-nouns"]
    if not is_verb and last not in lists["closing-verbs"] and not decided.isdisjoint(words[1:-1]):
        return None  # `list` is a noun in `network_create_access_list`
    if first is not None and is_verb:
        reads = first.kind in _READS
        closing = lists["closing-verbs"] if reads and words[0] not in lists["never-nouns"] else lists["never-nouns"]
        if last not in closing or (reads and words[0] in lists["never-nouns"]):
            return None
    return _verb(words, len(words) - 1, "last", vocabulary)


def _joined(words: Pattern, vocabulary: Vocabulary) -> list[Verb]:
    """Return the writing verbs after `or` and `and`: `create` in `getOrCreateUser`."""
    joins = vocabulary.lists["linked"]
    if joins.isdisjoint(words):
        return []
    relations = vocabulary.lists["relations"]
    end = next((at for at, word in enumerate(words) if at and word in relations), len(words))
    added = [at + 1 for at, word in enumerate(words[: end - 1]) if at and word in joins]  # not `by_owner_and_type`
    return [verb for verb in _verbs_at(words, added, "joined", vocabulary) if verb.weight < 0]


def _verb(words: Pattern, at: int, place: str, vocabulary: Vocabulary, factor: float = 1.0) -> Verb | None:
    settled = sense_of(words[at], (*words[at + 1 :], *words[:at]), vocabulary)
    return _of_kind(words[at], settled, place, vocabulary, factor)


def _verbs_at(words: Pattern, places: list[int], place: str, vocabulary: Vocabulary) -> list[Verb]:
    """Return the verbs at ascending places. Where a verb is repeated, the words up to the next one are looked at alone."""
    found: list[Verb] = []
    later: dict[str, tuple[int, str]] = {}
    for at in reversed(places):
        word = words[at]
        if word in vocabulary.senses:
            end, settled = later.get(word, (len(words), ""))
            settled = sense_of(word, words[at + 1 : end + 1], vocabulary) or settled
            if word not in later:
                settled = settled or sense_of(word, words[:at], vocabulary)
            later[word] = at, settled
        verb = _of_kind(word, later[word][1] if word in later else "", place, vocabulary)
        found += [verb] if verb is not None else []
    return found[::-1]


def _of_kind(word: str, settled: str, place: str, vocabulary: Vocabulary, factor: float = 1.0) -> Verb | None:
    """Return a word as a verb, of the kind that its object settles or else of its own; None where it is no verb."""
    kind = settled or vocabulary.verbs.get(word)
    if settled == "read" and word in vocabulary.lists["making"]:
        factor *= _NOUN_FACTOR  # `generateSummary` may also store what it makes
    return Verb(word, kind, place, VERB_WEIGHTS[kind] * PLACES[place] * factor) if kind else None
