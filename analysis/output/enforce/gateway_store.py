"""What the gateways of one packet share on disk: calls that wait for a person, votes on them, and counted calls.

SQLite, one row for each waiting call and one for each vote. The file holds no secret: parameters are stored masked.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import CheckFailed, InputRefused, UsageError
from analysis.model.terms import Approval
from analysis.output.enforce.approval import ApprovalState, Vote, may_vote
from analysis.output.enforce.caller import person
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from analysis.model.terms import Rate

#: Name of the file in the folder of a gateway's state.
STORE: Final = "gateway.sqlite"
_APPLICATION: Final = 0x434C4757
_VERSION: Final = 1
_BUSY_SECONDS: Final = 10.0
#: No letters and digits that can be mistaken for others: an id is read aloud and typed.
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS waiting (
  id TEXT PRIMARY KEY, since TEXT NOT NULL, until TEXT NOT NULL, user TEXT NOT NULL, agent TEXT NOT NULL,
  tool TEXT NOT NULL, definition TEXT NOT NULL, parameters TEXT NOT NULL, asked TEXT NOT NULL, state TEXT NOT NULL,
  teams TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS votes (
  id TEXT NOT NULL, person TEXT NOT NULL, voter TEXT NOT NULL, yes INTEGER NOT NULL, at TEXT NOT NULL,
  reason TEXT NOT NULL, PRIMARY KEY (id, person)
);
CREATE TABLE IF NOT EXISTS counted (person TEXT NOT NULL, tool TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS counted_by ON counted (person, tool, at);
"""


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A call that waits for persons. Times are ISO 8601, UTC; `teams` are those of every person the gateway knows."""

    id: str
    since: str
    until: str
    user: str
    agent: str
    tool: str
    definition: str
    parameters: str
    asked: tuple[Approval, ...]
    state: ApprovalState
    teams: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def teams_of(self, user: str) -> tuple[str, ...]:
        """Return the teams of a person, as the gateway knew them when the call was made."""
        return next((teams for name, teams in self.teams if person(name) == person(user)), ())


def new_call_id() -> str:
    """Return an identity for a call that can be typed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


