"""Words of orders as bits: the vocabulary of `acts.yaml`, and what a token shows by its shape alone.

A token is a run without blanks. Each has a set of classes, as bits of one integer: what it means (`MUST`, `SEND`), what
form a verb has, and what it looks like (an address, a path, the name of a tool, a shell operator).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from importlib import resources
from operator import or_
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Classes that come from the shape of a token or its place, not from a list.
SHAPES: Final = (
    "BASE", "PAST", "THIRD", "GERUND", "IMPERATIVE", "STARTS", "ENDS_CLAUSE", "ENDS_SENTENCE", "CAPITALS", "COLON", "QUOTE",
    "TOOL_NAME", "NAME", "ADDRESS", "PATH", "SECRET_PATH", "PROGRAM", "OPERATOR", "OPTION", "DANGER", "NUMBER", "CODE", "BE", "TO", "LEAD",
    "OPENS", "OWN", "SHELL", "LABEL", "YOU", "ADDRESSED", "DESTINATION", "SELF", "CLOSES", "OTHER_TOOL", "FILE_NAME", "PHRASE", "TOWARDS_TOOL", "PARTICIPLE",
    "KIN", "MAILBOX", "CHAIN", "ACTING", "OTHERS", "DEAD_TOOL", "CODE_SPAN", "JOINED", "ID_NAME",
)  # fmt: skip
_MAX_TOKEN: Final = 120
#: Distance from the bit of an act to the bit of that act in a form that can be an order.
ORDERABLE: Final = 128
_SECRET_PATH: Final = re.compile(
    r"(?:^|[/~\\])\.(?:ssh|env|aws|bash|zsh|netrc|npmrc|pypirc|kube|git/|git-credentials|docker|gnupg|config/|cursor|profile|\w+_history)|"
    r"id_(?:rsa|ed25519|dsa)|/etc/(?:passwd|shadow|hosts|sudoers)|authorized_keys|known_hosts|\.pem$|mcp\.json|mcp_config|"
    r"claude_desktop_config|^/root/|^/proc/|"
    r"^(?:~|/(?:home|root|etc|users|var)\b|\.).{0,60}(?:credential|secret|password|wallet|keychain|private)"
)
_PATH: Final = re.compile(
    r"(?:~|\.{1,2})/[\w.~*-]*|/(?:etc|home|users|usr|var|tmp|opt|root|srv|proc|mnt|private|library|appdata|documents|downloads|desktop)\b|"
    r"[a-z]:\\|\.(?:env|bashrc|zshrc|netrc|npmrc|gitconfig|ssh)\b|[\w-]+\.(?:env|pem|key|kdbx|sqlite|db)$"
)
_HOST: Final = re.compile(
    r"(?:[a-z0-9_-]+\.)+([a-z]{2,12})(?::\d+)?(?:/.*)?$|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/.*)?$"
)
_FILE_NAME: Final = re.compile(
    r"\.(?:py|js|ts|tsx|md|json|jsonl|txt|csv|ya?ml|toml|pdf|png|jpe?g|gif|svg|sh|html?|xml|docx?|xlsx?|ini|cfg|conf|log|sql|go|rs|java|rb|php|"
    r"css|zip|gz|tar|lock|env|ipynb|ps1|bat|exe|dll|map|id|name|get|list|create|delete|update|value|values|type|items)$"
)
_PLAIN_FILE: Final = re.compile(r"[\w/~-]{1,60}\.(?:txt|log|json|csv|lock|md|sh|env|ya?ml|ini|conf|cfg|db|bak|py)")
_PROTOCOLS: Final = ("http://", "https://", "ftp://", "ws://", "wss://", "sftp://", "ssh://", "mailto:")
_COMPOUND: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+")
#: A mail address, a bucket, or an address by number that is not of this machine.
_MAILBOX: Final = re.compile(
    r"(?:mailto:)?(?!user|name|you|me@|some|john|jane|foo|e?mail@|test)[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+$|"
    r"(?:s3|gs|sftp|ftp)://(?!\S{0,40}(?:bucket|example|my-|your|<|path))|"
    r"(?:\w{2,5}://)?(?!127\.|0\.0\.|10\.|192\.168\.|169\.254\.|255\.)\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/\S*)?$"
)
_TAGGED: Final = re.compile(r"^(?:mcp_|functions?[._])")
_WORD_CHARACTERS: Final = "`'\"“”‘’«»„()[]{}<>.,;:!?*…、。，！？"
_BEFORE_WORD: Final = _WORD_CHARACTERS.replace(".", "")
#: Pronouns joined to an order: "envialos", "inviala".
_ENCLITIC: Final = re.compile(r"(?<=\w{4})(?:l[aeio]s?|se|ne)$")
_ELISION: Final = re.compile(r"^(?:[ldnmstcj]|qu)'(?=\w{2})")
_SENTENCE_ENDS: Final = frozenset(".!?。！？")
_CLAUSE_ENDS: Final = frozenset(",;:)—、，")
_DASHES: Final = frozenset(("-", "–", "—", "*", "•", "->", "→"))
_OPENING: Final = frozenset("('\"“‘`")
_QUOTES: Final = frozenset("'\"“‘")
_CLOSING: Final = frozenset("'\"”’")
_BRACES: Final = frozenset("<{")


#: A phrase by two of its words: the place of the first of them in it, the place of its anchor, its words, its bits.
Phrase = tuple[int, int, tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class ActWords:
    """The vocabulary: word -> bits, phrases by their longest word, parts of unspaced scripts, and the masks of groups of classes."""

    bit: Mapping[str, int]
    words: Mapping[str, int]
    phrases: Mapping[tuple[str, str], tuple[Phrase, ...]]  # anchor and the word before it, or after it if it is the first
    anchored: Mapping[str, int]  # anchor -> bits of all its phrases
    beside_anchors: Mapping[str, int]  # word that some phrases have beside their anchor, as in `phrases` -> their bits
    pairs: Mapping[tuple[str, str], int]  # the runs of letters where an anchor and the word beside it meet -> bits of phrases
    parts: tuple[tuple[str, int], ...]
    lists: Mapping[str, frozenset[str]]
    acts: int  # all acts
    orderable: int  # forms of a verb that can be an order

    def mask(self, classes: Iterable[str]) -> int:
        """Return the bits of classes."""
        found = 0
        for name in classes:
            found |= self.bit[name]
        return found


@cache
def act_words() -> ActWords:
    """Return the vocabulary, loaded on first use."""
    loaded = load_table("acts.yaml")
    names = [*loaded["verbs"], *(name for name in loaded["words"] if name not in loaded["verbs"]), *SHAPES]
    bit = {name: 1 << at for at, name in enumerate(dict.fromkeys(names))}
    lists = {name: frozenset(listed) for name, listed in loaded["lists"].items()}
    words: dict[str, int] = {}
    phrases: dict[str, list[tuple[int, tuple[str, ...], int]]] = {}
    for word, bits in _single(loaded, bit):
        words[word] = words.get(word, 0) | bits
    for name, entry in ((name, str(entry)) for name, listed in loaded["words"].items() for entry in listed):
        whole = tuple(entry.split())
        if len(whole) > 1:
            anchor = max(range(len(whole)), key=lambda at: (whole[at] not in lists["common"], len(whole[at])))
            phrases.setdefault(whole[anchor], []).append((anchor, whole, bit[name]))
        else:
            words[entry] = words.get(entry, 0) | bit[name]
    beside_anchors: dict[str, int] = {}
    pairs: dict[tuple[str, str], int] = {}
    by_pair: dict[tuple[str, str], list[Phrase]] = {}
    for place, whole, bits in (phrase for listed in phrases.values() for phrase in listed):
        first = max(0, place - 1)
        before, after = whole[first : first + 2]
        by_pair.setdefault((before, after), []).append((first, place, whole, bits))
        other = after if first == place else before
        beside_anchors[other] = beside_anchors.get(other, 0) | bits
        joint = _joint(before, after)
        pairs[joint] = pairs.get(joint, 0) | bits
    anchored = {word: reduce(or_, (bits for _, _, bits in listed)) for word, listed in phrases.items()}
    for word in phrases:
        words[word] = words.get(word, 0) | bit["PHRASE"]
    return ActWords(
        bit=bit,
        words=words,
        phrases={pair: tuple(listed) for pair, listed in by_pair.items()},
        anchored=anchored,
        beside_anchors=beside_anchors,
        pairs=pairs,
        parts=tuple((part, bit[name]) for name, listed in loaded["parts"].items() for part in listed),
        lists=lists,
        acts=reduce(or_, (bit[act] for act in loaded["verbs"])),
        orderable=bit["BASE"] | bit["PAST"] | bit["IMPERATIVE"],
    )


def _joint(before: str, after: str) -> tuple[str, str]:
    """Return the last run of letters and digits of a word, and the first one of the next."""
    return re.findall(r"[a-z0-9]+", before)[-1], re.findall(r"[a-z0-9]+", after)[0]


def _single(loaded: dict[str, Any], bit: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield the forms of verbs, and the words that have a class for their grammar, with their bits."""
    for act, verbs in loaded["verbs"].items():
        for verb in verbs:
            yield from ((form, bit[act] | bit[shape]) for form, shape in _forms(verb))
    for section, shape in (("orders", "IMPERATIVE"), ("participles", "PAST")):
        for act, forms in loaded[section].items():
            yield from ((form, bit[act] | bit[shape]) for form in forms)
    for forms in loaded["participles"].values():
        yield from ((form, bit["PARTICIPLE"]) for form in forms)
    for name, shape in (("be", "BE"), ("leads", "LEAD"), ("you", "YOU")):
        yield from ((word, bit[shape]) for word in loaded["lists"][name])


