"""Secrets in texts, command lines and URLs, hidden before they are shown or recorded."""

from __future__ import annotations

import re
import shlex
from typing import Final
from urllib.parse import urlsplit

from analysis.words import split_words

HIDDEN: Final = "⟨hidden⟩"
_SECRETS: Final = frozenset(
    ("token", "tokens", "secret", "secrets", "password", "passwd", "passphrase", "pwd", "key", "keys", "apikey", "auth",
     "credential", "credentials", "authorization", "bearer", "cookie", "pat", "jwt", "signature", "sig")
)  # fmt: skip
_SHAPED: Final = re.compile(
    r"\b(?:sk|rk|pk)[-_][\w-]{12,}|\bgh[opsur]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{12,}|\bxox[a-z]-[\w-]{10,}"
    r"|\bA[KS]IA[A-Z0-9]{12,}|\bAIza[\w-]{20,}|\beyJ[\w-]{8,}\.[\w.-]+|\b(?:hf|npm|sbp|ntn|pypi|figd)[-_][\w-]{16,}"
)
#: Hidden text never contains a character that a shell could interpret as a command.
_INERT: Final = r"[^\s;|&`$(){}<>'\"]"
_URL: Final = re.compile(rf"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]*://(?:{_INERT}|&)+")
_BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{6,}")
_PAIR: Final = re.compile(rf"(?<![\w.-])([\w.-]+)(=|:\s?)({_INERT}+)")
#: Random part of a path: long, with digits and letters, without dots.
_RANDOM: Final = re.compile(r"(?=[^/]*\d)(?=[^/]*[A-Za-z])[\w~=-]{24,}\Z")


def is_secret_name(name: str) -> bool:
    """Whether a variable, header, option or query field of this name usually carries a secret."""
    return not _SECRETS.isdisjoint(split_words(name))


def redact(text: str) -> str:
    """Return text with what looks like a secret hidden: known tokens, `key=value`, user and query of URLs."""
    shown = _URL.sub(lambda found: redact_url(found[0]), text)
    shown = _BEARER.sub(lambda found: f"{found[1]} {HIDDEN}", shown)
    return _SHAPED.sub(HIDDEN, _PAIR.sub(_redact_pair, shown))


def _redact_pair(found: re.Match[str]) -> str:
    name, sign, value = found.groups()
    is_word = value.lower() in {"bearer", "basic"} or value.startswith("//")
    return found[0] if is_word or not is_secret_name(name) else f"{name}{sign}{HIDDEN}"


def redact_url(url: str) -> str:
    """Return a URL without its user, the values of its query, its fragment, and the random parts of its path."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return HIDDEN
    _, user, host = parts.netloc.rpartition("@")
    path = "/".join(HIDDEN if _RANDOM.match(part) else part for part in parts.path.split("/"))
    pairs = (pair.partition("=") for pair in parts.query.split("&"))
    query = "&".join(name + sign + (HIDDEN if value else "") for name, sign, value in pairs)
    shown = f"{parts.scheme}://{HIDDEN + '@' if user else ''}{host}{path}"
    return shown + (f"?{query}" if query else "") + (f"#{HIDDEN}" if parts.fragment else "")


def redact_command(command: tuple[str, ...]) -> list[str]:
    """Return a command line for people. Only what is shaped like a value is hidden: code stays visible."""
    shown: list[str] = []
    for previous, word in zip(("", *command), command, strict=False):
        is_value = previous.startswith("-") and "=" not in previous and is_secret_name(previous)
        if is_value and not word.startswith("-") and re.fullmatch(f"{_INERT}+", word):
            shown.append(HIDDEN)
        else:
            plain = redact(word).replace("\n", "⏎")
            shown.append(plain if re.fullmatch(r"[\w@%+=:,./⟨⟩-]+", plain) else shlex.quote(plain))
    return shown
