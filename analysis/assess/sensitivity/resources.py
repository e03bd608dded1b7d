"""What a name, a path or a text is about: the resource, by the end of its name, or a figure about one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.assess.objects import before_relation
from analysis.assess.sensitivity.confidential_lists import confidential_lists
from analysis.words import path_segments, singular, split_words

if TYPE_CHECKING:
    from analysis.assess.sensitivity.confidential_lists import ContentKind
    from analysis.assess.vocabulary import Vocabulary

_PARTS: Final = re.compile(r"[/.:]")
_WORD: Final = re.compile(r"[a-z0-9][a-z0-9'_-]*|[,;()]")
SENTENCE_END: Final = re.compile(r"[.!?](?:\s|$)|\n")
#: Characters of a text that are read, and sentences of them.
MAX_TEXT, MAX_SENTENCES = 400, 2
#: Words of a sentence before its verb: `This tool returns`.
_MAX_LEAD: Final = 4
#: Words of the longest name of a resource.
_MAX_WORDS: Final = 4
#: Verbs of texts that hand something out.
_HANDS_OUT: Final = frozenset({
    "get", "list", "retrieve", "return", "fetch", "read", "show", "search", "find", "download", "export", "dump", "lookup", "query", "browse",
    "describe", "view", "display", "filter", "grep", "tail", "inspect", "explore", "obtain", "report", "enumerate", "print", "capture", "take", "access", "load", "pull", "recall", "see", "provide", "output", "open",
})  # fmt: skip
#: Verbs of names that work on what the caller sends, and keep nothing.
_COMPUTES: Final = frozenset({
    "render", "convert", "format", "parse", "encode", "decode", "translate", "transform", "calculate", "compute", "normalize", "tokenize", "classify",
    "rewrite",
})  # fmt: skip
#: Words of a figure about a thing, at the beginning of a name: `countMessages`.
_FIGURES: Final = frozenset({"count", "check", "validate", "verify", "estimate", "has", "is", "exists"})
_STOPS: Final = frozenset({
    ",", ";", "(", ")", "that", "which", "who", "and", "or", "when", "where", "if", "so", "based", "matching", "within", "belonging",
    "associated", "containing", "including", "available", "visible", "ordered", "sorted",
    "sent", "left", "written", "posted", "reported", "submitted", "received", "given", "made",
})  # fmt: skip
_ARTICLES: Final = (["the"], ["a"], ["an"])
#: Things without a plural: the codes of a list are no source code.
_MASS: Final = frozenset({"code", "source"})
#: What shows another thing: `Photo of an identity card`.
_PICTURES: Final = frozenset({"photo", "picture", "image", "scan", "copy", "video"})
#: Things of which a description is the shape, not the content.
_SHAPED: Final = frozenset({"object", "table", "entity", "collection", "dataset", "index", "model"})
#: Words before what is looked for: `Search for code`.
_SOUGHT: Final = (["for"], ["through"], ["across"], ["in"])
#: Words before what has a part, and before the form of a thing: `the record of an agent`, `the settings as a kubeconfig`.
_OWNED: Final = frozenset({"of", "for", "as"})
#: A segment of a path that means the caller, as an id would.
_ONESELF: Final = re.compile(r"/(?:@?me|self|my|current)(?=/|$)", re.IGNORECASE)
DEMONSTRATION: Final = re.compile(r"(?:demonstrat|demo\b|example\b|sample\b)")

_MORE_BEFORE: Final = re.compile(
    r"\b(?:includ\w+|with|contain\w*|returns?|shows?|expos\w+|reveal\w*|dumps?|lists?|prints?|gets?|reads?|fetch\w*|retriev\w+|exports?|exchang\w+|obtain\w*|issues?|generat\w+)\b[^;]{0,70}$"
)
_MORE_AFTER: Final = re.compile(
    r"^ (?:(?:and|or) [\w ]{1,20} )?(?:included|in clear|in plain|as well|among (?:them|it))"
)


class Resource(NamedTuple):
    """What a name, a path or a text is about: its kind, the words that show it, and whether it is several things."""

    kind: ContentKind | None
    matched: str
    plural: bool
    less: bool = False  # a figure about a thing, or public


UNKNOWN: Final = Resource(None, "", plural=False)
LESS: Final = Resource(None, "", plural=False, less=True)


class ResourceReader:
    """Reader of resources by one vocabulary. Caches names, paths, texts and phrases, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = confidential_lists()
        self._verbs = vocabulary.verbs
        self._relations = vocabulary.lists["relations"]
        self._nouns = vocabulary.lists["nouns-when-last"]
        self._names: dict[str, Resource] = {}
        self._general: dict[str, bool] = {}
        self._paths: dict[str, Resource] = {}
        self._texts: dict[str, Resource] = {}
        self._mentions: dict[str, tuple[str, str, str]] = {"": ("", "", "")}
        self._phrases: dict[tuple[str, ...], Resource] = {}

    def of_name(self, name: str) -> Resource:
        """Return the resource of a name; in `channels.history`, that of the last part that is not a mere form."""
        found = self._names.get(name)
        if found is None:
            found = UNKNOWN
            for part in reversed([part for part in _PARTS.split(name) if part]):
                words = split_words(part)
                phrase, figure = self._object(words)
                figure = figure or ("describe" in words and singular(words[-1]) in _SHAPED)  # its shape only
                found = LESS if figure else self._resource(phrase)
                if found is not UNKNOWN or not self._only_neutral(phrase):
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
        if reads and reads[-1] == end - 1 > start:
            end -= 1  # `pod_logs_grep`
        figure = bool(words) and words[0] in _FIGURES | _COMPUTES
        phrase = before_relation(words[:end], self._relations, start)
        cut = start + len(phrase)
        if cut < end and words[cut] == "of" and self._only_neutral(phrase):
            phrase = words[cut + 1 :]
        return phrase, figure

    def is_general(self, name: str) -> bool:
        """Whether the object of a name is any thing at all, such as `resource` or `custom object`."""
        found = self._general.get(name)
        if found is None:
            phrase, figure = self._object(split_words(name))
            general = self._lists.general
            bare = self._only_neutral(phrase) or (len(phrase) == 1 and phrase[0] in self._verbs)
            told = "describe" not in split_words(name)  # a schema, not content
            found = self._general[name] = told and not figure and (bare or singular(phrase[-1]) in general)
        return found

    def of_path(self, path: str) -> Resource:
        """Return the resource of the last fixed segment, or of the one before where the last is a form of it."""
        found = self._paths.get(path)
        if found is None:
            found = self._paths[path] = self._read_path(path)
        return found

    def _read_path(self, path: str) -> Resource:
        segments = path_segments(_ONESELF.sub("/{me}", path))
        path = _ONESELF.sub("/{me}", path)
        for at in range(len(segments) - 1, max(-1, len(segments) - 4), -1):
            words = split_words(segments[at].partition("(")[0].partition(":")[0])
            before = split_words(segments[at - 1]) if at and f"{segments[at - 1]}/{segments[at]}" in path else ()
            if len(words) == 1 and words[0] in self._lists.public:
                continue
            found = self._resource((*before, *words)) if before else self._resource(words)
            if found.kind is not None and found.matched in " ".join(map(singular, before)):
                found = UNKNOWN
            if found is not UNKNOWN:
                return found._replace(plural=found.plural and f"/{segments[at]}/{{" not in path)
            if not before and not self._only_neutral(words):
                return UNKNOWN
        return UNKNOWN

    def of_text(self, text: str) -> Resource:
        """Return the resource of the first sentence of a text."""
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = self._read_text(text[:MAX_TEXT].lower())
        return found

    def of_title(self, text: str) -> Resource:
        """Return the resource of a text that begins with it: `Letters from the office`, `Photo of an identity card`."""
        return self._read_text(text[:MAX_TEXT].lower(), titled=True)

    def _read_text(self, text: str, *, titled: bool = False) -> Resource:
        """Return the object of the first sentence: `Returns the memory of a process` -> memory of a process."""
        if DEMONSTRATION.match(text):
            return LESS
        end = SENTENCE_END.search(text)
        words = _WORD.findall(text, 0, end.start() if end else len(text))
        verb = -1 if titled else next((at for at, word in enumerate(words[:_MAX_LEAD]) if self._reads(word)), None)
        if verb is None or (titled and self._begins_with_verb(words)):
            return UNKNOWN
        rest = words[verb + 2 :] if words[verb + 1 : verb + 2] in _SOUGHT else words[verb + 1 :]
        cut = next((at for at, word in enumerate(rest) if word in self._relations or word in _STOPS), len(rest))
        phrase = _spread(rest[:cut])
        form = self._form(rest)
        if form is not None:
            return form
        if cut < len(rest) and rest[cut] in _OWNED:
            behind = rest[cut + 1 :]
            stop = next((at for at, w in enumerate(behind) if w in self._relations or w in _STOPS), len(behind))
            owner = _spread(behind[:stop])
            if rest[cut] == "as":
                return self._resource(phrase)
            if self._only_neutral(phrase) or (titled and phrase[-1:] and phrase[-1] in _PICTURES):
                return self._resource(owner)
            if phrase[-1:] == ("memory",) and "process" in owner:
                return self._resource(("process", "memory"))
        return self._resource(phrase)

    def _form(self, words: list[str]) -> Resource | None:
        """Return the form of what is handed out, where that is a secret: `the settings of a cluster as a kubeconfig file`."""
        if "as" not in words:
            return None
        behind = words[words.index("as") + 1 :]
        stop = next((at for at, word in enumerate(behind) if word in self._relations or word in _STOPS), len(behind))
        named = _spread(behind[:stop])
        found = (self._resource(phrase) for phrase in (named, named[:-1]))
        return next((each for each in found if each.kind is not None and each.kind.data), None)

    def _begins_with_verb(self, words: list[str]) -> bool:
        """Whether the first word of a text is a verb: `Scans`, and `Letters` only before an article."""
        word = words[0] if words else ""
        stems = (word, word.removesuffix("s"), word.removesuffix("es"))
        known = [stem for stem in stems if stem in self._verbs]
        return any(stem not in self._nouns for stem in known) or (bool(known) and words[1:2] in _ARTICLES)

    def _reads(self, word: str) -> bool:
        """Whether a word of a text hands something out: `returns`, not `renders`, which works on what the caller sends."""
        return word in _HANDS_OUT or word.removesuffix("s") in _HANDS_OUT or word.removesuffix("es") in _HANDS_OUT

    def mentioned(self, text: str) -> tuple[str, str, str]:
        """Return the secrets, logs or their like, and data of people that a text says are returned with its object."""
        found = self._mentions.get(text)
        if found is None:
            head = text[:MAX_TEXT].lower()
            sentences = SENTENCE_END.split(head)[:MAX_SENTENCES] if self._needed(head) else []
            lists = self._lists
            secrets, logs, people = (
                self._said(sentences, words) for words in (lists.mentioned, lists.included, lists.personal)
            )
            found = self._mentions[text] = (secrets, logs, people)
        return found

    def _needed(self, text: str) -> bool:
        """Whether a text may mention secrets or logs: a fast check before the search for whole words."""
        for needle in self._lists.needles:  # noqa: SIM110 - a generator is slower
            if needle in text:
                return True
        return False

    def _said(self, sentences: list[str], words: re.Pattern[str]) -> str:
        for sentence in sentences:
            hit = words.search(sentence)
            told = words is self._lists.personal or (hit and _tells_more(sentence, hit.start(), hit.end()))
            if hit and told and not self._lists.quiet.search(sentence):
                return hit.group()
        return ""

    def _only_neutral(self, words: tuple[str, ...]) -> bool:
        return all(word in self._lists.neutral or word in self._relations for word in words)

    def _resource(self, words: tuple[str, ...]) -> Resource:
        found = self._phrases.get(words)
        if found is None:
            found = self._phrases[words] = self._look_up(words)
        return found

    def _look_up(self, words: tuple[str, ...]) -> Resource:
        """Return the resource that the end of a phrase names; forms such as `pdf` and `details` are stripped."""
        lists, end = self._lists, len(words)
        if not lists.public.isdisjoint(words):
            return LESS
        start = 0
        while start < end and words[start] in lists.neutral and singular(words[start]) not in lists.end_words:
            start += 1
        while end > start:
            last = words[end - 1]
            single = singular(last)
            if single in lists.end_words or last in lists.end_words:
                for length in range(min(_MAX_WORDS, end), 0, -1):
                    before = words[end - length : end - 1]
                    name = " ".join((*before, single))
                    if name in lists.ordinary:
                        return LESS
                    kind = lists.ends.get(name) or lists.ends.get(" ".join((*before, last)))
                    alone = length == end - start and not (last != single and single in _MASS)
                    kind = kind or (lists.whole.get(name) if alone else None)
                    if kind is not None:
                        return Resource(kind, name, plural=last != single)
            if last in lists.less:
                return LESS
            if last not in lists.neutral:
                return UNKNOWN
            end -= 1
        return UNKNOWN


def _spread(words: list[str]) -> tuple[str, ...]:
    """Return words with those of a hyphen or an underscore apart."""
    return tuple(part for word in words for part in word.replace("'s", "").replace("-", "_").split("_") if part)


def _tells_more(sentence: str, start: int, end: int) -> bool:
    """Whether the words around a mention say that it is returned."""
    return bool(
        _MORE_AFTER.match(sentence[end : end + 60]) or _MORE_BEFORE.search(sentence[max(0, start - 100) : start])
    )
