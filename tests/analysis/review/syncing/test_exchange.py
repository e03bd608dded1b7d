"""A team over one bare repository: everyone ends in one state, and each attack has its stated outcome."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from analysis.errors import UsageError
from analysis.model import DecisionState
from analysis.output.packet.file_check import read_manifest
from analysis.output.packet.folder import Snapshot
from analysis.review import commands
from analysis.review.packets.carried_signatures import signature_problems
from analysis.review.packets.export import export, review_snapshot
from analysis.review.packets.recomputation import recompute
from analysis.review.syncing import exchange
from analysis.ssh.signer_list import REVOKED, SignerList
from tests.fixtures.git_team import NOW, Member, Team, git

pytestmark = pytest.mark.skipif(
    shutil.which("git") is None or shutil.which("ssh-keygen") is None, reason="git or ssh-keygen is not installed"
)


@pytest.fixture
def team(tmp_path):
    return Team(tmp_path / "team", ["ann", "bob"])


def trouble(synced):
    return " | ".join(f"{name}: {why}" for name, why in synced.trouble)


def test_two_exchange_and_are_one_state(team):
    ann, bob = team.members
    ann.decide([0, 1])
    bob.decide([2, 3])
    first = ann.sync()
    assert (first.reached, first.pushed, first.received, first.trouble) == (True, 4, 0, ())
    second = bob.sync()
    assert (second.pushed, second.received, second.people) == (2, 2, (("ann", 2),))
    third = ann.sync()
    assert (third.pushed, third.received) == (0, 2)
    assert ann.bodies() == bob.bodies()
    assert ann.states() == bob.states()
    assert list(ann.states().values()).count("approved") == 4
    assert ann.proven() == bob.proven() == {"ann": 4, "bob": 2}
    quiet = ann.sync()
    assert (quiet.pushed, quiet.received) == (0, 0)
    log = git(team.bare, "log", "--format=%s %G?", ann.branch)
    assert log.startswith("Clearance events")


def test_a_packet_carries_the_proofs_and_is_computed_again_with_them(team, tmp_path):
    ann, bob = team.members
    ann.decide([0, 1])
    bob.decide([2])
    team.everyone_syncs()
    with ann.review() as review:
        export(review, tmp_path / "packet")
    packet = Snapshot.of(tmp_path / "packet")
    assert packet.read("proofs.jsonl").count(b"\n") == 2
    assert recompute(packet).problems == ()
    manifest = read_manifest(packet)
    assert list(signature_problems(packet, manifest, SignerList(team.allowed.read_bytes()), NOW)) == []
    team.list_signers(["bob"], {})
    assert "proves nothing" in " ".join(
        signature_problems(packet, manifest, SignerList(team.allowed.read_bytes()), NOW)
    )
    without = Snapshot({name: data for name, data in packet.files.items() if name != "proofs.jsonl"}, {})
    assert any("allowlist.json" in each for each in recompute(without).problems)


def test_what_is_recorded_here_counts_here_until_it_is_signed_and_in_no_packet(team):
    ann, bob = team.members
    bob.decide([1])
    bob.sync()
    ann.sync()
    ann.decide([0])
    with ann.review() as review:
        assert review.tools()[0].decision_state is DecisionState.APPROVED
        assert review.record.unsigned == 1
        assert [gate.id for gate in review.summary().open_gates if gate.id == "proven"] == ["proven"]
        strict = review_snapshot(review)
        assert strict.tools[0].state.decision_state is DecisionState.UNDECIDED
    ann.decide([2], as_="bob")  # under another name it is a claim
    assert ann.states()["getThing2"] == "undecided"
    ann.sync()
    with ann.review() as review:
        assert review.record.unsigned == 0
        assert review_snapshot(review).tools[0].state.decision_state is DecisionState.APPROVED


def test_offline_is_no_fault_and_says_when_it_was_online(team):
    ann, bob = team.members
    ann.sync(at="2026-04-01T00:00:00Z")
    away = team.bare.rename(team.bare.with_suffix(".away"))
    ann.decide([0])
    with ann.review() as review:
        held = exchange.begin_exchange(review, person="ann", at=NOW, remote=str(away)).memory
        assert held.synced_at == "2026-04-01T00:00:00Z"
    with pytest.raises(UsageError, match="no such remote"):
        ann.sync()
    away.rename(team.bare)
    (team.bare / "HEAD").rename(team.bare / "HEAD.away")  # still a folder, and no repository
    offline = ann.sync()
    assert not offline.reached
    assert "last synchronised 2026-04-01T00:00:00Z" in offline.sentence
    (team.bare / "HEAD.away").rename(team.bare / "HEAD")
    assert ann.sync().pushed == 1
    bob.sync()
    assert bob.states()["getThing0"] == "approved"


def test_without_a_key_events_are_only_read_and_without_signers_nothing_is_proven(team):
    ann, bob = team.members
    ann.decide([0])
    assert "no key" in ann.sync(key=False).not_pushed
    ann.sync()
    bob.decide([1])
    bob.sync(signers=False)
    assert bob.states()["getThing0"] == "undecided"  # Ann only claims it
    with bob.review() as review:
        assert review.summary().progress.claimed == 1  # what Bob recorded here counts here
        assert [gate.id for gate in review.summary().open_gates if gate.id == "proven"] == ["proven"]
    bob.sync()  # signers are remembered from now on, and what is known is checked again
    assert bob.states()["getThing0"] == "approved"
    assert bob.states()["getThing1"] == "approved"


def test_an_import_comes_with_its_bytes(team):
    ann, bob = team.members
    with ann.review() as review:
        more = b'{"openapi":"3.1.0","info":{"title":"More","version":"1"},"paths":{"/z":{"get":{"operationId":"readZ","responses":{}}}}}'
        commands.import_source(review, more, actor="ann", at=ann.at())
    ann.sync()
    bob.sync()
    assert "readZ" in bob.states()
    assert ann.states() == bob.states()
    with bob.review() as review:
        assert not review.record.set_aside


def test_a_restored_backup_gets_back_what_it_had_sent(team):
    ann, bob = team.members
    ann.decide([0])
    ann.sync()
    backup = shutil.copy(ann.path, ann.path.with_suffix(".backup"))
    home = shutil.copytree(ann.home, team.folder / "home-backup")
    ann.decide([1, 2])
    ann.sync()
    everything = ann.bodies()
    shutil.copy(backup, ann.path)
    shutil.rmtree(ann.home)
    shutil.copytree(home, ann.home)
    assert ann.sync().received == 2
    ann.decide([3])
    assert ann.sync().pushed == 1
    bob.sync()
    assert everything < bob.bodies()
    assert bob.bodies() == ann.bodies()
    assert ann.states() == bob.states()


def test_a_cloned_machine_parts_and_no_decision_is_lost(team):
    ann, bob = team.members
    bob.decide([3])
    bob.sync()
    ann.decide([0])
    ann.sync()
    clone = Member(team, "ann", home="home-clone")
    # A machine is cloned with its paths: the same file name, under another root.
    shutil.copytree(ann.home, clone.home)
    original = ann.path.read_bytes()
    ann.decide([1])
    ann.sync()
    theirs = ann.path.read_bytes()
    clone.path = ann.path
    ann.path.write_bytes(original)
    clone.seconds = 30
    clone.decide([2])
    clone.sync()
    clone.sync()
    cloned = ann.path.read_bytes()
    ann.path.write_bytes(theirs)
    ann.sync()
    bob.sync()
    states = [bob.states(), ann.states()]
    ann.path.write_bytes(cloned)
    states.append(clone.states())
    for each in states:
        assert [each[f"getThing{n}"] for n in range(4)] == ["approved"] * 4, [list(e.values())[:4] for e in states]


def test_a_rewritten_branch_is_refused_and_what_was_read_stays(team):
    ann, bob = team.members
    ann.decide([0])
    ann.sync()
    bob.sync()
    ann.decide([1])
    ann.sync()
    bob.sync()
    earlier = git(team.bare, "rev-parse", f"{ann.branch}~1")
    git(team.bare, "update-ref", ann.branch, earlier)
    said = bob.sync()
    assert "rewritten" in trouble(said)
    assert bob.states()["getThing1"] == "approved"
    assert "rewritten" in trouble(bob.sync())  # said as long as it is so
    healed = ann.sync()
    assert "rewritten" in trouble(healed)


def test_a_deleted_branch_is_named_and_its_owner_sends_it_again(team):
    ann, bob = team.members
    ann.decide([0])
    ann.sync()
    bob.sync()
    git(team.bare, "update-ref", "-d", ann.branch)
    assert "deleted" in trouble(bob.sync())
    assert bob.states()["getThing0"] == "approved"
    ann.sync()
    git(team.bare, "rev-parse", ann.branch)
    assert "deleted" not in trouble(bob.sync())


def attack(team, bob, branch, commit):
    """Put a commit on a branch, and let Bob read it."""
    git(team.bare, "update-ref", branch, commit)
    return bob.sync()


def a_commit(team, files, parent=""):
    """Return an unsigned commit of some files (mode, name, content) with a message of no form."""
    lines = []
    for mode, name, content in files:
        blob = git(team.bare, "hash-object", "-w", "--stdin", stdin=content)
        lines.append(f"{mode} blob {blob}\t{name}\n")
    tree = git(team.bare, "mktree", stdin="".join(lines).encode())
    return git(team.bare, "commit-tree", tree, *(["-p", parent] if parent else []), "-m", "hello")


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([("100644", "readme", b"x")], "message is not one of Clearance"),
        ([("100755", "run.sh", b"#!/bin/sh\ntouch /tmp/x\n")], "message is not one of Clearance"),
        ([("120000", "link", b"/etc/passwd")], "message is not one of Clearance"),
    ],
)
def test_a_foreign_branch_is_refused(team, files, why):
    ann, bob = team.members
    ann.sync()
    bob.decide([0])
    bob.sync()
    branch = f"{ann.branch.rpartition('/')[0]}/{'e' * 32}"
    assert why in trouble(attack(team, bob, branch, a_commit(team, files)))
    other = f"{ann.branch.rpartition('/')[0]}/not-a-replica"
    git(team.bare, "update-ref", other, ann.branch)
    assert "not that of a person's replica" in trouble(bob.sync())
    assert bob.states()["getThing0"] == "approved"


def forged(
    team, person, key, *, at=NOW, heads=None, seconds=0, exposure="approved", actor="", replica="e" * 32, sign=True
):
    """Return a commit with one event on a new replica, signed with some key at some date."""
    from analysis.ssh.signatures import make_signature
    from analysis.sync.signed_commits import (
        Segment,
        message_of,
        payload_of,
        segment_bytes,
        segment_name,
        with_signature,
        write_object,
        written_tree,
    )
    from analysis.workspace.events import EventDraft, record
    from analysis.workspace.keys import decision_key

    with team.members[0].review() as review:
        tool, identity = review.tools()[5].row, review.record.identity
    data = {"exposure": exposure, "definition": tool.digest, "reason": "trust me"}
    event = record(
        EventDraft("tool.decided", decision_key(tool.id), data), replica=replica, seq=1, prev="", actor=actor or person, at=at,
        batch="",
    )  # fmt: skip
    segment = Segment(replica, 1, (event.body,), event.id)
    blob = write_object(team.bare, "blob", segment_bytes(segment))
    tree = write_object(team.bare, "tree", written_tree({segment_name(segment): blob}))
    payload = payload_of(tree, "", person=person, seconds=seconds, message=message_of(identity, person, [segment]))
    raw = with_signature(payload, make_signature(payload, key=team.keys / key, namespace="git")) if sign else payload
    return write_object(team.bare, "commit", raw), f"refs/heads/clearance/{identity[:24]}/{person}/{replica}"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"sign": False}, "not signed"),
        ({"key": "mallory"}, "does not list this key"),
        ({"key": "bob"}, "does not list this key"),
    ],
)
def test_what_is_not_signed_by_the_person_of_its_branch_is_only_claimed(team, how, why):
    _ann, bob = team.members
    team.make_key("mallory")
    bob.decide([0])
    bob.sync()
    commit, branch = forged(team, "ann", **{"key": "ann"} | how)
    said = attack(team, bob, branch, commit)
    assert why in trouble(said)
    assert said.received == 1
    assert bob.states()["getThing5"] == "undecided"
    with bob.review() as review:
        assert [each.actor for each in review.tools()[5].claimed] == ["ann"]
    commit, branch = forged(team, "ann", **{"key": "ann"} | how, exposure="blocked", replica="d" * 32)
    attack(team, bob, branch, commit)
    assert bob.states()["getThing5"] == "blocked"


def test_the_name_of_somebody_else_on_ones_own_branch_is_only_claimed(team):
    _ann, bob = team.members
    bob.decide([0])
    bob.sync()
    commit, branch = forged(team, "bob", "bob", actor="ann")
    attack(team, bob, branch, commit)
    assert bob.states()["getThing5"] == "undecided"


def test_a_date_that_was_set_back_does_not_bring_an_ended_key_back(team):
    _ann, bob = team.members
    team.list_signers(["ann", "bob"], {"ann": 'valid-before="20260401000000Z"'})
    bob.decide([0])
    bob.sync()
    backdated = 1_767_225_600  # 2026-01-01, when the key was valid
    commit, branch = forged(team, "ann", "ann", seconds=backdated, at="2026-01-01T00:00:00Z")
    said = attack(team, bob, branch, commit)
    assert "valid on 2026-05-01" in trouble(said)
    assert bob.states()["getThing5"] == "undecided"


def test_what_was_first_seen_before_a_key_ended_stays_proven(team):
    ann, bob = team.members
    ann.decide([0])
    ann.sync(at="2026-03-03T00:00:00Z")
    bob.decide([1])
    bob.sync(at="2026-03-03T00:00:00Z")
    team.list_signers(["ann", "bob"], {"ann": 'valid-before="20260401000000Z"'})
    bob.sync()
    assert bob.states()["getThing0"] == "approved"
    team.list_signers(["bob"], {})  # off the list: nothing of hers counts
    bob.sync()
    assert bob.states()["getThing0"] == "undecided"


def test_an_oversized_branch_is_refused_while_it_arrives_and_the_others_are_read(team, monkeypatch):
    ann, bob = team.members
    monkeypatch.setattr("analysis.sync.received.MAX_PACK", 200_000)
    monkeypatch.setattr("analysis.sync.received.MAX_BRANCH_PACK", 100_000)
    ann.decide([0])
    ann.sync()
    noise = subprocess.run(["head", "-c", "400000", "/dev/urandom"], check=True, capture_output=True).stdout
    commit = a_commit(team, [("100644", f"{'e' * 32}.1-1.jsonl", noise)])
    bob.decide([1])
    said = attack(team, bob, f"{ann.branch.rpartition('/')[0]}/{'e' * 32}", commit)
    assert "more than is taken in at once" in trouble(said)
    assert said.received == 1
    assert bob.states()["getThing0"] == "approved"
    kept = sum(path.stat().st_size for path in bob.home.rglob("*") if path.is_file())
    assert kept < 200_000


def test_a_small_pack_with_a_large_object_is_refused_by_its_size(team, monkeypatch):
    from analysis.sync.signed_commits import Segment, message_of, payload_of, segment_name, write_object, written_tree

    ann, bob = team.members
    ann.sync()
    bob.decide([1])
    monkeypatch.setattr("analysis.sync.received.MAX_BLOB", 1_000_000)
    blob = write_object(team.bare, "blob", b"a" * 50_000_000)
    segment = Segment("e" * 32, 1, ("",), "0" * 64)
    tree = write_object(team.bare, "tree", written_tree({segment_name(segment): blob}))
    with ann.review() as review:
        message = message_of(review.record.identity, "ann", [segment])
    commit = write_object(team.bare, "commit", payload_of(tree, "", person="ann", seconds=0, message=message))
    said = attack(team, bob, f"{ann.branch.rpartition('/')[0]}/{'e' * 32}", commit)
    assert "50,000,000 bytes" in trouble(said)


def test_a_hostile_folder_runs_nothing_here(team, tmp_path):
    ann, bob = team.members
    sign = tmp_path / "it-ran"
    for hook in ("pre-receive", "update", "post-receive", "post-update", "reference-transaction", "proc-receive"):
        place = team.bare / "hooks" / hook
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"#!/bin/sh\necho {hook} >> {sign}\n")
        place.chmod(0o755)
    with (team.bare / "config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = touch {sign}\n\tsshCommand = touch {sign}\n\talternateRefsCommand = touch {sign}\n"
            f"[uploadpack]\n\tpackObjectsHook = touch {sign}\n"
            f"[core]\n\thooksPath = {team.bare}/hooks\n[gc]\n\trecentObjectsHook = touch {sign}\n\tauto = 1\n"
            f'[filter "x"]\n\tsmudge = touch {sign}\n\tclean = touch {sign}\n[diff]\n\texternal = touch {sign}\n'
        )
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "other.git")], check=True)
    (team.bare / "objects" / "info" / "alternates").write_text(f"{tmp_path}/other.git/objects\n")
    ann.decide([0])
    done = ann.sync()
    assert done.pushed == 3, done
    bob.decide([1])
    assert bob.sync().received == 1
    assert ann.sync().received == 1
    assert not sign.exists()


@pytest.mark.parametrize("remote", ["ext::sh -c id", "git://host/x", "http://host/x", "--upload-pack=id", "https://me:pw@host/x", "ssh://-oProxyCommand=id/x", "nowhere"])  # fmt: skip
def test_a_remote_that_could_run_or_store_something_is_no_remote(team, remote):
    with pytest.raises(UsageError):
        team.members[0].sync(remote=remote)


def test_a_person_who_cannot_have_a_branch_is_told(team):
    ann = team.members[0]
    with ann.review() as review, pytest.raises(UsageError, match="cannot be the name of a branch"):
        exchange.sync(review, person="Ann Smith", at=NOW, remote=str(team.bare))


def test_a_conflict_is_said_and_settled_by_one_event(team):
    ann, bob = team.members
    ann.decide([0])
    bob.decide([0], DecisionState.BLOCKED)
    ann.sync()
    assert bob.sync().conflicts == 1
    assert bob.states()["getThing0"] == "conflicting"
    with bob.review() as review:
        side = next(e for e in review.store.events if e.data.get("exposure") == "blocked")
        commands.settle(review, side.id, reason="agreed", actor="bob", at=bob.at())
    bob.sync()
    ann.sync()
    assert ann.states()["getThing0"] == bob.states()["getThing0"] == "blocked"


def test_one_exchange_of_a_file_at_a_time(team):
    ann = team.members[0]
    with ann.at_home(), exchange.one_at_a_time(ann.path), pytest.raises(UsageError, match="another program"):
        ann.sync()


def test_a_revoked_key_proves_nothing_whenever_it_was_seen(team):
    ann, bob = team.members
    ann.decide([0])
    team.everyone_syncs()
    assert bob.proven()["ann"] == 3
    team.allowed.with_name(REVOKED).write_text((team.keys / "ann.pub").read_text())
    assert REVOKED in trouble(bob.sync())
    assert bob.proven()["ann"] == 0
    team.allowed.with_name(REVOKED).unlink()
    bob.sync()
    assert bob.proven()["ann"] == 3


def test_what_others_wrote_in_ones_name_is_not_signed_for_them(tmp_path):
    """A file that was mailed holds an approval in the name of its receiver."""
    team = Team(tmp_path / "team", ["ann", "bob", "eve"])
    ann, bob, eve = team.members
    ann.decide([0])
    bob.decide([1])
    team.everyone_syncs()
    eve.decide([3], as_="ann")
    with ann.review() as review:
        commands.merge(review, [eve.path], at=NOW)
    done = ann.sync()
    assert "1 events in your name from another copy are not signed" in trouble(done)
    bob.sync()
    assert bob.states()["getThing3"] == ann.states()["getThing3"] == "undecided"
    assert bob.proven()["ann"] == 3
    ann.sync(mine=True)  # they are hers: recorded on another machine of her own
    bob.sync()
    assert bob.states()["getThing3"] == "approved"


def test_what_was_recorded_before_a_file_was_moved_is_ones_own(team):
    ann, bob = team.members
    ann.decide([0, 1])
    ann.path = ann.path.rename(ann.path.with_name("moved.clearance"))
    ann.decide([2])
    assert ann.sync().trouble == ()
    bob.sync()
    assert bob.proven()["ann"] == 5
