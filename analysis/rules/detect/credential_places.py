"""Credentials in headers and cookies whose names are no secrets elsewhere: sessions, and tokens of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from analysis.rules.detect.parameter_names import name_set, parameter_tags
from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.model import Parameter

#: Words of cookies that identify a signed-in user.
_COOKIES: Final = name_set("session sessionid sid sess jwt auth token sso login ticket identity")
#: Last words of headers that authorize a call.
_HEADERS: Final = name_set("token session jwt auth cookie authorization authentication")
_WORDS: Final = {"cookie": _COOKIES, "header": _HEADERS}
#: Words of tokens that grant nothing: they continue a list, or mark a repeated call.
_HARMLESS: Final = name_set("page next continuation cursor idempotency request sync csrf xsrf tracking consent")


def placed_credentials(parameters: Iterable[Parameter]) -> list[Parameter]:
    """Return the headers and cookies that are credentials by name and place, without those that any place shows."""
    return [each for each in parameters if each.place in _WORDS and _is_credential(each)]


def _is_credential(parameter: Parameter) -> bool:
    words = split_words(parameter.name)
    if not words or not _HARMLESS.isdisjoint(words) or "secret" in parameter_tags(parameter.name):
        return False
    shown = words if parameter.place == "cookie" else words[-1:]
    return not _WORDS[parameter.place].isdisjoint(shown)
