"""Keys that show by their shape what they are, and addresses that hold a password."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

#: How signed tokens (JWT) begin: `{"` in base64.
SIGNED: Final = "eyJ"
#: How the keys of well-known services begin, and how they go on. The beginning is looked for first: it is rare.
_SHAPES: Final = tuple(
    (mark, re.compile(re.escape(mark) + rest))
    for mark, rest in (
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
        (SIGNED, r"[\w-]{8,400}\.eyJ[\w-]{8,4000}\.[\w-]{16,2000}"),
    )
)
PLACEHOLDER: Final = re.compile(
    r"example|sample|dummy|placeholder|your|password|xxx|\*\*\*|\.\.\.|<|>|\{|1234|abcd", re.IGNORECASE
)
#: A password in the address of a service, and the passwords and hosts that documents write where somebody's stand.
_CONNECTION: Final = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@?#]{0,80}:(?P<password>[^\s/@?#]{6,120})@(?P<host>[\w.-]{1,200})", re.IGNORECASE
)
_STANDS_FOR: Final = re.compile(
    r"p[a@4][s5$]{2}|s[e3]cr[e3]t|pwd|chang|t[e3]st|token|key|demo|hunter2|letmein|qwerty|[\[\]$%*()]", re.IGNORECASE
)
_NOBODYS: Final = re.compile(
    r"(?:.*\.)?(?:local|localhost|test|invalid|example|internal|lan)\Z|(?:.*\.)?example\.\w+\Z|[^.]+\Z"
    r"|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0|.*(?:host|domain|server)\.(?:com|net|org|tld)\Z",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile("[0-9]")


def _connection(text: str) -> str:
    """Return an address that holds a password, unless password or host stand for somebody's own."""
    for found in _CONNECTION.finditer(text) if "://" in text and "@" in text else ():
        password, host = found["password"], found["host"].rstrip(".")
        drawn = _DIGIT.search(password) and not password.isdigit()
        if (
            drawn
            and not any(shape.search(password) for shape in (PLACEHOLDER, _STANDS_FOR))
            and not _NOBODYS.match(host)
        ):
            return found.group()
    return ""


def _claims(token: str) -> str:
    """Return what a signed token says, which its signature does not hide."""
    said = token.split(".")[1]
    try:
        return base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).decode(errors="replace")
    except binascii.Error:
        return token


def _made_up(key: str) -> bool:
    """Whether a key of a well-known shape says that it is none."""
    said = _claims(key).strip("{}") if key.startswith(SIGNED) else key
    return bool(PLACEHOLDER.search(said) or "John Doe" in said)


def known(text: str) -> str:
    """Return a key of a well-known shape in a text, unless it says that it is none."""
    for mark, shape in _SHAPES:
        if mark in text:
            for found in shape.finditer(text):
                if not _made_up(found.group()):
                    return found.group()
    return _connection(text)


def is_shown(key: str) -> bool:
    """Whether honest documents show keys like this one as examples: signed tokens, and addresses with a password."""
    return key.startswith(SIGNED) or "://" in key
