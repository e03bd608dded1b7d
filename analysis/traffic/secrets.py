"""Drops secrets from recorded calls: names are kept, values of secrets are not, bodies only if they can be parsed."""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from analysis.text import without_surrogates
from analysis.words import split_words

#: Replaces the value of a secret.
DROPPED: Final = "⟨secret⟩"

# fmt: off
_WORDS: Final = frozenset({
    "authorization", "auth", "cookie", "cookies", "password", "passwd", "pwd", "passphrase", "passcode", "secret",
    "secrets", "credential", "credentials", "apikey", "token", "jwt", "bearer", "signature", "otp", "totp", "pin",
    "cvv", "cvc", "csrf", "xsrf", "sessionid", "sid",
})
# fmt: on
_WHOLE: Final = frozenset({"key", "session", "sig"})
#: Parts of secret names without word boundaries, such as lower-case header names.
_PARTS: Final = re.compile(
    "authoriz|cookie|passw|secret|credential|sessionid|(?:api|access|private|client|subscription|functions|signing)key"
    "|token$"
)
#: A value that is a credential under any name: an Authorization value, a JSON web token, a private key.
_VALUE: Final = re.compile(r"(?i:bearer|basic)\s+\S{6}|eyJ[\w-]{10,}\.[\w-]+\.|-----BEGIN [A-Z ]*PRIVATE KEY")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
#: Maximum number of digits of a number, as in documents; longer ones stay text.
_MAX_DIGITS: Final = 400


class TooDeep(ValueError):
    """A record is nested more deeply than its limit."""


@lru_cache(maxsize=65_536)
def is_secret(name: str) -> bool:
    """Whether a header, parameter or field of this name is a secret. Errs on the safe side: only a value is lost."""
    words = split_words(name)
    if not _WORDS.isdisjoint(words) or (len(words) == 1 and words[0] in _WHOLE):
        return True
    return _PARTS.search("".join(words)) is not None


def value_of(name: str, value: str) -> str:
    """Return the value as kept: secrets dropped."""
    if is_secret(name) or _VALUE.match(value):
        return DROPPED
    return without_surrogates(value) if _SURROGATE.search(value) else value


def without_secrets(node: Any, depth: int, name: str = "") -> Any:
    """Return a copy of JSON data without secrets. Raises `TooDeep` below `depth` levels."""
    if depth < 0:
        raise TooDeep
    if name and node is not None and not isinstance(node, bool) and is_secret(name):
        return DROPPED
    if isinstance(node, str):
        return _text(node, depth)
    if isinstance(node, list):
        return [without_secrets(item, depth - 1) for item in node]
    if isinstance(node, dict):
        # {"name": "X-Api-Key", "value": "..."}: the name of the secret is a value itself
        stated_name = next((node[key] for key in ("name", "key") if isinstance(node.get(key), str)), "")
        return {
            value_of("", key): without_secrets(value, depth - 1, stated_name if key == "value" else key)
            for key, value in node.items()
        }
    return node


def _text(text: str, depth: int) -> str:
    """Return a string without secrets; some tools send JSON as text inside JSON."""
    if text[:1] in {"{", "["}:
        try:
            return compact(without_secrets(parse_json(text), depth - 1))
        except TooDeep:
            raise
        except RecursionError:
            return DROPPED
        except ValueError:  # not JSON
            pass
    return value_of("", text)


def pairs_of(query: str) -> tuple[tuple[str, str], ...]:
    """Return the (name, value) pairs of a query string or form, without secrets."""
    try:
        found = parse_qsl(query, keep_blank_values=True, max_num_fields=1_000)
    except ValueError:
        return ()
    return tuple((name, value_of(name, value)) for name, value in found)


def body_of(body: Any, content_type: str, depth: int) -> str | None:
    """Return a body as text without secrets; None if it is missing or cannot be searched (XML, multipart, text).

    `body` is text or already parsed JSON. Raises `TooDeep`.
    """
    if body is None or body == "":
        return None
    if not isinstance(body, str):
        return compact(without_secrets(body, depth))
    if "form-urlencoded" in content_type:
        return urlencode(pairs_of(body)) or None
    if content_type and "json" not in content_type:
        return None
    try:
        return compact(without_secrets(parse_json(body), depth))
    except TooDeep:
        raise
    except (ValueError, RecursionError):
        return None


def compact(data: Any) -> str:
    """Return JSON data as text."""
    return json.dumps(data, separators=(",", ":"))


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _fraction(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(items)
    if len(data) != len(items):  # parsers disagree on which one wins
        raise ValueError("duplicate key in an object")
    return data


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_number, parse_float=_fraction, parse_constant=_constant
)


def parse_json(text: str) -> Any:
    """Return the data of a JSON text; numbers that are too long stay text. Raises `ValueError`, `RecursionError`."""
    return _DECODER.decode(text)
