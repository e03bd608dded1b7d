"""Confidential content that a call returns, by the resource it is about: messages, files, logs, secrets, money, people.

A resource is the object of a name (`listAuditLogs`), the last fixed segment of a path (`/users/{id}/messages`) or the
object of a text (`Returns the cookies of a page`). A count, a status or a name of it is less than the thing itself, and one
ordinary record of one person is ordinary, while a list of people is not. The fields of a response are evidence as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from analysis.model import Confidentiality, ConfidentialContent, DataHit
from analysis.words import path_segments, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Tool

_PARTS: Final = re.compile(r"[/.:]")
_WORD: Final = re.compile(r"[a-z0-9][a-z0-9'_-]*|[,;()]")
_SENTENCE: Final = re.compile(r"[.!?](?:\s|$)|\n")
#: Characters of a text that are read, and sentences of them.
_MAX_TEXT, _MAX_SENTENCES = 400, 2
#: Words of a sentence before its verb: `This tool returns`.
_MAX_LEAD: Final = 4
#: Words of the longest name of a resource.
_MAX_WORDS: Final = 4
#: Words of a figure about a thing, at the beginning of a name: `countMessages`.
_FIGURES: Final = frozenset({"count", "check", "validate", "verify", "estimate", "has", "is", "exists"})
_STOPS: Final = frozenset({
    ",", ";", "(", ")", "that", "which", "who", "and", "or", "when", "where", "if", "so", "based", "matching", "within", "belonging",
    "associated", "containing", "including", "available", "visible", "ordered", "sorted",
})  # fmt: skip
#: Data classes of a response and their levels. Personal data of one person is ordinary, of many is confidential.
DATA_LEVELS: Final = {
    "financial": Confidentiality.CONFIDENTIAL,
    "card": Confidentiality.RESTRICTED,
    "secret": Confidentiality.RESTRICTED,
    "health": Confidentiality.RESTRICTED,
}
_PERSONAL: Final = "personal"


class _Kind(NamedTuple):
    """A kind of confidential content, as a word of the lists shows it."""

    name: str
    level: Confidentiality
    data: str
    many: bool  # only where a call returns several


@dataclass(frozen=True, slots=True)
class ConfidentialLists:
    """The word lists of `confidential.yaml`: endings and whole names of resources, and words beside them."""

    ends: Mapping[str, _Kind]
    whole: Mapping[str, _Kind]
    end_words: frozenset[str]
    neutral: frozenset[str]
    less: frozenset[str]
    public: frozenset[str]
    mentioned: re.Pattern[str]
    quiet: re.Pattern[str]
    secrets: _Kind


@cache
def confidential_lists() -> ConfidentialLists:
    """Return the built-in word lists."""
    import yaml  # noqa: PLC0415 - needed only by imports and inspections

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = resources.files("analysis.assess.sensitivity").joinpath("confidential.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, in C where available
    ends: dict[str, _Kind] = {}
    whole: dict[str, _Kind] = {}
    for name, entry in loaded["kinds"].items():
        kind = _Kind(name, Confidentiality(entry["level"]), entry.get("data", ""), many=False)
        ends |= dict.fromkeys(entry.get("many", ()), kind._replace(many=True)) | dict.fromkeys(entry["ends"], kind)
        whole |= dict.fromkeys(entry.get("whole", ()), kind)
    words = {part: frozenset(loaded[part]["words"]) for part in ("neutral", "less", "public", "mentioned", "quiet")}
    return ConfidentialLists(
        ends=ends,
        whole=whole,
        end_words=frozenset(end.rpartition(" ")[2] for end in (*ends, *whole)),
        neutral=words["neutral"],
        less=words["less"],
        public=words["public"],
        mentioned=_any_of(words["mentioned"]),
        quiet=_any_of(words["quiet"]),
        secrets=ends["secret"],
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"\b(?:{listed})\b")


class _Resource(NamedTuple):
    """What a name, a path or a text is about: its kind, the words that show it, and whether it is several things."""

    kind: _Kind | None
    matched: str
    plural: bool
    less: bool = False  # a figure about a thing, or public


_UNKNOWN: Final = _Resource(None, "", plural=False)
_LESS: Final = _Resource(None, "", plural=False, less=True)


class ConfidentialityClassifier:
    """Classifier of confidential content by one vocabulary. Caches names, paths and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = confidential_lists()
        self._verbs = vocabulary.verbs
        self._relations = vocabulary.lists["relations"]
        self._nouns = vocabulary.lists["nouns-when-last"]
        self._issuing = vocabulary.lists["issuing-verbs"] | {"create", "issue", "rotate", "refresh", "exchange", "regenerate", "mint", "roll", "post"}
        self._names: dict[str, _Resource] = {}
        self._paths: dict[str, _Resource] = {}
        self._texts: dict[str, _Resource] = {}
        self._mentions: dict[str, str] = {"": ""}
        self._phrases: dict[tuple[str, ...], _Resource] = {}

    def of_tool(
        self, tool: Tool, effect: EffectVerdict, data: tuple[DataHit, ...], *, lists: bool
    ) -> tuple[ConfidentialContent, ...]:
        """Return what a call returns that is confidential, by resource where it may read, and by field."""
        found = list(_of_fields(data, lists=lists))
        if effect.reads or effect.unclear:
            found += self._of_resources(tool, lists=lists)
        elif effect.word in self._issuing or (tool.method == "POST" and not effect.word):
            found += self._issued(tool)
        return tuple(found)

    def _of_resources(self, tool: Tool, *, lists: bool) -> Iterator[ConfidentialContent]:
        name = self._of_name(tool.operation_id or ("" if tool.path else tool.name))
        path = self._of_path(tool.path) if tool.path else _UNKNOWN
        if name.less or path.less:
            return
        texts = [("text", self._of_text(text)) for text in dict.fromkeys((tool.summary, tool.description)) if text]
        if any(text.less for _, text in texts):
            if _DEMONSTRATION.match((tool.description or tool.summary).lower()):
                return
            texts = []
        seen: set[str] = set()
        for where, resource in (("name", name), ("path", path), *texts):
            kind = resource.kind
            if kind is None or kind.name in seen or (kind.many and not (lists or resource.plural)):
                continue
            seen.add(kind.name)
            yield ConfidentialContent(kind.name, self._level(kind, tool), where, resource.matched)
        mentioned = "" if tool.response_fields else self._mentioned(tool.description or tool.summary)
        if mentioned and self._lists.secrets.name not in seen:
            yield ConfidentialContent(self._lists.secrets.name, Confidentiality.RESTRICTED, "text", mentioned)

    def _issued(self, tool: Tool) -> Iterator[ConfidentialContent]:
        """Yield the credential that a call makes and hands out: `createAccessToken`."""
        name = self._of_name(tool.operation_id or ("" if tool.path else tool.name))
        path = self._of_path(tool.path) if tool.path else _UNKNOWN
        for where, resource in (("name", name), ("path", path)):
            if resource.kind is self._lists.secrets and not (where == "path" and tool.path.endswith("}")):
                yield ConfidentialContent(resource.kind.name, Confidentiality.RESTRICTED, where, resource.matched)
                return

    def _level(self, kind: _Kind, tool: Tool) -> Confidentiality:
        """Return the level of a kind; a list of secrets whose text says that values are left out is not restricted."""
        if kind is self._lists.secrets and any(
            self._lists.quiet.search(text[:_MAX_TEXT].lower()) and _withholds(text) for text in (tool.summary, tool.description)
        ):
            return Confidentiality.CONFIDENTIAL
        return kind.level

    def _of_name(self, name: str) -> _Resource:
        found = self._names.get(name)
        if found is None:
            found = _UNKNOWN
            for part in reversed([part for part in _PARTS.split(name) if part]):
                phrase, figure = self._object(split_words(part))
                found = _LESS if figure else self._resource(phrase)
                if found is not _UNKNOWN or not self._only_neutral(phrase):
                    break
            self._names[name] = found
        return found

    def _object(self, words: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
        """Return the object of a name, without its verbs and what follows a preposition, and whether it is a figure."""
        start, end = 0, len(words)
        reads = [at for at, word in enumerate(words) if self._verbs.get(word) == "read" and word not in self._nouns]
        if reads and reads[-1] < end - 1:
            start = reads[-1] + 1
        elif end > 1 and words[0] in self._verbs and words[0] not in self._nouns:
            start = 1
        figure = bool(words) and words[0] in _FIGURES
        cut = next((at for at in range(start + 1, end) if words[at] in self._relations), end)
        phrase = words[start:cut]
        if cut < end and words[cut] == "of" and self._only_neutral(phrase):
            phrase = words[cut + 1 :]
        return phrase, figure

    def _of_path(self, path: str) -> _Resource:
        """Return the resource of the last fixed segment, or of the one before where the last is a form of it."""
        found = self._paths.get(path)
        if found is None:
            found = self._paths[path] = self._read_path(path)
        return found

    def _read_path(self, path: str) -> _Resource:
        segments = path_segments(_ONESELF.sub("/{me}", path))
        path = _ONESELF.sub("/{me}", path)
        for at in range(len(segments) - 1, max(-1, len(segments) - 4), -1):
            words = split_words(segments[at].partition("(")[0].partition(":")[0])
            before = split_words(segments[at - 1]) if at and f"{segments[at - 1]}/{segments[at]}" in path else ()
            if len(words) == 1 and words[0] in self._lists.public:
                continue
            found = self._resource((*before, *words)) if before else self._resource(words)
            if found.kind is not None and found.matched in " ".join(map(_singular, before)):
                found = _UNKNOWN
            if found is not _UNKNOWN:
                return found._replace(plural=found.plural and f"/{segments[at]}/{{" not in path)
            if not before and not self._only_neutral(words):
                return _UNKNOWN
        return _UNKNOWN

    def _of_text(self, text: str) -> _Resource:
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = self._read_text(text[:_MAX_TEXT].lower())
        return found

    def _read_text(self, text: str) -> _Resource:
        """Return the object of the first sentence: `Returns the memory of a process` -> memory of a process."""
        if _DEMONSTRATION.match(text):
            return _LESS
        end = _SENTENCE.search(text)
        words = _WORD.findall(text, 0, end.start() if end else len(text))
        verb = next((at for at, word in enumerate(words[:_MAX_LEAD]) if self._reads(word)), None)
        if verb is None:
            return _UNKNOWN
        rest = words[verb + 1 :]
        cut = next((at for at, word in enumerate(rest) if word in self._relations or word in _STOPS), len(rest))
        phrase = _spread(rest[:cut])
        if cut < len(rest) and rest[cut] == "of":
            behind = rest[cut + 1 :]
            stop = next((at for at, w in enumerate(behind) if w in self._relations or w in _STOPS), len(behind))
            owner = _spread(behind[:stop])
            if self._only_neutral(phrase):
                return self._resource(owner)
            if phrase[-1:] == ("memory",) and "process" in owner:
                return self._resource(("process", "memory"))
        return self._resource(phrase)

    def _reads(self, word: str) -> bool:
        stem = word.removesuffix("s") if word not in self._verbs else word
        kind = self._verbs.get(stem) or self._verbs.get(word.removesuffix("es"))
        return kind in {"read", "asking"} or stem in {"dump", "export", "download", "take", "capture"}

    def _mentioned(self, text: str) -> str:
        """Return the secrets that a text says are returned beside its object, or an empty string."""
        found = self._mentions.get(text)
        if found is None:
            found = ""
            for sentence in _SENTENCE.split(text[:_MAX_TEXT].lower())[:_MAX_SENTENCES]:
                hit = self._lists.mentioned.search(sentence)
                if hit and not self._lists.quiet.search(sentence) and _tells_more(sentence, hit.start(), hit.end()):
                    found = hit.group()
                    break
            self._mentions[text] = found
        return found

    def _only_neutral(self, words: tuple[str, ...]) -> bool:
        return all(word in self._lists.neutral or word in self._relations for word in words)

    def _resource(self, words: tuple[str, ...]) -> _Resource:
        found = self._phrases.get(words)
        if found is None:
            found = self._phrases[words] = self._look_up(words)
        return found

    def _look_up(self, words: tuple[str, ...]) -> _Resource:
        """Return the resource that the end of a phrase names; forms such as `pdf` and `details` are stripped."""
        lists, end = self._lists, len(words)
        if not lists.public.isdisjoint(words):
            return _LESS
        start = 0
        while start < end and words[start] in lists.neutral:
            start += 1
        while end > start:
            last = words[end - 1]
            single = _singular(last)
            for length in range(min(_MAX_WORDS, end - start), 0, -1):
                name = " ".join((*words[end - length : end - 1], single))
                kind = lists.ends.get(name) or lists.ends.get(" ".join(words[end - length : end]))
                kind = kind or (lists.whole.get(name) if length == end - start else None)
                if kind is not None:
                    return _Resource(kind, name, plural=last != single)
            if last in lists.less:
                return _LESS
            if last not in lists.neutral:
                return _UNKNOWN
            end -= 1
        return _UNKNOWN


def with_shown_data(data: tuple[DataHit, ...], found: tuple[ConfidentialContent, ...]) -> tuple[DataHit, ...]:
    """Return the data with the classes that a resource shows without any field: secrets of `read_secret`."""
    held = {hit.data for hit in data if hit.direction == "response"}
    kinds = {kind.name: kind.data for kind in confidential_lists().ends.values() if kind.data}
    shown = {
        kinds[content.kind]: content.matched
        for content in found
        if content.level is Confidentiality.RESTRICTED and content.where != "response" and kinds.get(content.kind, "") not in held | {""}
    }
    return (*(DataHit(data_class, "response", (matched,)) for data_class, matched in shown.items()), *data)


def _of_fields(data: tuple[DataHit, ...], *, lists: bool) -> Iterator[ConfidentialContent]:
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


def _spread(words: list[str]) -> tuple[str, ...]:
    """Return words with those of a hyphen or an underscore apart."""
    return tuple(part for word in words for part in word.replace("'s", "").replace("-", "_").split("_") if part)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _withholds(text: str) -> bool:
    """Whether a text says that the values of secrets are left out."""
    text = text[:_MAX_TEXT].lower()
    return any(
        phrase in text
        for phrase in ("without reveal", "without expos", "without the value", "without value", "without return", "names only", "only the name",
                       "metadata only", "only metadata", "not include the value", "never return", "not return", "masked", "redacted", "values are not")
    )  # fmt: skip


#: A segment of a path that stands for the caller, as an id would.
_ONESELF: Final = re.compile(r"/(?:@?me|self|my|current)(?=/|$)", re.IGNORECASE)
_DEMONSTRATION: Final = re.compile(r"(?:demonstrat|demo\b|example\b|sample\b)")
_MORE_BEFORE: Final = re.compile(
    r"\b(?:includ\w+|with|contain\w*|returns?|shows?|expos\w+|reveal\w*|dumps?|lists?|prints?|gets?|reads?|fetch\w*|retriev\w+|exports?|exchang\w+|obtain\w*|issues?|generat\w+)\b[^;]{0,70}$"
)
_MORE_AFTER: Final = re.compile(r"^ (?:(?:and|or) [\w ]{1,20} )?(?:included|in clear|in plain|as well|among (?:them|it))")


def _tells_more(sentence: str, start: int, end: int) -> bool:
    """Whether the words around a mention say that it is returned."""
    return bool(_MORE_AFTER.match(sentence[end : end + 60]) or _MORE_BEFORE.search(sentence[max(0, start - 100) : start]))
