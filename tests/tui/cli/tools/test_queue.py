"""`clearance groups` and `propose`: the queue and what is proposed, for people and for scripts."""

import pytest

from analysis.model import Risk
from analysis.review.commands.taking import SAMPLE_SHARE


def test_groups_are_listed_with_their_proposal(run, fresh):
    found = run("groups", fresh, "--json").json
    assert {"id", "title", "tools", "risk", "type", "undecided", "proposal"} <= found[0].keys()
    assert sum(len(group["tools"]) for group in found) == 48
    ran = run("groups", fresh)
    assert f"{found[0]['id']}  {found[0]['title']}" in ran.out
    assert ran.out.splitlines()[-1].startswith(f"{len(found)} groups, 48 undecided tools")
    assert "proposed: blocked (" in ran.out


def test_a_group_is_decided_by_its_identity_and_leaves_the_queue(run, fresh):
    groups = run("groups", fresh, "--json").json
    group = next(g for g in groups if g["risk"] == "high" and len(g["tools"]) > 1)
    ran = run("decide", fresh, "--where", f"group:{group['id']}", "--block", "--reason", "not for agents", "--json")
    assert sorted(tool["id"] for tool in ran.json["tools"]) == sorted(group["tools"])
    left = run("groups", fresh, "--json").json
    assert group["id"] not in {g["id"] for g in left}
    assert len(run("groups", fresh, "--all", "--json").json) == len(groups)
    assert run("decide", fresh, "--where", f"group:{groups[-1]['id']}", "--clear", "--reason", "x").code == 0


def test_a_high_group_is_not_approved_unseen(run, fresh):
    group = next(g for g in run("groups", fresh, "--json").json if g["risk"] == "high" and len(g["tools"]) > 1)
    ran = run("decide", fresh, "--where", f"group:{group['id']}", "--approve", "--reason", "x")
    assert (ran.code, "HIGH risk and were not opened" in ran.err) == (1, True)


def test_a_layer_is_listed_and_taken(run, fresh, monkeypatch):
    monkeypatch.setitem(SAMPLE_SHARE, Risk.LOW, 1.0)
    out = run("propose", fresh).out
    assert "low reads: " in out
    assert "high risk, by group: " in out
    assert {p["layer"] for p in run("propose", fresh, "--json").json} >= {"low reads", "writes", "deletion"}
    ran = run("propose", fresh, "--take", "low reads", "--reason", "pilot")
    assert (ran.code, "drawn to be looked at before sign-off" in ran.out) == (0, True)
    assert run("tools", fresh, "--where", "is:sampled", "--json").json != []
    assert "low reads" not in {p["layer"] for p in run("propose", fresh, "--json").json}
    assert "baseline low reads" in run("show", fresh, "listTags", "--json").out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--take", "low writes", "--reason", "x"], 2, "nothing is proposed by this layer"),
        (["--take", "low reads"], 2, "taking proposals needs a reason"),
        (["--reason", "x"], 2, "--reason applies to --take"),
        (["--precedent", "packet"], 2, "a precedent needs --allowed-signers"),
        (["--precedent", "packet", "--allowed-signers", "signers"], 1, "the packet is no precedent"),
        (["--baseline", "missing.yaml"], 3, "missing.yaml"),
    ],
)
def test_what_is_refused(run, fresh, words, code, said):
    ran = run("propose", fresh, *words)
    assert (ran.code, said in ran.err) == (code, True), ran.err
