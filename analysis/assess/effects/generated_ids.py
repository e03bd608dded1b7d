"""Names without what a framework put into them: method and path, which the definition states already.

A generator that writes `users_deactivate_retrieve` or `reindex_api_v1_reindex_get` says the method a second time. Counted
twice, it outweighs the verb of the author. So the ending or beginning is taken off where another verb remains.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.words import split_words

if TYPE_CHECKING:
    from collections.abc import Callable

_METHODS: Final = frozenset({"get", "head", "options", "post", "put", "patch", "delete", "query", "trace"})
#: Number that tells apart two operations of one name: `list_1`, `fooUsingGET_2`.
_NUMBER: Final = re.compile(r"(?:[_-]|(?<=[a-z]))\d{1,3}$")
#: What springfox appends: `fooUsingGET`.
_USING: Final = re.compile(r"Using(?:GET|HEAD|OPTIONS|POST|PUT|PATCH|DELETE)$")
#: A controller and its action: `users#show`, `Users@show`, `UserController.show`.
_ACTION: Final = re.compile(r"[#@.:]+(?=\w+$)")
#: A controller before its action: `MembersController_inviteMember`.
_CONTROLLER: Final = re.compile(r"^\w{2,60}Controller[_.](?=[A-Za-z]+[A-Z_])")
#: Words by which frameworks name the actions of a resource, by method.
_ACTIONS: Final = {
    "GET": frozenset({"index", "show", "new", "edit", "list", "retrieve", "get", "read", "view", "detail"}),
    "POST": frozenset({"create", "store", "post"}),
    "PUT": frozenset({"update", "put"}),
    "PATCH": frozenset({"update", "patch"}),
    "DELETE": frozenset({"destroy", "delete"}),
}  # fmt: skip
#: Actions behind GET that show a list or a form, though they are verbs elsewhere.
_FORMS: Final = frozenset({"index", "new", "edit"})
#: Words that generators add to those of a path.
_FILLERS: Final = frozenset(
    {
        "api", "by", "id", "ids", "all", "collection", "item", "items", "resource", "resources", "controller", "view", "viewset",
        "views", "handler", "endpoint", "route", "routes", "service", "rest", "rpc", "the", "and", "with", "index",
    }
)  # fmt: skip


def own_name(name: str, method: str, path: str, acts: Callable[[str], bool]) -> str:
    """Return a name without what a framework put into it; "" where nothing but method and path remains.

    `acts` says whether the last part of a name or segment is a verb. Where none remains, the name is returned whole.
    """
    bare = _CONTROLLER.sub("", _NUMBER.sub("", name))
    using = _USING.search(bare)
    if using:
        return bare[: using.start()]
    action = _ACTION.search(bare)
    if action and bare[action.end() :].lower() in _ACTIONS.get(method, frozenset()):
        return bare if bare[action.end() :].lower() not in _FORMS else ""
    words = split_words(bare)
    if len(words) < 2:
        return bare
    verb = method.lower()
    segment = last_segment(path)
    if words[-1] == verb:
        return _without_ending(bare, words[:-1], path, segment, acts)
    if words[0] == verb and verb != "post" and acts(segment):
        if _repeats(words[1:], path):
            return ""
        return "_".join(words[1:]) if segment.lower() in words else bare
    ending = 2 if words[-2:] == ("partial", "update") else 1 if words[-1] in _ACTIONS.get(method, frozenset()) else 0
    if ending and _repeats(words[:-ending], path) and acts(segment):
        return ""
    return bare


def _without_ending(bare: str, words: tuple[str, ...], path: str, segment: str, acts: Callable[[str], bool]) -> str:
    """Return a name without the method at its end: `reindex_api_v1_reindex_get` -> reindex."""
    written = _path_words(path)
    for skipped in range(min(3, len(written))):  # a prefix such as /api/v1 may come from the server
        tail = written[skipped:]
        if len(words) > len(tail) and words[-len(tail) :] == tail:
            return "_".join(words[: -len(tail)])
    if _repeats(words, path):
        return "" if acts(segment) else bare
    if acts(segment) and segment.lower() in words:
        return "_".join(words)
    own = [word for word in words if _singular(word) not in _vocabulary_of(path)]
    return own[0] if len(own) == 1 and acts(own[0]) else bare


def _repeats(words: tuple[str, ...], path: str) -> bool:
    known = _vocabulary_of(path)
    return all(_singular(word) in known or word.isdigit() for word in words)


@lru_cache(maxsize=65_536)
def _path_words(path: str) -> tuple[str, ...]:
    """Return every word of a path template, those of parameters too."""
    return split_words(re.sub(r"\W", "_", path))


@lru_cache(maxsize=65_536)
def _vocabulary_of(path: str) -> frozenset[str]:
    return frozenset(map(_singular, _path_words(path))) | _FILLERS | _METHODS


def _singular(word: str) -> str:
    return word.removesuffix("s")


def last_segment(path: str) -> str:
    """Return the last fixed segment of a path: `/users/{id}/deactivate/` -> deactivate."""
    return next((part for part in reversed(path.split("/")) if part and not part.startswith("{")), "")
