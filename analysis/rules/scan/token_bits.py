"""What a token shows by itself: the word it is read as, and its classes by its form, its marks and the vocabulary."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.rules.detect.act_words import ORDERABLE, act_words

if TYPE_CHECKING:
    from analysis.rules.detect.act_words import ActWords

_MAX_TOKEN: Final = 120
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
    if raw.isalpha() and raw.isascii() and len(raw) <= _MAX_TOKEN:
        return _letter_bits(raw, known)
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