class GatewayStore:
    """The file with waiting calls, votes and counted calls. Raises `InputRefused` when it cannot be used."""

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        try:
            if create:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            elif not path.is_file():
                raise InputRefused(
                    "there is no approval queue", place=str(path), remedy="name the folder that `enforce` printed"
                )
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            if create:
                path.chmod(0o600)
            self._check()
        except (sqlite3.Error, OSError) as error:
            raise InputRefused(
                "the approval queue cannot be used",
                place=str(path),
                why=str(error),
                remedy="name another --state folder",
            ) from None

    def _check(self) -> None:
        with self._writing():
            (application,) = self._db.execute("PRAGMA application_id").fetchone()
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if not application and not self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                self._db.execute(f"PRAGMA application_id = {_APPLICATION}")
                self._db.execute(f"PRAGMA user_version = {_VERSION}")
            elif (application, version) != (_APPLICATION, _VERSION):
                raise InputRefused(
                    "this file is no approval queue of this version", place=str(self.path), remedy="name another folder"
                )
            for statement in filter(str.strip, _TABLES.split(";")):
                self._db.execute(statement)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # waiting calls -----------------------------------------------------------------------------------

    def ask(self, call: WaitingCall) -> None:
        """Add a call that waits."""
        asked = json.dumps([[each.persons, list(each.approvers)] for each in call.asked])
        row = (
            call.id, call.since, call.until, call.user, call.agent, call.tool, call.definition, call.parameters, asked,
            call.state.value, json.dumps([[user, list(teams)] for user, teams in call.teams]),
        )  # fmt: skip
        with self._writing():
            self._db.execute("INSERT INTO waiting VALUES (?,?,?,?,?,?,?,?,?,?,?)", row)

    def close_call(self, call: str, state: ApprovalState) -> ApprovalState:
        """End a waiting call in a state, unless it has ended already; return the state it has ended in."""
        with self._writing():
            self._db.execute(
                "UPDATE waiting SET state = ? WHERE id = ? AND state = ?",
                (state.value, call, ApprovalState.WAITING.value),
            )
            (found,) = self._db.execute("SELECT state FROM waiting WHERE id = ?", (call,)).fetchone()
        return ApprovalState(found)

    def waiting(self, now: str = "") -> list[WaitingCall]:
        """Return the calls that wait at a time, the oldest first."""
        rows = self._db.execute(
            "SELECT * FROM waiting WHERE state = ? AND until > ? ORDER BY since, id", (ApprovalState.WAITING.value, now)
        )
        return [_call(row) for row in rows]

    def call(self, identity: str) -> WaitingCall | None:
        """Return a call by its id, whatever its state."""
        row = self._db.execute("SELECT * FROM waiting WHERE id = ?", (identity,)).fetchone()
        return _call(row) if row else None

    def votes(self, call: str) -> list[Vote]:
        """Return the votes on a call, in their order."""
        rows = self._db.execute("SELECT voter, yes, at, reason FROM votes WHERE id = ? ORDER BY at, rowid", (call,))
        return [Vote(voter, bool(yes), at, reason) for voter, yes, at, reason in rows]

    def vote(self, identity: str, vote: Vote) -> WaitingCall:
        """Record the vote of a person on a waiting call. Raises `UsageError`, `CheckFailed` when it does not count."""
        call = self.call(identity)
        if call is None:
            raise UsageError(
                "no call with this id waits", place=visible(identity, 40), remedy="list them with: clearance approve"
            )
        why = may_vote(call.asked, call.user, vote.voter, call.teams_of(vote.voter))
        if not person(vote.voter):
            why = "a vote needs the name of a person"
        if why:
            raise CheckFailed(
                "this vote does not count", place=identity, why=why, remedy="ask another person to confirm it"
            )
        if call.state is not ApprovalState.WAITING or call.until <= vote.at:
            ended = ApprovalState.TIMEOUT if call.state is ApprovalState.WAITING else call.state
            raise CheckFailed(
                f"this call does not wait any more: {ended.value}", place=identity, remedy="the agent has to call again"
            )
        with self._writing():
            known = self._db.execute(
                "SELECT yes FROM votes WHERE id = ? AND person = ?", (identity, person(vote.voter))
            ).fetchone()
            if known:
                raise CheckFailed("this person has answered already", place=identity, remedy="one person has one vote")
            self._db.execute(
                "INSERT INTO votes VALUES (?,?,?,?,?,?)",
                (identity, person(vote.voter), vote.voter, int(vote.yes), vote.at, vote.reason),
            )
        return call

    # rates -------------------------------------------------------------------------------------------

    def take(self, user: str, tool: str, rates: Sequence[Rate], now: float) -> Rate | None:
        """Count a call of a person at a time (seconds), or return the rate that it would exceed; then nothing is counted.

        The count is shared by all gateways of the packet and survives them.
        """
        longest = max(rate.seconds for rate in rates)
        with self._writing():
            self._db.execute(
                "DELETE FROM counted WHERE person = ? AND tool = ? AND at <= ?", (person(user), tool, now - longest)
            )
            for rate in rates:
                (calls,) = self._db.execute(
                    "SELECT count(*) FROM counted WHERE person = ? AND tool = ? AND at > ?",
                    (person(user), tool, now - rate.seconds),
                ).fetchone()
                if calls >= rate.calls:
                    return rate
            self._db.execute("INSERT INTO counted VALUES (?,?,?)", (person(user), tool, now))
        return None


def _call(row: Iterable[Any]) -> WaitingCall:
    identity, since, until, user, agent, tool, definition, parameters, asked, state, teams = row
    return WaitingCall(
        identity, since, until, user, agent, tool, definition, parameters,
        tuple(Approval(persons, tuple(approvers)) for persons, approvers in json.loads(asked)), ApprovalState(state),
        tuple((name, tuple(of_user)) for name, of_user in json.loads(teams)),
    )  # fmt: skip
