"""Many replicas at once: nothing is lost, and all copies are one state."""

from __future__ import annotations

import shutil
import time

import pytest

from tests.fixtures import many_replicas

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("ssh-keygen") is None, reason="git or ssh-keygen is not installed"
)


@pytest.mark.repeats
@pytest.mark.parametrize(
    ("replicas", "decisions", "rounds"), [(4, 4, 2), pytest.param(30, 40, 4, marks=pytest.mark.e2e)]
)
def test_what_many_record_at_once_is_one_state_everywhere(tmp_path, replicas, decisions, rounds):
    team, seconds = many_replicas.run(tmp_path / "team", replicas, decisions, rounds)
    for member in team.members:
        member.sync()
    first, *others = team.members[:: max(1, replicas // 4)]
    bodies, states = first.bodies(), first.states()
    assert len(bodies) == 2 + replicas * (decisions + 1)  # nothing is lost
    assert sum(first.proven().values()) == len(bodies)
    assert all(state in {"approved", "blocked"} for state in states.values())
    for other in others:
        assert other.bodies() == bodies
        assert other.states() == states
    began = time.monotonic()
    writer, reader = team.members[0], team.members[-1]
    writer.decide([1])
    writer.sync()
    assert reader.sync().received == 1
    print(
        f"{replicas} replicas, {decisions} decisions each: {seconds:.1f} s; seen after {time.monotonic() - began:.2f} s"
    )
