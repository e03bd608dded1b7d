"""Who calls: an identity that the run can vouch for, and the file that gives bearer tokens an identity."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MAX_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and through which agent. `vouched`: by a token or by the one who started the run, not by the caller."""

    user: str
    teams: tuple[str, ...] = ()
    agent: str = ""
    vouched: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """The users that a run knows: teams by user, and users by the SHA-256 of their token."""

    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_token: Mapping[str, str] = field(default_factory=dict, repr=False)

    def of_token(self, token: str) -> Caller | None:
        """Return whose token this is."""
        user = self.by_token.get(hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest())
        return None if user is None else Caller(user, self.teams_of(user), vouched=True)

    def teams_of(self, user: str) -> tuple[str, ...]:
        """Return the teams of a user, whatever the case of the name."""
        wanted = person(user)
        return next((teams for name, teams in self.teams.items() if person(name) == wanted), ())


def person(name: str) -> str:
    """Return a name as it is compared: two spellings of one name are one person."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def read_people(text: str) -> People:
    """Return the people of a file of tokens. Raises `ValueError` with what is wrong.

    ::

        {"people": [{"user": "ann@corp.example", "teams": ["support"], "token_sha256": "..."}]}

    The file holds digests of tokens, so that reading it gives no access. One without a token can approve, not call.
    """
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("this is not JSON") from None
    listed = data.get("people") if isinstance(data, dict) else None
    if not isinstance(listed, list) or not listed:
        raise ValueError('it has no list "people"')
    teams: dict[str, tuple[str, ...]] = {}
    tokens: dict[str, str] = {}
    for number, entry in enumerate(listed, 1):
        user, of_user, digest = _entry(number, entry)
        if person(user) in {person(name) for name in teams}:
            raise ValueError(f"entry {number}: {user} is listed twice")
        teams[user] = of_user
        if digest and digest in tokens:
            raise ValueError(f"entry {number}: the token of {user} is the token of {tokens[digest]}")
        if digest:
            tokens[digest] = user
    return People(teams, tokens)


def _entry(number: int, entry: Any) -> tuple[str, tuple[str, ...], str]:
    if not isinstance(entry, dict) or entry.keys() - {"user", "teams", "token_sha256"}:
        raise ValueError(f'entry {number}: it may have "user", "teams" and "token_sha256", and nothing else')
    user, teams, digest = entry.get("user"), entry.get("teams", []), entry.get("token_sha256", "")
    if not _is_name(user):
        raise ValueError(f'entry {number}: "user" is not a name')
    if not isinstance(teams, list) or not all(map(_is_name, teams)):
        raise ValueError(f'entry {number}: "teams" is not a list of names')
    if digest != "" and not (isinstance(digest, str) and _DIGEST.fullmatch(digest)):
        raise ValueError(f'entry {number}: "token_sha256" is not a SHA-256 in lower case; make it with sha256sum')
    return str(user), tuple(map(str, teams)), str(digest)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= _MAX_NAME and value.isprintable()


def is_one_of(names: Iterable[str], wanted: Iterable[str]) -> bool:
    """Whether one of the names is one of those wanted."""
    return not {person(name) for name in names}.isdisjoint(map(person, wanted))
