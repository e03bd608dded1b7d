"""Confidential content that a call returns, by the resource it is about: messages, files, logs, secrets, money, people.

A resource is the object of a name (`listAuditLogs`), the last fixed segment of a path (`/users/{id}/messages`) or the
object of a text (`Returns the cookies of a page`). A count, a status or a name of it is less than the thing itself, and one
ordinary record of one person is ordinary, while a list of people is not. The fields of a response are evidence as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.assess.effects.other_languages import ForeignReader
from analysis.assess.sensitivity.confidential_lists import confidential_lists
from analysis.assess.sensitivity.data_subjects import SubjectReader
from analysis.assess.sensitivity.foreign_content import ForeignContent
from analysis.assess.sensitivity.known_people import KnownPeople
from analysis.assess.sensitivity.open_things import OpenThings
from analysis.assess.sensitivity.resources import DEMONSTRATION, MAX_TEXT, UNKNOWN, ResourceReader
from analysis.model import ConfidentialContent, Confidentiality, DataHit
from analysis.words import snake, split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.sensitivity.confidential_lists import ContentKind
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

#: Data classes of a response and their levels. Personal data of one person is ordinary, of many is confidential.
DATA_LEVELS: Final = {
    "financial": Confidentiality.CONFIDENTIAL,
    "card": Confidentiality.RESTRICTED,
    "secret": Confidentiality.RESTRICTED,
    "health": Confidentiality.RESTRICTED,
}
#: Fields of a response that states no more than whether a call went well.
_MAX_ENVELOPE: Final = 3
#: Methods that are answered without the content.
_WITHOUT_BODY: Final = frozenset({"HEAD", "OPTIONS"})
_PERSONAL: Final = "personal"
#: What a read returns whose caller names the kind of thing, so that it can be a secret as well.
_ANYTHING: Final = "content that the caller names"
_TOPIC: Final = "a protected matter"
#: What belongs to a person, whatever it is.
_OF_PEOPLE: Final = "records of people"
_CHOOSING_PLACES: Final = frozenset({"path", "argument"})


class ConfidentialityClassifier:
    """Classifier of confidential content by one vocabulary. Caches names, paths and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = confidential_lists()
        self._resources = ResourceReader(vocabulary)
        self._subjects = SubjectReader(self._lists)
        self._people = KnownPeople(self._lists)
        self._open = OpenThings(self._lists)
        self._foreign = ForeignContent(self._lists, ForeignReader(vocabulary))
        self._snake: dict[str, str] = {}
        self._issuing = vocabulary.lists["issuing-verbs"] | {
            "create",
            "issue",
            "rotate",
            "refresh",
            "exchange",
            "regenerate",
            "mint",
            "roll",
            "post",
        }

    def of_tool(
        self, tool: Tool, effect: EffectVerdict, data: tuple[DataHit, ...], *, lists: bool
    ) -> tuple[ConfidentialContent, ...]:
        """Return what a call returns that is confidential, by resource where it may read, and by field."""
        found = list(content_of_fields(data, lists=lists))
        if tool.method in _WITHOUT_BODY:
            return tuple(found)
        if effect.reads or effect.unclear:
            found += self._of_resources(tool, effect, lists=lists)
            found = found or [*self._of_people(tool, lists=lists)]
        elif effect.word in self._issuing or (tool.method == "POST" and not effect.word):
            found += self._issued(tool)
        return tuple(found)

    def is_vague(
        self, tool: Tool, effect: EffectVerdict, found: tuple[ConfidentialContent, ...], data: tuple[DataHit, ...]
    ) -> bool:
        """Whether nothing says what a read returns: neither fields that are known nor a resource open to anyone.

        A figure about a thing is known, and so is what is computed from the arguments alone.
        """
        if (
            found
            or not (effect.named or (effect.reads and self._is_silent(tool, data)))
            or tool.method in _WITHOUT_BODY
        ):
            return False
        name = tool.operation_id or ("" if tool.path else tool.name)
        if (
            effect.reads
            and not effect.named
            and (self._resources.of_name(name).less or (tool.path and self._resources.of_path(tool.path).less))
        ):
            return False
        texts = _texts(tool)
        return not self._subjects.is_open(name, tool.path, texts) and not self._open.holds(
            name, tool.path, texts, silent=not tool.response_fields
        )

    def _is_silent(self, tool: Tool, data: tuple[DataHit, ...]) -> bool:
        """Whether the fields of a response are none, hold content and do not say which, or are mostly not known."""
        return self._people.only_envelope(tool.response_fields) or self._people.mostly_unknown(
            tool.shallow_fields or tool.response_fields, data, tool.operation_id or tool.name
        )

    def _of_resources(self, tool: Tool, effect: EffectVerdict, *, lists: bool) -> Iterator[ConfidentialContent]:
        name = self._resources.of_name(tool.operation_id or ("" if tool.path else tool.name))
        path = self._resources.of_path(tool.path) if tool.path else UNKNOWN
        if name.less or path.less:
            yield from self._mentioned(tool, set(), lists=lists)
            return
        texts = [
            ("text", self._resources.of_text(text)) for text in dict.fromkeys((tool.summary, tool.description)) if text
        ]
        if not tool.method and effect.reads and name.kind is None and not any(text.kind for _, text in texts):
            texts = [("text", self._resources.of_title(tool.description or tool.summary))]
        if any(text.less for _, text in texts):
            if DEMONSTRATION.match((tool.description or tool.summary).lower()):
                return
            texts = []
        seen: set[str] = set()
        for where, resource in (("name", name), ("path", path), *texts):
            kind = resource.kind
            if kind is None or kind.name in seen or (kind.many and not (lists or resource.plural)):
                continue
            seen.add(kind.name)
            yield ConfidentialContent(kind.name, self._level(kind, tool), where, resource.matched)
        yield from self._mentioned(tool, seen, lists=lists)
        if not seen:
            yield from self._otherwise(tool, seen)
        chosen = self._chosen(tool) if not seen else ""
        if chosen:
            yield ConfidentialContent(_ANYTHING, Confidentiality.CONFIDENTIAL, "parameters", chosen)

    def _of_people(self, tool: Tool, *, lists: bool) -> Iterator[ConfidentialContent]:
        """Yield the people of whom rows, arguments or a text say that something is known, unless it is published."""
        texts = _texts(tool)
        if self._subjects.is_published(texts):
            return
        rows = lists or _is_collection(tool)
        person = self._people.in_rows(tool.shallow_fields or tool.response_fields) if rows else ""
        where, named = "response", person
        if not person and tool.parameters:
            where, named = "parameters", self._people.sought(tool)
        if not named:
            where, named = "name", self._subjects.of_whereabouts(tool)
        if not named and self._may_be_of_people(tool):
            said = (self._subjects.of_text(text, spoken=not tool.method) for text in texts)
            where, named = "text", next(filter(None, said), "")
            if not named and tool.parameters:
                where, named = "parameters", self._people.owner(tool)
        if named:
            yield ConfidentialContent(_OF_PEOPLE, Confidentiality.CONFIDENTIAL, where, named)

    def _may_be_of_people(self, tool: Tool) -> bool:
        """Whether a read is named for settings, sessions or the like, and no field says what they are: more than a figure."""
        if not self._people.only_envelope(tool.response_fields):
            return False
        last = (split_words(tool.operation_id or tool.name) or ("",))[-1]
        return last not in self._lists.still_less and last in self._lists.less | {"history"}

    def _otherwise(self, tool: Tool, seen: set[str]) -> Iterator[ConfidentialContent]:
        """Yield what a name or text in another language is about, or whom the result belongs to; add the kind to `seen`."""
        texts = [text for text in dict.fromkeys((tool.summary, tool.description)) if text]
        foreign = self._foreign.of(tool.operation_id or tool.name, texts, spoken=not tool.method)
        if foreign is not None:
            kind, matched = foreign
            seen.add(kind.name)
            yield ConfidentialContent(kind.name, kind.level, "text", matched)
            return
        where, whose, matter = self._about(tool, texts)
        if whose:
            seen.add(matter)
            yield ConfidentialContent(matter, Confidentiality.CONFIDENTIAL, where, whose)

    def _about(self, tool: Tool, texts: list[str]) -> tuple[str, str, str]:
        """Return where a person or a protected topic is named to whom a result belongs, the words, and the kind."""
        subjects, spoken, name = self._subjects, not tool.method, tool.operation_id or tool.name
        owner = subjects.of_owner(name, tool.path)
        if owner:
            return "name", owner, _OF_PEOPLE
        for text in texts:
            said = subjects.of_text(text, spoken=spoken)
            if said:
                return "text", said, _OF_PEOPLE
        topic = subjects.of_topic(name, tool.path, texts)
        if topic:
            return "name", topic, _TOPIC
        return "parameters", subjects.of_arguments(tool) if spoken else "", _OF_PEOPLE

    def _mentioned(self, tool: Tool, seen: set[str], *, lists: bool) -> Iterator[ConfidentialContent]:
        """Yield what a text says is among what is returned, and add the kinds to `seen`; data of people if they are many."""
        if len(tool.response_fields) > _MAX_ENVELOPE:
            return
        told = self._resources.mentioned(tool.description or tool.summary)
        kinds = (self._lists.secrets, self._lists.logs, self._lists.people)
        for kind, mentioned in zip(kinds, told, strict=True):
            if mentioned and kind.name not in seen and (lists or not kind.many):
                seen.add(kind.name)
                yield ConfidentialContent(kind.name, kind.level, "text", mentioned)

    def _chosen(self, tool: Tool) -> str:
        """Return the argument that names the kind of thing a general read returns: `kind` of `getResource`."""
        if not tool.parameters or not self._resources.is_general(tool.operation_id or tool.name):
            return ""
        choosing = self._lists.choosing
        names = (each.name for each in tool.parameters if each.place in _CHOOSING_PLACES)
        return next((name for name in names if self._spelled(name) in choosing), "")

    def _spelled(self, name: str) -> str:
        found = self._snake.get(name)
        if found is None:
            found = self._snake[name] = snake(name)
        return found

    def _issued(self, tool: Tool) -> Iterator[ConfidentialContent]:
        """Yield the credential that a call makes and hands out: `createAccessToken`."""
        name = self._resources.of_name(tool.operation_id or ("" if tool.path else tool.name))
        path = self._resources.of_path(tool.path) if tool.path else UNKNOWN
        for where, resource in (("name", name), ("path", path)):
            if resource.kind is self._lists.secrets and not (where == "path" and tool.path.endswith("}")):
                yield ConfidentialContent(resource.kind.name, Confidentiality.RESTRICTED, where, resource.matched)
                return

    def _level(self, kind: ContentKind, tool: Tool) -> Confidentiality:
        """Return the level of a kind; a list of secrets whose text says that values are left out is not restricted."""
        if kind is self._lists.secrets and any(
            self._lists.quiet.search(text[:MAX_TEXT].lower()) and _withholds(text)
            for text in (tool.summary, tool.description)
        ):
            return Confidentiality.CONFIDENTIAL
        return kind.level


