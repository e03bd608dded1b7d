"""Areas of a tool: access control (who may do what), system operation (how the system runs), billing (money).

A read belongs to an area by its words. An act belongs to one by what it acts on: a membership, a role, a protection; an audit
device, a plugin, the settings of a system; an invoice, a payout. In the first two it is administrative, in the third billing.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.objects import ActObjects, ending_in, own_words
from analysis.assess.sensitivity.administration_texts import AdministrationTexts
from analysis.field_names import field_set
from analysis.model import Area
from analysis.words import path_segments, singular, snake, split_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

#: Words of access control that mean something else where money is the object: `authorizations` of a card.
_OF_MONEY: Final = frozenset({
    "authorization", "authorize", "policy", "policies", "grant", "grants", "scope", "allow", "restriction", "token",
    "tokens", "credential", "protection",
})  # fmt: skip
#: Verbs of pairs such as `create user`.
_CHANGES: Final = frozenset({"create", "delete", "update", "add", "remove", "invite"})
#: Next to such a field, `role` is who speaks in a conversation.
_SPOKEN: Final = frozenset({"messages", "message", "content", "prompt", "tool_calls"})
#: What a person who signs up creates.
_ACCOUNTS: Final = frozenset({"user", "users", "account", "accounts", "member", "members"})
#: Verbs and methods that make or remove one of many, while the settings of a system are one of a kind.
_OF_MANY: Final = frozenset({"create", "delete", "add", "remove", "new"})


#: Verbs of names that try something out and change nothing.
_TRIES: Final = frozenset({"test", "verify", "check", "validate", "simulate"})
#: Verbs by which a thing comes into other hands.
_HANDED: Final = frozenset({"transfer", "handover", "share", "unshare"})


class ActArea(NamedTuple):
    """An area of an act, and the words that show it."""

    area: Area
    where: str
    matched: str


class AreaClassifier:
    """Classifier of areas by one vocabulary. Caches names, paths, tags and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = self._lists = vocabulary.lists
        self._verbs = vocabulary.verbs
        self._objects = ActObjects(vocabulary)
        self._views = _pairs(lists["administration-views"])
        self._pairs = _pairs(lists["administration-pairs"]) | self._views
        self._system = _pairs(lists["system-pairs"])
        self._texts = AdministrationTexts(lists["administration-phrases"])
        self._texts_of_acts = AdministrationTexts(lists["administration-acts"])
        self._tags: dict[str, bool] = {}
        # Questions to the names of fields of a source, which outlive this classifier.
        self._is_granting = partial(_is_granting, lists)
        self._is_of_event = partial(_is_of_event, lists)

    def of_read(self, tool: Tool, signals: ToolSignals) -> tuple[Area, ...]:
        """Return the areas that the words of a read show. Reading a role is not administration; changing one is."""
        lists = self._lists
        administered = (
            not signals.nouns.isdisjoint(lists["administration-marks"])
            or any(pair in self._views for pair in _neighbours(signals))
            or self._restricted(tool)
        )
        billed = not signals.nouns.isdisjoint(lists["billing"])
        return tuple(itertools.compress((Area.ACCESS_CONTROL, Area.BILLING), (administered, billed)))

    def of_act(self, tool: Tool, signals: ToolSignals, effect: EffectVerdict) -> tuple[ActArea, ...]:
        """Return the areas of what a call acts on, each with its signal."""
        path, act = self._objects.of_path(tool.path) if tool.path else ((), "")
        name = own_words(tool.operation_id or ("" if tool.path else tool.name), tool.path)
        words = (*name, *path, *act.split())
        handed = self._handed_over(frozenset(words), {*name[:1], *name[-1:], *path[-1:], *act.split()})
        money = "" if handed else self._money(tool, path, act, effect)
        access = handed or self._access(tool, name, path, act, money)
        system = "" if access else self._operation(tool, name, words, path)
        if not access and not system:
            access = self._guarded(words, signals)
        found = (
            ActArea(Area.ACCESS_CONTROL, "name", access),
            ActArea(Area.SYSTEM_OPERATION, "name", system),
            ActArea(Area.BILLING, "name", money),
        )
        shown = tuple(area for area in found if area.matched)
        if not shown and (self._restricted(tool) or _any_text(tool, self._texts_of_acts.restrict)):
            return (ActArea(Area.SYSTEM_OPERATION, "text", "for administrators"),)
        return shown

    def _money(self, tool: Tool, path: tuple[str, ...], act: str, effect: EffectVerdict) -> str:
        """Return the record of money that a call acts on, or an empty string."""
        lists = self._lists
        name = self._objects.of_name(tool.operation_id or ("" if tool.path else tool.name), tool.path)
        if any(singular(word) in lists["unpaid"] for word in (*name, *path)):
            return ""
        if act in lists["paid-acts"]:
            return act
        found = ending_in(path, lists["paid"]) if path else ""
        found = found or ending_in(name, lists["paid"])
        if not found and len(path_segments(tool.path)) == 1 and " ".join(path) in lists["paid-alone"]:
            found = " ".join(path)
        if found == "charge" and not lists["charged"].isdisjoint(f"{tool.summary} {tool.description}".lower().split()):
            return ""
        if found == "subscription" and (
            self._is_watched(tool)
            or tool.method in {"PUT", "PATCH"}
            or any(_sent(tool, self._is_of_event))
            or any(phrase in tool.description.lower() for phrase in lists["consent-phrases"])
        ):
            return ""
        return found or (effect.word if effect.kind == "money" and self._pays(tool, effect) else "")

    def _is_watched(self, tool: Tool) -> bool:
        """Whether a subscription is one to news of a thing: the resource before it in the path."""
        before = path_segments(tool.path)[-2:-1]
        return any(singular(word) in self._lists["watched"] for segment in before for word in split_words(segment))

    def _pays(self, tool: Tool, effect: EffectVerdict) -> bool:
        """Whether the verb is one of payment: it is the first word, the last one or the act of a path, and nothing is charged."""
        words = own_words(tool.operation_id or ("" if tool.path else tool.name), tool.path)
        if effect.word in self._lists["ambiguous-payments"] and (len(words) > 1 or len(path_segments(tool.path)) > 1):
            return False
        told = f"{tool.summary} {tool.description}".lower().split()
        shown = not words or effect.word in (words[0], words[-1]) or effect.word not in words
        return shown and self._lists["charged"].isdisjoint(told)

    def _access(self, tool: Tool, name: tuple[str, ...], path: tuple[str, ...], act: str, money: str) -> str:
        """Return what shows that a call decides who may do what, or an empty string."""
        lists, words = self._lists, (*name, *path, *act.split())
        known = frozenset(words)
        if name[:1] and name[0] in _TRIES:
            return ""
        found = known & (lists["administration"] | lists["administration-marks"])
        if found:
            found -= self._tamed(name, path) | (_OF_MONEY if money else frozenset())
        if found:
            return min(found)
        if _registers(tool, known):
            return ""
        reversed_ends = ((name[-1], name[-2]),) if name[-1:] and name[-1] in _CHANGES and len(name) > 1 else ()
        pairs = itertools.chain(self._whole_pairs(words), reversed_ends)  # `ssh_user_delete`
        pair = next((pair for pair in pairs if pair in self._pairs), None)
        if pair is not None:
            return " ".join(pair)
        holders = known & lists["account-holders"]
        acts = known & lists["account-acts"]
        if holders and acts:
            return f"{min(acts)} {min(holders)}"
        told = self._texts.granted(tool.summary) or self._texts.granted(tool.description)
        return self._membership(tool, path, act) or self._grants(tool, known) or told

    def _tamed(self, *parts: tuple[str, ...]) -> frozenset[str]:
        """Return the words after one that takes the access out of them: `policy` in `scaling policy`, not in `updatePolicy`."""
        pairs = (
            pair
            for words in parts
            for pair in itertools.pairwise(words[1:] if words and words[0] in self._verbs else words)
        )
        return frozenset(word for before, word in pairs if before in self._lists["tame"])

    def _whole_pairs(self, words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield pairs of adjacent words, a verb and its object only where no other noun follows: not `createUserImportJob`."""
        for at, pair in enumerate(itertools.pairwise(words)):
            after = words[at + 2] if at + 2 < len(words) else ""
            if (
                not after
                or pair[0] not in _CHANGES
                or after in self._lists["relations"]
                or after == pair[1]
                or after[:-1] == pair[1]
            ):
                yield pair

    def _membership(self, tool: Tool, path: tuple[str, ...], act: str) -> str:
        """Return who belongs where: `teams members` of `PUT /teams/{team}/members/{user}`."""
        lists = self._lists
        if not path or path[-1] not in lists["members"]:
            return ""
        segments = [word for segment in path_segments(tool.path) for word in split_words(segment)]
        at = len(segments) - 1 - segments[::-1].index(path[-1])
        place = segments[at - 1] if at else ""
        if place in lists["member-places"]:
            return f"{place} {path[-1]}"
        if act and act not in lists["account-acts"]:
            return ""
        added = tool.method == "POST" and tool.path.lower().rstrip("/").endswith(path[-1])
        return path[-1] if not place and (added or tool.method == "DELETE") and path[-1] in {"users", "members"} else ""

    def _handed_over(self, known: frozenset[str], acts: set[str]) -> str:
        """Return the thing whose owner changes: `room` of `POST /rooms/{room}/transfer`."""
        given = min(acts & _HANDED, default="")
        found = known & self._lists["transferable"] if given else given
        return f"{given} {min(found)}" if found else ""

    def _guarded(self, words: tuple[str, ...], signals: ToolSignals) -> str:
        """Return the protection that is switched on or off."""
        lists, known = self._lists, frozenset(words)
        guards, switches = known & lists["guards"], known & lists["switching-verbs"]
        text = signals.summary.word or signals.description.word
        if guards and not switches and text in {"disable", "enable", "deactivate", "turn"}:
            switches = frozenset({text})
        return f"{min(switches)} {min(guards)}" if guards and switches and words[0] not in {"get", "list"} else ""

    def _grants(self, tool: Tool, known: frozenset[str]) -> str:
        """Return the field by which a caller gives a user rights: `is_superuser` of `PATCH /users/{id}`."""
        if known.isdisjoint(self._lists["granted"]):
            return ""
        sent = {snake(field): field for field in _sent(tool, self._is_granting)}
        if not _SPOKEN.isdisjoint(sent):
            sent.pop("role", None)
        return next((field for plain, field in sent.items() if plain in self._lists["granting-fields"]), "")

    def _operation(self, tool: Tool, name: tuple[str, ...], words: tuple[str, ...], path: tuple[str, ...]) -> str:
        """Return what shows that a call decides how the system runs, or an empty string."""
        lists, known = self._lists, frozenset(words)
        if "test" in known:
            return ""
        found = known & lists["system-operation"]
        if found:
            return min(found)
        pair = next((pair for pair in _adjacent(words) if pair in self._system), None)
        if pair is not None:
            return " ".join(pair)
        parts, acts = known & lists["system-parts"], known & lists["part-acts"]
        if parts and acts:
            return f"{min(acts)} {min(parts)}"
        segments = path_segments(tool.path)
        if segments and segments[0].lower() in lists["system-roots"]:
            return segments[0].lower()
        whole = path if tool.path else self._objects.of_name(tool.name, "")
        single = len(segments) < 2 and bool(whole) and frozenset(whole) <= lists["settings"]
        return " ".join(whole) if single and not (name and name[0] in _OF_MANY) else ""

    def _restricted(self, tool: Tool) -> bool:
        """Whether a tag or a text restricts the tool to administrators."""
        return any(map(self._tag_restricted, tool.tags)) or _any_text(tool, self._texts.restrict)

    def _tag_restricted(self, tag: str) -> bool:
        if tag not in self._tags:
            self._tags[tag] = not self._lists["administration-marks"].isdisjoint(split_words(tag))
        return self._tags[tag]


def _any_text(tool: Tool, test: Callable[[str], bool]) -> bool:
    return test(tool.summary) or test(tool.description)


def _registers(tool: Tool, known: frozenset[str]) -> bool:
    """Whether a call creates an account and needs no credential: signing up decides about no rights of others."""
    return tool.method == "POST" and () in (tool.security or ()) and bool(known & _ACCOUNTS) and "create" in known


def _is_granting(lists: Mapping[str, frozenset[str]], field: str) -> bool:
    return snake(field) in lists["granting-fields"] or snake(field) in _SPOKEN


def _is_of_event(lists: Mapping[str, frozenset[str]], field: str) -> bool:
    return snake(field) in lists["event-fields"]


def _sent(tool: Tool, test: Callable[[str], bool]) -> Iterator[str]:
    """Yield the names of the fields and arguments that a caller sends and that match a test."""
    yield from field_set(tool.request_fields).matching(test)
    yield from (each.name for each in tool.parameters if each.place in {"body", "argument"} and test(each.name))


def _neighbours(signals: ToolSignals) -> Iterator[tuple[str, str]]:
    """Return the pairs of adjacent words in name and path."""
    return itertools.chain(itertools.pairwise(signals.name.words), itertools.pairwise(signals.path.words))


def _adjacent(words: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    return itertools.pairwise(words)


def _pairs(phrases: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split(" ")) for phrase in phrases)
