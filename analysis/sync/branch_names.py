"""Names of branches and remotes: `refs/heads/clearance/REVIEW/PERSON/REPLICA` at an address that needs no prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from analysis.errors import UsageError
from analysis.text import visible

_PREFIX: Final = "refs/heads/clearance"
#: Number of characters of a review's id in the names of its branches; the messages of commits state all of it.
_REVIEW: Final = 24
_PERSON: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}", re.ASCII)
#: What git does not allow in a part of a branch's name, of what `_PERSON` would.
_NOT_IN_GIT: Final = re.compile(r"\.\.|\.$|\.lock$", re.ASCII)
#: The name of a replica that writes itself, and of any that a branch may carry.
OWN_REPLICA: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
ANY_REPLICA: Final = re.compile(r"[0-9a-z-]{1,64}", re.ASCII)
_SCP: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^\s:][^\s]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReplicaBranch:
    """The branch of one replica of one person."""

    person: str
    replica: str

    @property
    def name(self) -> str:
        """What memory and messages call it."""
        return f"{self.person}/{self.replica}"


def check_person(person: str) -> None:
    """Raise `UsageError` unless a person can have a branch and a line in `allowed_signers`."""
    if not _PERSON.fullmatch(person) or _NOT_IN_GIT.search(person):
        raise UsageError(
            f"{visible(person, 80)!r} cannot be the name of a branch",
            why="letters, digits and . _ @ + -, at most 64",
            remedy="pass --actor with the name that allowed_signers has, e.g. ann@corp",
        )


def pattern(review: str) -> str:
    """Return the pattern of all branches of a review, as `git ls-remote` takes it."""
    return f"{_PREFIX}/{review[:_REVIEW]}/*"


def reference(review: str, branch: ReplicaBranch) -> str:
    """Return the full name of a branch of a review."""
    return f"{_PREFIX}/{review[:_REVIEW]}/{branch.person}/{branch.replica}"


def replica_branch(review: str, reference: str) -> ReplicaBranch | None:
    """Return the branch that a full name names; None for one that is not of a replica of the review."""
    start = f"{_PREFIX}/{review[:_REVIEW]}/"
    person, _, replica = reference.removeprefix(start).partition("/")
    fits = _PERSON.fullmatch(person) and not _NOT_IN_GIT.search(person) and OWN_REPLICA.fullmatch(replica)
    return ReplicaBranch(person, replica) if reference.startswith(start) and fits else None


def remote_address(text: str) -> str:
    """Return the address of a remote as git is given it: an existing folder, ssh or https. Raises `UsageError`."""
    shown = visible(text, 120)
    if text.startswith("-") or any(ord(character) < 33 for character in text):
        raise UsageError("this is not a remote", place=shown, remedy="give a folder, or an address of ssh or https")
    if "://" not in text and "::" not in text:
        folder = Path(text)
        if folder.is_dir():
            return str(folder.resolve())
        if _SCP.fullmatch(text):
            return text
        raise UsageError(
            "there is no such remote", place=shown, remedy="make it with: git init --bare FOLDER, or give an address"
        )
    parts = urlsplit(text) if "://" in text else None
    if parts is None or parts.scheme not in {"ssh", "https"} or not parts.hostname or parts.hostname.startswith("-"):
        raise UsageError(
            "a remote is a folder, or an address of ssh or https", place=shown, remedy="e.g. git@host:team/reviews.git"
        )
    if parts.password or (parts.scheme == "https" and parts.username):
        raise UsageError(
            "the address holds a credential", why="it would be stored", remedy="leave it to git's credential helper"
        )
    return text


def is_folder(address: str) -> bool:
    """Whether an address is a folder on this machine, so that git would run there with our rights."""
    return address.startswith("/") or (len(address) > 1 and address[1] == ":" and address[0].isalpha())
