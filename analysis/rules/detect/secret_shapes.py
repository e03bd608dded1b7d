"""Secrets recognised by their shape: keys of known services, signed tokens, URLs with a password."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

#: Prefix of signed tokens (JWT): `{"` in base64.
JWT_PREFIX: Final = "eyJ"
#: Prefix and remainder of keys of known services. The prefix is rare, so it is searched first.
_SHAPES: Final = (
    ("AKIA", r"[0-9A-Z]{16}\b"),
    *((f"gh{kind}_", r"[A-Za-z0-9]{36}\b") for kind in "pousr"),
    ("github_pat_", r"\w{40,}"),
    ("sk_live_", r"[0-9A-Za-z]{16,}"),
    ("rk_live_", r"[0-9A-Za-z]{16,}"),
    *((f"xox{kind}-", r"[0-9A-Za-z-]{20,}") for kind in "abposr"),
    ("AIza", r"[0-9A-Za-z_-]{35}"),
    ("glpat-", r"[0-9A-Za-z_-]{20}"),
    ("SG.", r"[\w-]{16,}\.[\w-]{16,}"),
    ("dop_v1_", r"[0-9a-f]{64}"),
    ("npm_", r"[A-Za-z0-9]{36}\b"),
    ("pypi-", r"AgEIcHlwaS5vcmc[\w-]{50,}"),
    ("sk-ant-", r"[\w-]{30,}"),
    ("sk-proj-", r"[\w-]{30,}"),
    ("AccountKey=", r"[A-Za-z0-9+/]{86}=="),
    ("PRIVATE KEY-----", r"\s*[A-Za-z0-9+/]{40,}"),
    (JWT_PREFIX, r"[\w-]{8,400}\.eyJ[\w-]{8,4000}\.[\w-]{16,2000}"),
)
PLACEHOLDER: Final = re.compile(
    r"example|sample|dummy|placeholder|your|password|xxx|\*\*\*|\.\.\.|<|>|\{|1234|abcd", re.IGNORECASE
)
#: A URL with a password, and the placeholder passwords and hosts of documentation.
_CONNECTION: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@?#]{0,80}:(?P<password>[^\s/@?#]{6,120})@(?P<host>[\w.-]{1,200})", re.IGNORECASE
)
_PLACEHOLDER_PASSWORD: Final = re.compile(
    r"p[a@4][s5$]{2}|s[e3]cr[e3]t|pwd|chang|t[e3]st|token|key|demo|hunter2|letmein|qwerty|[\[\]$%*()]", re.IGNORECASE
)
_PLACEHOLDER_HOST: Final = re.compile(
    r"(?:.*\.)?(?:local|localhost|test|invalid|example|internal|lan)\Z|(?:.*\.)?example\.\w+\Z|[^.]+\Z"
    r"|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|.*(?:host|domain|server)\.(?:com|net|org|tld)\Z",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile("[0-9]")
#: Maximum number of different characters in the second half of a placeholder, such as `AKIA0000000000000000`.
_MAX_REPEATED: Final = 4


def _marks_by_sign() -> dict[str, tuple[str, ...]]:
    """Return the last run without blanks of each mark, by a sign in it: most tokens have neither."""
    marks = [mark.split()[-1] for mark, _ in _SHAPES]
    signs = {mark: next((sign for sign in "_-" if sign in mark), "") for mark in marks}
    return {sign: tuple(mark for mark in marks if signs[mark] == sign) for sign in ("", "_", "-")}


_MARKS: Final = tuple(_marks_by_sign().items())


def has_mark(token: str) -> bool:
    """Whether a run without blanks can be, or begin, a key of a known shape or a URL with a password."""
    for sign, marks in _MARKS:
        if sign in token:
            for mark in marks:
                if mark in token:
                    return True
    return "@" in token and "://" in token


def _connection(text: str) -> str:
    """Return a URL with a password, unless password or host is a placeholder."""
    for found in _CONNECTION.finditer(text) if "://" in text and "@" in text else ():
        password, host = found["password"], found["host"].rstrip(".")
        random = _DIGIT.search(password) and not password.isdigit()
        if (
            random
            and not any(shape.search(password) for shape in (PLACEHOLDER, _PLACEHOLDER_PASSWORD))
            and not _PLACEHOLDER_HOST.match(host)
        ):
            return found.group()
    return ""


def _payload(token: str) -> str:
    """Return the payload of a signed token, which is not encrypted."""
    payload = token.split(".")[1]
    try:
        return base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode(errors="replace")
    except binascii.Error:
        return token


def _is_placeholder(key: str) -> bool:
    """Whether a key of a known shape is a placeholder."""
    payload = _payload(key).strip("{}") if key.startswith(JWT_PREFIX) else key
    return bool(PLACEHOLDER.search(payload) or "John Doe" in payload or len(set(key[len(key) // 2 :])) <= _MAX_REPEATED)


def known_secret(text: str) -> str:
    """Return the first key of a known shape in a text that is not a placeholder, or an empty string."""
    for mark, rest in _SHAPES:
        if mark in text:
            for found in re.finditer(re.escape(mark) + rest, text):
                if not _is_placeholder(found.group()):
                    return found.group()
    return _connection(text)


def is_documentation_example(key: str) -> bool:
    """Whether legitimate documents show such keys as examples: signed tokens, and URLs with a password."""
    return key.startswith(JWT_PREFIX) or "://" in key
