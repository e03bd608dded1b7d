"""Names of branches and remotes: what could lead anywhere else is neither."""

from __future__ import annotations

import pytest

from analysis.errors import UsageError
from analysis.sync.branch_names import ReplicaBranch, check_person, reference, remote_address, replica_branch

REVIEW = "0123456789abcdef" * 4
ANN = ReplicaBranch("ann@corp.example", "a" * 32)


def test_a_name_leads_back_to_its_branch():
    assert replica_branch(REVIEW, reference(REVIEW, ANN)) == ANN


@pytest.mark.parametrize(
    "name",
    [
        "refs/heads/main", f"refs/heads/clearance/{'f' * 24}/ann/{'a' * 32}", f"refs/heads/clearance/{REVIEW[:24]}/ann/../{'a' * 32}",
        f"refs/heads/clearance/{REVIEW[:24]}/ann/b/{'a' * 32}", f"refs/heads/clearance/{REVIEW[:24]}/ann/{'A' * 32}",
        f"refs/heads/clearance/{REVIEW[:24]}//{'a' * 32}", f"refs/heads/clearance/{REVIEW[:24]}/a\u202enn/{'a' * 32}",
        f"refs/heads/clearance/{REVIEW[:24]}/ann.lock/{'a' * 32}",
    ],
)  # fmt: skip
def test_another_name_is_no_branch_of_a_replica(name):
    assert replica_branch(REVIEW, name) is None


@pytest.mark.parametrize("person", ["", "Ann Smith", "-x", "a/b", "a..b", "ann.", "x" * 65, "ann\n", "ann.lock"])
def test_a_person_who_cannot_be_a_branch(person):
    with pytest.raises(UsageError):
        check_person(person)


def test_addresses_that_are_remotes(tmp_path):
    assert remote_address(str(tmp_path)) == str(tmp_path.resolve())
    for address in ("ssh://git@host/x.git", "https://host/x.git", "git@host:team/x.git", "ssh://git@host:2222/x"):
        assert remote_address(address) == address