def load_table(name: str) -> dict[str, Any]:
    """Return a YAML table of this folder as plain data."""
    import yaml  # noqa: PLC0415 - most runs of the program need none

    text = resources.files("analysis.rules.detect").joinpath(name).read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, in C where available
    return loaded


def _forms(entry: str) -> Iterable[tuple[str, str]]:
    """Yield the forms of an English verb: base, third person, past, gerund; irregular ones follow the base."""
    base, *irregular = entry.split("/")
    stem = base.removesuffix("e")
    yield base, "BASE"
    yield (
        (
            base[:-1] + "ies"
            if base.endswith("y") and base[-2] not in "aeiou"
            else base + ("es" if base.endswith(("s", "x", "ch", "sh")) else "s")
        ),
        "THIRD",
    )
    yield stem + "ing", "GERUND"
    yield stem + "ed", "PAST"
    for form in irregular:
        yield form, "GERUND" if form.endswith("ing") else "THIRD" if form.endswith("ies") else "PAST"
        if form.endswith("ed") and not form.endswith("ied"):
            yield form[:-2] + "ing", "GERUND"


def plain(word: str) -> str:
    """Return a word in lower case without accents."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize(
        "NFKD", word.replace("ł", "l").replace("Ł", "L").replace("ß", "ss").replace("’", "'")
    )
    return "".join(character for character in folded if not unicodedata.combining(character)).lower()


def token_bits(raw: str, known: ActWords) -> tuple[str, int]:
    """Return the plain word of a token and its bits."""
    raw = raw[:_MAX_TOKEN].partition("](")[0]
    until = raw.rstrip(_WORD_CHARACTERS)
    core = until.lstrip(_BEFORE_WORD)
    if not core:
        bits = _ends("", raw) | (known.bit["OPERATOR"] if raw in known.lists["operators"] else 0)
        return raw, bits | (known.bit["ENDS_CLAUSE"] if raw in _DASHES else 0)
    word, bits = _core_bits(core)
    if len(core) < len(raw):
        bits |= _ends(until[: len(until) - len(core)], raw[len(until) :])
    if raw in _DASHES:
        bits |= known.bit["ENDS_CLAUSE"]
    if "`" in raw or raw[0] in "'\"“‘":
        bits |= known.bit["CODE"]
    return word, bits


@lru_cache(maxsize=65_536)
def _core_bits(core: str) -> tuple[str, int]:
    """Return the plain word and the bits of a token without the marks around it."""
    known = act_words()
    return _letter_bits(core, known) if core.isalpha() and core.isascii() else _mixed_bits(core, known)


def _letter_bits(core: str, known: ActWords) -> tuple[str, int]:
    """Return the plain word and the bits of a token of ASCII letters alone."""
    word = core.lower()
    found = known.words.get(word)
    if found is None:
        found = 0
        if word[-1] in "aeios":
            stem = _ENCLITIC.sub("", word)
            if stem is not word and known.words.get(stem, 0) & known.bit["IMPERATIVE"]:
                word = stem
                found = known.words[stem]
    bits = found
    if found & known.orderable:
        bits |= (found & known.acts) << ORDERABLE
    if word in known.lists["programs"]:
        bits |= known.bit["PROGRAM"]
    if word in known.lists["dangerous"]:
        bits |= known.bit["DANGER"]
    if not core.islower():
        if core.isupper():
            if len(core) > 2:
                bits |= known.bit["CAPITALS"]
        elif not core.istitle():
            bits |= _name(core, known)
    return word, bits


def _mixed_bits(core: str, known: ActWords) -> tuple[str, int]:
    """Return the plain word and the bits of any other token without the marks around it."""
    bit, bits = known.bit, 0
    word = plain(core)
    if word not in known.words:
        word = _ELISION.sub("", word) if "'" in word else word
        stem = _ENCLITIC.sub("", word) if word[-1:] in "aeios" else word
        if known.words.get(stem, 0) & bit["IMPERATIVE"]:
            word = stem
    found = known.words.get(word, 0)
    if not found and word.endswith("'s"):
        found = known.words.get(word[:-2], 0) & ~bit["PHRASE"]
    bits |= found | _shape(core, word, known)
    if found & known.orderable:
        bits |= (found & known.acts) << ORDERABLE
    if "_" in word or "-" in word:
        bits |= bit["JOINED"]
        if word.endswith(("_id", "_ids")):
            bits |= bit["IDENTIFIER"] | bit["ID_NAME"]
    if core.isupper() and len(core) > 2:
        bits |= bit["CAPITALS"]
    return word, bits


@lru_cache(maxsize=4_096)
def _ends(head: str, tail: str) -> int:
    """Return what the marks around a word say: where a sentence or a clause ends, and what is quoted."""
    bit, bits = act_words().bit, 0
    if not _SENTENCE_ENDS.isdisjoint(tail):
        bits |= bit["ENDS_SENTENCE"]
    if not _CLAUSE_ENDS.isdisjoint(tail):
        bits |= bit["ENDS_CLAUSE"]
    if ":" in tail:
        bits |= bit["COLON"]
    closes = not _CLOSING.isdisjoint(tail)
    if not _OPENING.isdisjoint(head):
        bits |= bit["OPENS"]
    if not closes and not _QUOTES.isdisjoint(head):
        bits |= bit["QUOTE"]
    return bits | bit["CLOSES"] if closes else bits


def _shape(core: str, word: str, known: ActWords) -> int:
    bit = known.bit
    bits = 0
    if word in known.lists["programs"]:
        bits |= bit["PROGRAM"]
    if word in known.lists["dangerous"]:
        bits |= bit["DANGER"]
    if (core[0] == "-" and len(core) > 1 and core[1].isalpha()) or core.startswith("--"):
        bits |= bit["OPTION"]
    elif core[0] == "$":
        bits |= bit["OPERATOR"]
    if core.isalpha():
        return bits | (_name(core, known) if not (core.islower() or core.isupper() or core.istitle()) else 0)
    if "." in word or "/" in word or "\\" in word or "@" in word:
        bits |= _place(core, word, known)
    if word.startswith("id_") and not bits & bit["PATH"] and "." not in word and _SECRET_PATH.search(word):
        bits |= bit["SECRET_PATH"]
    if core[0].isdigit():
        bits |= bit["NUMBER"]
    return bits | _name(core, known)


def _place(core: str, word: str, known: ActWords) -> int:
    """Return whether a token with a dot, slash or at sign is an address, a path or the name of a file."""
    bit = known.bit
    bits = 0
    marked = not _BRACES.isdisjoint(core)
    if "." in word and not marked and _MAILBOX.match(word):
        bits |= bit["MAILBOX"]
    if word.startswith(_PROTOCOLS) or ("@" in word[1:-1] and "." in word.rpartition("@")[2]):
        bits |= 0 if marked or core.endswith("://") else bit["ADDRESS"]
    elif (host := _HOST.match(word)) and (host[1] is None or host[1] in known.lists["domains"]):
        bits |= bit["ADDRESS"]
    elif _PATH.match(word) and ":" not in word[2:] and "{" not in word:
        bits |= bit["PATH"]
    if bits & bit["ADDRESS"]:
        return bits
    if (bits & bit["PATH"] or "." in word) and not word.endswith(".pub") and _SECRET_PATH.search(word):
        bits |= bit["SECRET_PATH"]
    if "." in word and _FILE_NAME.search(word) and _PLAIN_FILE.fullmatch(word):
        bits |= bit["FILE_NAME"]
    return bits


def _name(core: str, known: ActWords) -> int:
    """Return whether a token is the name of a tool or of something else: names of tools begin with a verb."""
    name, called, _ = core.partition("(")
    if not _COMPOUND.fullmatch(name):
        return 0
    parts = [part.lower() for part in re.findall(r"[A-Z]?[a-z0-9]+", name)]
    if called or _TAGGED.match(name):
        return known.bit["TOOL_NAME"]
    acts = bool(known.words.get(parts[0], 0) & known.bit["BASE"]) or parts[0] in known.lists["name_verbs"]
    is_tool = acts and parts[-1] not in known.lists["argument_ends"]
    return known.bit["NAME"] | (known.bit["TOOL_NAME"] if is_tool else 0)
