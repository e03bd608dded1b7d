"""Words of orders as bits: the vocabulary of `acts.yaml`, and what a token shows by its shape alone.

A token is a run without blanks. Each has a set of classes, as bits of one integer: what it means (`MUST`, `SEND`), what
form a verb has, and what it looks like (an address, a path, the name of a tool, a shell operator).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Classes that come from the shape of a token or its place, not from a list.
SHAPES: Final = (
    "BASE", "PAST", "THIRD", "GERUND", "IMPERATIVE", "STARTS", "ENDS_CLAUSE", "ENDS_SENTENCE", "CAPITALS", "COLON", "QUOTE",
    "TOOL_NAME", "NAME", "ADDRESS", "PATH", "SECRET_PATH", "PROGRAM", "OPERATOR", "OPTION", "DANGER", "NUMBER", "CODE", "BE", "TO", "LEAD",
    "OPENS", "OWN", "SHELL", "LABEL", "YOU", "ADDRESSED", "DESTINATION", "SELF", "CLOSES", "OTHER_TOOL", "FILE_NAME", "PHRASE",
)  # fmt: skip
_MAX_TOKEN: Final = 120
#: Distance from the bit of an act to the bit of that act in a form that can be an order.
ORDERABLE: Final = 128
_PROGRAMS: Final = frozenset(
    "curl wget sudo rm cat echo chmod chown bash sh zsh python python3 node npx npm pip pip3 git ssh scp nc ncat dd kill pkill systemctl "
    "crontab powershell iex base64 tar openssl docker kubectl printenv whoami uname ls sed awk mkdir touch mv cp ln mount apt apt-get "
    "brew yarn uvx rsync telnet nslookup dig certutil schtasks reg del cmd.exe printf export source service find env id netsh ufw iptables "
    "useradd passwd history tee xargs perl ruby osascript security launchctl make eval".split()
)
_DANGER: Final = frozenset("sudo chmod chown nc ncat dd crontab iex >> authorized_keys base64 rm whoami printenv iptables ufw useradd -rf --force".split())
_OPERATORS: Final = frozenset("&& || | >> > 2>&1 $(".split())
_SECRET_PATH: Final = re.compile(
    r"\.ssh\b|id_(?:rsa|ed25519|dsa)|(?:^|[/~])\.env\b|\.aws\b|/etc/(?:passwd|shadow|hosts|sudoers)|\.(?:bash|zsh)|\.netrc|\.npmrc|\.pypirc|\.kube|"
    r"credential|secret|\.git/|authorized_keys|known_hosts|\.docker|\.pem$|mcp\.json|mcp_config|\.gnupg|_history|\.config/|wallet|keychain|"
    r"claude_desktop_config|\.cursor|/root/|/proc/|password|private|\.git-credentials|\.profile"
)
_PATH: Final = re.compile(r"(?:~|\.{1,2})?/[\w.~*-]+|[a-z]:\\|~/|\.(?:env|bashrc|zshrc|netrc|npmrc|gitconfig|ssh)\b|[\w-]+\.(?:env|pem|key|kdbx|sqlite|db)$")
_HOST: Final = re.compile(r"(?:[a-z0-9_-]+\.)+(?:[a-z]{2,12})(?::\d+)?(?:/.*)?$|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?:/.*)?$")
_FILE_NAME: Final = re.compile(
    r"\.(?:py|js|ts|tsx|md|json|jsonl|txt|csv|ya?ml|toml|pdf|png|jpe?g|gif|svg|sh|html?|xml|docx?|xlsx?|ini|cfg|conf|log|sql|go|rs|java|rb|php|"
    r"css|zip|gz|tar|lock|env|ipynb|ps1|bat|exe|dll|map|id|name|get|list|create|delete|update|value|values|type|items)$"
)
_PLAIN_FILE: Final = re.compile(r"[\w/~-]{1,60}\.(?:txt|log|json|csv|lock|md|sh|env|ya?ml|ini|conf|cfg|db|bak|py)")
_PROTOCOLS: Final = ("http://", "https://", "ftp://", "ws://", "wss://", "sftp://", "ssh://", "mailto:")
_COMPOUND: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z0-9]+)+")
_TAGGED: Final = re.compile(r"^(?:mcp_|functions?[._])")
_WORD_CHARACTERS: Final = "`'\"“”‘’«»„()[]{}<>.,;:!?*…、。，！？"
_BEFORE_WORD: Final = _WORD_CHARACTERS.replace(".", "")
_ARGUMENT_ENDS: Final = frozenset("id ids key keys token url uri code codes name names path date type at by size limit count number text time mode format status flag value".split())
_ELISION: Final = re.compile(r"^(?:[ldnmstcj]|qu)'(?=\w{2})")
_BE: Final = frozenset("be is are was were been being werden wird wurde".split())
_LEADS: Final = frozenset(
    "then and or also next finally you simply just immediately do instead automatically only still now otherwise the therefore so but to "
    "additionally und dann oder et puis y luego e poi en dan i always never please kindly first must silently secretly quietly not don't "
    "should shall yourself directly explicitly again it this well straight we would will step exec".split()
)


@dataclass(frozen=True, slots=True)
class ActWords:
    """The vocabulary: word -> bits, phrases by their longest word, parts of unspaced scripts, and the masks of groups of classes."""

    bit: Mapping[str, int]
    words: Mapping[str, int]
    phrases: Mapping[str, tuple[tuple[int, tuple[str, ...], int], ...]]  # anchor -> (its place, the phrase, bits)
    anchored: Mapping[str, int]  # anchor -> bits of all its phrases
    parts: tuple[tuple[str, int], ...]
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
    loaded = _load("acts.yaml")
    names = [*loaded["verbs"], *(name for name in loaded["words"] if name not in loaded["verbs"]), *SHAPES]
    bit = {name: 1 << at for at, name in enumerate(dict.fromkeys(names))}
    words: dict[str, int] = {}
    phrases: dict[str, list[tuple[int, tuple[str, ...], int]]] = {}
    for act, verbs in loaded["verbs"].items():
        for verb in verbs:
            for form, shape in _forms(verb):
                words[form] = words.get(form, 0) | bit[act] | bit[shape]
    for act, forms in loaded["orders"].items():
        for form in forms:
            words[form] = words.get(form, 0) | bit[act] | bit["IMPERATIVE"]
    for act, forms in loaded["participles"].items():
        for form in forms:
            words[form] = words.get(form, 0) | bit[act] | bit["PAST"]
    for name, listed in loaded["words"].items():
        for entry in listed:
            whole = tuple(str(entry).split())
            anchor = max(range(len(whole)), key=lambda at: len(whole[at]))  # the rarest word, mostly
            if len(whole) > 1:
                phrases.setdefault(whole[anchor], []).append((anchor, whole, bit[name]))
            else:
                words[whole[0]] = words.get(whole[0], 0) | bit[name]
    for word in _BE:
        words[word] = words.get(word, 0) | bit["BE"]
    for word in _LEADS:
        words[word] = words.get(word, 0) | bit["LEAD"]
    words["you"] |= bit["YOU"]
    words["your"] = words.get("your", 0) | bit["YOU"]
    anchored: dict[str, int] = {}
    for anchor_word, listed in phrases.items():
        words[anchor_word] = words.get(anchor_word, 0) | bit["PHRASE"]
        for _, _, bits in listed:
            anchored[anchor_word] = anchored.get(anchor_word, 0) | bits
    parts = tuple((part, bit[name]) for name, listed in loaded["parts"].items() for part in listed)
    acts = 0
    for act in loaded["verbs"]:
        acts |= bit[act]
    return ActWords(bit, words, {word: tuple(found) for word, found in phrases.items()}, anchored, parts, acts, bit["BASE"] | bit["PAST"] | bit["IMPERATIVE"])


def _load(name: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - most runs of the program need none

    text = resources.files("analysis.rules.detect").joinpath(name).read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loaded: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, in C where available
    return loaded


load_table = _load


def _forms(entry: str) -> Iterable[tuple[str, str]]:
    """Yield the forms of an English verb: base, third person, past, gerund; irregular ones follow the base."""
    base, *irregular = entry.split("/")
    stem = base[:-1] if base.endswith("e") else base
    yield base, "BASE"
    yield (base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeiou" else base + ("es" if base.endswith(("s", "x", "ch", "sh")) else "s")), "THIRD"
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
    folded = unicodedata.normalize("NFKD", word.replace("ł", "l").replace("Ł", "L").replace("ß", "ss").replace("’", "'"))
    return "".join(character for character in folded if not unicodedata.combining(character)).lower()


def token_bits(raw: str, known: ActWords) -> tuple[str, int]:
    """Return the plain word of a token and its bits."""
    raw = raw[:_MAX_TOKEN].partition("](")[0]
    bit = known.bit
    core = raw.rstrip(_WORD_CHARACTERS).lstrip(_BEFORE_WORD)
    bits = _ends(raw, core, bit)
    if not core:
        return raw, bits | (bit["OPERATOR"] if raw in _OPERATORS else 0)
    word = plain(core)
    if word not in known.words:
        word = _ELISION.sub("", word)
    found = known.words.get(word, 0)
    if not found and word.endswith("'s"):
        found = known.words.get(word[:-2], 0) & ~bit["PHRASE"]
    bits |= found | _shape(core, word, bit)
    if found & known.orderable:
        bits |= (found & known.acts) << ORDERABLE
    if "`" in raw or raw[0] in "'\"“‘":
        bits |= bit["CODE"]
    if core.isupper() and len(core) > 2:  # noqa: PLR2004 - shorter ones are abbreviations
        bits |= bit["CAPITALS"]
    return word, bits


def _ends(raw: str, core: str, bit: Mapping[str, int]) -> int:
    at = raw.rfind(core) + len(core) if core else 0
    tail = raw[at:]
    bits = 0
    if any(mark in tail for mark in ".!?。！？"):
        bits |= bit["ENDS_SENTENCE"]
    if any(mark in tail for mark in ",;:)—、，") or raw in {"-", "–", "—", "*", "•", "->", "→"}:
        bits |= bit["ENDS_CLAUSE"]
    if ":" in tail:
        bits |= bit["COLON"]
    head = raw[: raw.find(core)] if core else ""
    if any(mark in head for mark in "('\"“‘`"):
        bits |= bit["OPENS"]
    closes = any(mark in tail for mark in "'\"”’")
    if any(mark in head for mark in "'\"“‘") and not closes:
        bits |= bit["QUOTE"]
    if closes:
        bits |= bit["CLOSES"]
    return bits


def _shape(core: str, word: str, bit: Mapping[str, int]) -> int:
    bits = 0
    if word in _PROGRAMS:
        bits |= bit["PROGRAM"]
    if word in _DANGER:
        bits |= bit["DANGER"]
    if core[0] == "-" and len(core) > 1 and core[1].isalpha() or core.startswith("--"):
        bits |= bit["OPTION"]
    elif core[0] == "$":
        bits |= bit["OPERATOR"]
    if core.isalpha():
        return bits | (_name(core, bit) if not (core.islower() or core.isupper() or core.istitle()) else 0)
    if word.startswith(_PROTOCOLS) or ("@" in word[1:-1] and "." in word.rpartition("@")[2]):
        bits |= 0 if any(mark in core for mark in "<{") or core.endswith("://") else bit["ADDRESS"]
    elif _HOST.match(word) and not _FILE_NAME.search(word):
        bits |= bit["ADDRESS"]
    elif _PATH.match(word) and ":" not in word[2:] and "{" not in word:
        bits |= bit["PATH"]
    if bits & bit["PATH"] or "." in word:
        bits |= bit["SECRET_PATH"] if _SECRET_PATH.search(word) and not bits & bit["ADDRESS"] and not word.endswith(".pub") else 0
    elif word.startswith("id_") and _SECRET_PATH.search(word):
        bits |= bit["SECRET_PATH"]
    if _FILE_NAME.search(word) and not bits & bit["ADDRESS"] and _PLAIN_FILE.fullmatch(word):
        bits |= bit["FILE_NAME"]
    if core[0].isdigit():
        bits |= bit["NUMBER"]
    return bits | _name(core, bit)


def _name(core: str, bit: Mapping[str, int]) -> int:
    """Return whether a token is the name of a tool or of something else: a tool's name begins with a verb in most lists."""
    called = core.endswith("()") or "(" in core
    name = core.partition("(")[0]
    if not _COMPOUND.fullmatch(name):
        return 0
    parts = re.findall(r"[A-Z]?[a-z0-9]+", name)
    if called or _TAGGED.match(name):
        return bit["TOOL_NAME"]
    return bit["NAME"] if parts[-1].lower() in _ARGUMENT_ENDS else bit["NAME"] | (bit["TOOL_NAME"] if _acts(parts) else 0)


def _acts(parts: list[str]) -> bool:
    words = act_words()
    return bool(words.words.get(parts[0].lower(), 0) & words.bit["BASE"]) or parts[0].lower() in _NAME_VERBS


_NAME_VERBS: Final = frozenset(
    "search update navigate take book resolve describe edit move rename count compare analyze analyse summarize translate render browser "
    "playwright puppeteer gmail slack github web file db fs http sql calendar hover click type scroll close upsert merge fork comment assign "
    "reply move archive watch start stop restart set add remove export import sync calculate compute convert process handle manage transfer pay".split()
)
