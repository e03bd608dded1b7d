"""Verbs with more than one meaning: the object settles which one a call has.

`capture` a payment moves money, `capture` a screenshot reads. The meanings are lists of the vocabulary, whose names hold
verbs and, last, the kind they have: `capture settle money`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analysis.assess.vocabulary import Vocabulary, WordGroup


def senses_of(groups: Iterable[WordGroup]) -> dict[str, dict[str, str]]:
    """Return verb to object to kind of all groups that hold senses. Of two kinds of one object the later counts."""
    found: dict[str, dict[str, str]] = {}
    for group in groups:
        *verbs, kind = group.kind.split(" ")
        for verb in verbs:
            objects = found.setdefault(verb, {})
            for word in group.words:
                objects.update(dict.fromkeys(forms_of(word), kind))
    return found


def sense_words(senses: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """Return every verb and object of the senses."""
    return frozenset(senses).union(*senses.values())


def forms_of(noun: str) -> tuple[str, ...]:
    """Return a noun in singular and plural: `entity` -> entity, entitys, entities."""
    plurals = (f"{noun[:-1]}ies",) if noun.endswith("y") else ()
    return (noun, f"{noun}s", f"{noun}es", *plurals)


def sense_of(verb: str, objects: Iterable[str], vocabulary: Vocabulary) -> str:
    """Return the kind of a verb with one of these objects, the nearest first; "" where none settles it."""
    known = vocabulary.senses.get(verb)
    return next((known[each] for each in objects if each in known), "") if known else ""