def with_shown_data(data: tuple[DataHit, ...], found: tuple[ConfidentialContent, ...]) -> tuple[DataHit, ...]:
    """Return the data with the classes that a resource shows without any field: secrets of `read_secret`."""
    held = {hit.data for hit in data if hit.direction == "response"}
    kinds = confidential_lists().data
    shown = {
        kinds[content.kind]: content.matched
        for content in found
        if content.level is Confidentiality.RESTRICTED
        and content.where != "response"
        and kinds.get(content.kind, "") not in held | {""}
    }
    return (*(DataHit(data_class, "response", (matched,)) for data_class, matched in shown.items()), *data)


def content_of_fields(data: tuple[DataHit, ...], *, lists: bool) -> Iterator[ConfidentialContent]:
    """Yield what the fields of a response show: card, secret, health and financial data, and personal data of many."""
    for hit in data:
        if hit.direction != "response":
            continue
        level = DATA_LEVELS.get(hit.data)
        if level is None and hit.data == _PERSONAL and lists:
            level = Confidentiality.CONFIDENTIAL
        if level is not None:
            kind = f"{hit.data} data" + (" of many" if hit.data == _PERSONAL else "")
            yield ConfidentialContent(kind, level, "response", ", ".join(hit.fields[:3]))


def _is_collection(tool: Tool) -> bool:
    """Whether a path ends in the name of several things: GET /plans, and not GET /plans/{id}."""
    last = tool.path.rstrip("/").rpartition("/")[2]
    return tool.method == "GET" and last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _texts(tool: Tool) -> list[str]:
    return [text for text in (tool.summary, tool.description) if text]


def _withholds(text: str) -> bool:
    """Whether a text says that the values of secrets are left out."""
    text = text[:MAX_TEXT].lower()
    return any(
        phrase in text
        for phrase in ("without reveal", "without expos", "without the value", "without value", "without return", "names only", "only the name",
                       "metadata only", "only metadata", "not include the value", "never return", "not return", "masked", "redacted", "values are not")
    )  # fmt: skip
