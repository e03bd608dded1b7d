"""Cost of a large review of several people: `python -m tests.benchmarks.teams [TOOLS] [EVENTS]`, CPU seconds.

A review of 20,000 tools and 100,000 events by default. Beside each figure is its ratio to a floor of the same run: reading
the same rows with bare sqlite3, or writing one; for an exchange, the git commands that it cannot do without.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.review import commands
from analysis.review.session import Review
from analysis.review.sources.engine_identity import engine_digest
from analysis.review.sources.importing import examine_source
from analysis.review.sources.log_check import check_log
from analysis.workspace import EventDraft, Store
from analysis.workspace.keys import decision_key, note_key
from tests.fixtures.git_team import Team, git

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = "2026-05-01T00:00:00Z"


def _document(tools: int) -> bytes:
    paths = {
        f"/things{n}": {"get": {"operationId": f"getThing{n}", "responses": {"200": {"description": ""}}}}
        for n in range(tools)
    }
    return json.dumps({"openapi": "3.1.0", "info": {"title": "Large", "version": "1"}, "paths": paths}).encode()


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _record(path: Path, count: int, actor: str, name: str) -> None:
    """Record decisions on all tools in turn, each in place of the one before."""
    store = Store.open(path, engine=engine_digest())
    tools = [row["id"] for row in store.rows()]
    digests = {row["id"]: row["digest"] for row in store.rows()}
    heads: dict[str, str] = {}
    for start in range(0, count, len(tools)):
        with store.transaction():
            some = tools[: min(len(tools), count - start)]
            drafts = [
                EventDraft(
                    "tool.decided", decision_key(tool),
                    {"exposure": "approved", "reason": f"{name} {start}", "definition": digests[tool]},
                    (heads[tool],) if tool in heads else (),
                )
                for tool in some
            ]  # fmt: skip
            made = store.append(drafts, actor=actor, at=f"2026-03-02T{start // len(tools):02}:00:00Z")
            heads |= dict(zip(some, (event.id for event in made), strict=True))
    store.close()


def main(tools: int, events: int) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = str(Path(folder, "state"))
        path = Path(folder, "large.clearance")
        source = examine_source(_document(tools))
        Review.create(path, [source], actor="ann", at="2026-03-01T00:00:00Z").close()
        _record(path, events, "ann", "ours")
        other = Path(shutil.copy(path, Path(folder, "other.clearance")))
        _record(other, 20_000, "bob", "theirs")

        def bare() -> None:
            connection = sqlite3.connect(path)
            connection.execute("SELECT id, replica, seq, body FROM events").fetchall()
            connection.execute("SELECT body FROM tools").fetchall()
            connection.close()

        floor = _cpu(bare)
        print(f"{tools:,} tools, {events:,} events, {path.stat().st_size / 2**20:.0f} MiB; bare read {floor:.2f} s CPU")
        verify = _cpu(lambda: check_log(path, now=NOW))
        print(f"check every chain: {verify:.2f} s, {verify / floor:.1f} x")
        touched = Path(shutil.copy(path, Path(folder, "elsewhere.clearance")))
        print(f"  of a file that this machine does not know: {_cpu(lambda: check_log(touched, now=NOW)):.2f} s")
        touched.unlink()
        reviews: list[Review] = []
        opening = _cpu(lambda: reviews.append(Review.open(path, now=NOW)))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"open the review: {opening:.2f} s, {opening / floor:.1f} x; peak of this program {peak:.0f} MiB")
        (one,) = reviews
        print(f"  and its summary: {_cpu(one.summary):.2f} s")
        os.utime(path)
        print(f"  after another program has touched the file: {_cpu(lambda: Review.open(path, now=NOW).close()):.2f} s")
        two = Review.open(path, now=NOW)
        tool = one.tools()[0].row.id
        appends = sorted(_cpu(lambda: commands.note(one, tool, "n", actor="ann", at=NOW)) for _ in range(21))
        refresh = _cpu(lambda: two.refresh(NOW))
        commands.note(one, tool, "once more", actor="ann", at=NOW)
        single = _cpu(lambda: two.refresh(NOW))
        connection = sqlite3.connect(Path(folder, "bare.db"))
        connection.execute("CREATE TABLE t (a TEXT)")
        writes = sorted(_cpu(lambda: _write(connection)) for _ in range(21))
        print(f"append: median {appends[10] * 1e3:.1f} ms, {appends[10] / max(writes[10], 1e-6):.0f} x a bare write")
        print(f"take in 21 foreign events: {refresh * 1e3:.1f} ms; one: {single * 1e3:.1f} ms")
        merged = _cpu(lambda: commands.merge(one, [other], at=NOW))
        print(f"merge of 20,000 new: {merged:.2f} s, {merged / floor:.1f} x")
        again = _cpu(lambda: commands.merge(one, [other], at=NOW))
        print(f"merge of nothing new: {again:.2f} s; {len(one.record.events):,} events")
        one.close()
        two.close()
        _exchange(Path(folder, "exchange"))


def _exchange(folder: Path) -> None:
    """Print what an exchange of a few events costs, and the floor: the git commands and signature that it consists of."""
    team = Team(folder, ["ann", "bob"], tools=50)
    ann, bob = team.members
    ann.decide([0])
    ann.sync()
    bob.sync()
    ann.decide([1, 2, 3])
    sent = _cpu_of_all(ann.sync)
    received = _cpu_of_all(bob.sync)
    nothing = _cpu_of_all(bob.sync)
    bare = _cpu_of_all(lambda: git(folder / "plain.git", "ls-remote", str(team.bare))) if _plain(folder, team) else 0.0
    push = _cpu_of_all(lambda: git(folder / "plain.git", "push", "-q", str(team.bare), "+x:refs/heads/other/x"))
    floor = bare + push
    print(f"exchange, bare ls-remote {bare:.3f} s, bare push {push:.3f} s")
    print(f"  send 3 events: {sent:.2f} s, {sent / floor:.1f} x; receive 3: {received:.2f} s, {received / floor:.1f} x")
    print(f"  nothing new: {nothing:.2f} s, {nothing / max(bare, 1e-3):.1f} x a bare ls-remote")


def _plain(folder: Path, team: Team) -> bool:
    """Make a repository of the same commits, for the floor."""
    plain = folder / "plain.git"
    subprocess.run(["git", "init", "-q", "--bare", str(plain)], check=True)
    git(plain, "fetch", "-q", str(team.bare), f"{team.members[0].branch}:refs/heads/x")
    return True


def _cpu_of_all(work: Callable[[], object]) -> float:
    """Return the CPU seconds of some work, those of the programs that it starts included."""
    before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    work()
    after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(
        now.ru_utime + now.ru_stime - then.ru_utime - then.ru_stime for now, then in zip(after, before, strict=True)
    )


def _write(connection: sqlite3.Connection) -> None:
    with connection:
        connection.execute("INSERT INTO t VALUES (?)", (note_key("a", "1"),))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:] or ("20000", "100000")))
