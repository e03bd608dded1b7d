"""Packets that lie, each with bytes, sums and signatures that fit: verification computes them again and says where.

The forger here may sign. What he cannot do is make the files follow from the events and definitions.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import rfc8785

from analysis.model import Intake
from analysis.output import files
from analysis.output.packet import auditor
from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.statement import SignoffText
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.review import commands
from analysis.review.packets.export import review_snapshot
from analysis.review.packets.signing import PacketResult, verify
from analysis.review.sources.sample import build_sample
from analysis.workspace import EventDraft
from analysis.workspace.events import event_id

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

NOW = "2026-03-20T09:00:00Z"
BINDING = {"SHA256SUMS", "manifest.json"}


@pytest.fixture(scope="session")
def packets(tmp_path_factory):
    """The bytes of the packets of both sample reviews."""
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        for completed in (False, True):
            review = build_sample(tmp_path_factory.mktemp("review") / "sample.clearance", completed=completed)
            made[completed] = files.make(files.PacketContent(review_snapshot(review)))
            review.close()
    return made


@pytest.fixture(scope="session")
def key(tmp_path_factory):
    folder = tmp_path_factory.mktemp("key")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "ann")], check=True)
    return folder / "ann"


class Forger:
    """A packet in memory that can be changed, bound together again, and signed."""

    def __init__(self, made, folder, key):
        self.files = dict(made)
        self.folder, self.key = folder, key
        self.claims = lambda predicate: None
        self.more = {}
        self.verdict = SignoffVerdict.APPROVE

    def json(self, name, change):
        data = json.loads(self.files[name])
        change(data)
        self.files[name] = (json.dumps(data, indent=2, sort_keys=True) + "\n").encode()

    def lines(self, name, change):
        found = self.files[name].splitlines(keepends=True)
        change(found)
        self.files[name] = b"".join(found)

    def events(self, change):
        """Change the events and state their number; `change` gets the bodies as data."""
        header, *bodies = [json.loads(line) for line in self.files["events.jsonl"].splitlines()]
        change(bodies)
        header["events"] = len(bodies)
        lines = [json.dumps(header, sort_keys=True, separators=(",", ":")).encode(), *map(rfc8785.dumps, bodies)]
        self.files["events.jsonl"] = b"".join(line + b"\n" for line in lines)

    def text(self, name, before, after):
        assert before in self.files[name], before
        self.files[name] = self.files[name].replace(before, after)

    def signed(self):
        """Bind the files together as an export does, sign, and return the folder and the list of signers."""
        listed = sorted(name for name in self.files if name not in BINDING)
        digests = {name: hashlib.sha256(self.files[name]).hexdigest() for name in listed}
        draft = json.loads(self.files["manifest.json"])["predicate"]["draft"]
        manifest = json.loads(self.files["manifest.json"])
        self.claims(manifest["predicate"])
        mark = "# DRAFT: this review is not complete\n" if manifest["predicate"]["draft"] is not False else ""
        self.files["SHA256SUMS"] = (mark + "".join(f"{digests[name]}  {name}\n" for name in listed)).encode()
        digests["SHA256SUMS"] = hashlib.sha256(self.files["SHA256SUMS"]).hexdigest()
        manifest["subject"] = [{"name": n, "digest": {"sha256": d}} for n, d in sorted(digests.items())]
        self.files["manifest.json"] = rfc8785.dumps(manifest) + b"\n"
        assert isinstance(draft, bool)
        self.folder.mkdir()
        for name, data in self.files.items():
            (self.folder / name).write_bytes(data)
        text = SignoffText("iam", "ann@corp", self.verdict, "2026-03-12T08:00:00Z")
        sign(self.folder, text, key=self.key)
        signers = self.folder.with_name("signers")
        signers.write_text(f"ann@corp {self.key.with_suffix('.pub').read_text()}")
        return self.folder, signers


@pytest.fixture
def forger(packets, key, tmp_path):
    return lambda completed=True: Forger(packets[completed], tmp_path / "packet", key)


def rechained(bodies):
    """Give every event the link that fits, as a forger would."""
    last = {}
    for body in bodies:
        seq, prev = last.get(body["replica"], (0, ""))
        body["seq"], body["prev"] = seq + 1, prev
        last[body["replica"]] = (seq + 1, event_id(rfc8785.dumps(body)))


def entry(data, name):
    return next(tool for tool in data["tools"] if tool["id"].endswith(name))


DELETE = "DELETE /customers/{}"


def let_through(data):
    entry(data, DELETE).update(decision="allow", as_decided="allow", why="", decided=True)


def slipped_in(data):
    """Allow a resource that was never decided."""
    allowed = next(tool for tool in data["tools"] if tool["decision"] == "allow")
    data["resources"].append({**allowed, "id": "notes:file:///etc/passwd"})


def without_condition(data):
    tool = next(tool for tool in data["tools"] if tool["decision"] == "conditional")
    tool.update(decision="allow", as_decided="allow", conditions=[])


def redecided(bodies):
    """Approve in the log what was blocked, with a chain that fits."""
    body = next(b for b in reversed(bodies) if b["kind"] == "tool.decided" and b["data"].get("exposure") == "blocked")
    body["data"]["exposure"] = "approved"
    rechained(bodies)


def added(bodies):
    last = dict(bodies[-1])
    last.update(
        actor="ciso@corp", kind="note.written", key="note/review/x-1", data={"subject": "review", "text": "fine"}
    )
    last.pop("batch", None)
    last.pop("undoes", None)
    last["replaces"] = []
    bodies.append(last)
    rechained(bodies)


def other_document(forger):
    """Another document under the digest of the reviewed one."""

    def change(lines):
        for number, line in enumerate(lines[1:], 1):
            data = json.loads(line)
            if "file" in data:
                data["text"] = data["text"].replace("Delete", "Fetch")
                data["sha256"] = hashlib.sha256(data["text"].encode()).hexdigest()
                lines[number] = json.dumps(data, sort_keys=True, separators=(",", ":")).encode() + b"\n"

    forger.lines("definitions.jsonl", change)


def without_document(lines):
    lines.remove(next(line for line in lines if line.startswith(b'{"file"')))


def claim(**more):
    def change(forger):
        forger.claims = lambda predicate: predicate.update(more)

    return change


def dropped(key):
    def change(forger):
        forger.claims = lambda predicate: predicate.pop(key)

    return change


FORGERIES = {
    "a blocked tool is let through": (lambda f: f.json("allowlist.json", let_through), "allowlist.json: 1 decisions do not follow"),
    "every tool is let through": (
        lambda f: f.json("allowlist.json", lambda d: [t.update(decision="allow") for t in d["tools"]]), "allowlist.json: 15 decisions do not follow",
    ),
    "a condition is dropped": (lambda f: f.json("allowlist.json", without_condition), "allowlist.json: 1 decisions do not follow"),
    "a tool has another digest": (lambda f: f.json("allowlist.json", lambda d: entry(d, DELETE).update(digest="0" * 64)), "allowlist.json: 1 entries differ"),
    "a name leads to another operation": (
        lambda f: f.json("allowlist.json", lambda d: d["tools"][0]["operation"].update(path="/payouts")), "allowlist.json: 1 entries differ",
    ),
    "a tool looks harmless": (lambda f: f.json("allowlist.json", lambda d: entry(d, DELETE).update(risk="low", effect="read-only")), "1 entries differ"),
    "a tool is left out": (lambda f: f.json("allowlist.json", lambda d: d["tools"].pop()), "allowlist.json: 1 decisions do not follow"),
    "a tool is added": (
        lambda f: f.json("allowlist.json", lambda d: d["tools"].append({**d["tools"][0], "id": "x:GET /x"})), "allowlist.json: 1 decisions do not follow",
    ),
    "a resource is slipped in": (lambda f: f.json("allowlist.json", slipped_in), "allowlist.json: 1 decisions do not follow"),
    "the default is to allow": (lambda f: f.json("allowlist.json", lambda d: d.update(default="allow")), "allowlist.json: its header differs"),
    "other people decided": (lambda f: f.json("allowlist.json", lambda d: d["review"].update(decided_by=["ciso@corp"])), "its header differs"),
    "the allowlist has a better score": (lambda f: f.json("allowlist.json", lambda d: d["review"].update(score=1)), "its header differs"),
    "the last event is cut off": (lambda f: f.events(lambda b: b.pop()), "claims workspace"),
    "an event in the middle is cut out": (lambda f: f.events(lambda b: b.pop(9)), "events.jsonl: the chain of replica"),
    "the number of events is wrong": (lambda f: f.lines("events.jsonl", lambda lines: lines.pop()), "does not hold the events that its first line states"),
    "an event has another actor": (lambda f: f.text("events.jsonl", b'"actor":"t.moreau"', b'"actor":"c.iso"'), "events.jsonl: the chain of replica"),
    "an event is there twice": (lambda f: f.events(lambda b: b.insert(3, b[3])), "events.jsonl: the chain of replica"),
    "two events are exchanged": (lambda f: f.events(lambda b: b.insert(4, b.pop(8))), "events.jsonl: the chain of replica"),
    "a decision is another, and the chain fits": (lambda f: f.events(redecided), "decisions do not follow from the events"),
    "an event is added, and the chain fits": (lambda f: f.events(added), "claims workspace"),
    "an event has a field more": (lambda f: f.events(lambda b: b[3].update(x=1)), "events.jsonl: an event cannot be read: it has unknown or missing fields"),
    "an event is no event": (lambda f: f.lines("events.jsonl", lambda lines: lines.__setitem__(3, b"{}\n")), "events.jsonl: "),
    "the audit trail is empty": (lambda f: f.files.update({"events.jsonl": b""}), "events.jsonl: does not end with a whole line"),
    "the document is another": (other_document, "are not the ones that were imported"),
    "the document does not have its digest": (lambda f: f.text("definitions.jsonl", b"Delete", b"Fetch"), "definitions.jsonl: line 3 does not have its digest"),
    "the document is missing": (lambda f: f.lines("definitions.jsonl", without_document), "are not the ones that were imported"),
    "no definition travels": (lambda f: f.lines("definitions.jsonl", lambda lines: lines.__delitem__(slice(1, None))), "are not the ones that were imported"),
    "a second document is slipped in": (
        lambda f: f.lines("definitions.jsonl", lambda lines: lines.append(b'{"files":0,"not_checked":[],"problems":[],"source":"more"}\n')),
        "definitions.jsonl: does not follow",
    ),
    "a problem is invented": (
        lambda f: f.text("definitions.jsonl", b'"problems":[]', b'"problems":[{"level":"note","line":null,"pointer":"","remedy":"","what":"fine"}]'),
        "review.md: does not follow",
    ),
    "a check is claimed to have run": (lambda f: f.text("definitions.jsonl", b'"check":"conformance"', b'"check":"everything"'), "does not follow"),
    "the recipe states another time": (lambda f: f.json("recipe.json", lambda d: d.update(as_of="2027-03-09T09:03:00Z")), "does not follow"),
    "the recipe asks for an unknown target": (lambda f: f.json("recipe.json", lambda d: d.update(targets=["nowhere"])), "definitions.jsonl: "),
    "the recipe says more": (lambda f: f.json("recipe.json", lambda d: d.update(note="trust me")), "recipe.json: does not follow"),
    "the report has another sentence": (lambda f: f.text("review.md", b"Approvable", b"Approved"), "review.md: does not follow"),
    "the page has a script": (lambda f: f.text("review.html", b"</body>", b"<script></script></body>"), "review.html: does not follow"),
    "the data has another answer": (lambda f: f.json("review.json", lambda d: d["controls"][0].update(text="no")), "review.json: does not follow"),
    "the manifest claims another score": (claim(score=71), "manifest.json: claims score 71; from the events it is 100"),
    "the manifest claims conditions": (claim(verdict="approvable with conditions"), "manifest.json: claims verdict"),
    "the manifest claims other counts": (claim(counts={"tools": 3}), "manifest.json: claims counts"),
    "the approval lasts longer": (claim(reviewBy="2099-01-01"), 'manifest.json: claims reviewBy "2099-01-01"'),
    "the manifest names another profile": (claim(profile="L2"), 'manifest.json: claims profile "L2"'),
    "nobody requested it": (claim(people={"requesters": [], "deciders": []}), "manifest.json: claims people"),
    "other people decided, says the manifest": (claim(people={"requesters": ["m.lindqvist"], "deciders": ["c.iso"]}), "manifest.json: claims people"),
    "a packet that never was is superseded": (claim(supersedes="0" * 64), "manifest.json: claims supersedes"),
    "another replica wrote it": (claim(workspace={"id": "x", "heads": {}, "events": 1}), "manifest.json: claims workspace"),
    "it covers another inventory": (claim(inventory={"tools": 48, "sha256": "0" * 64, "sources": []}), "manifest.json: claims inventory"),
    "it was issued at another time": (claim(issuedAt="2020-01-01T00:00:00Z"), "manifest.json: claims issuedAt"),
    "the approval ends for another reason": (claim(reviewByItem="nothing"), "manifest.json: claims reviewByItem"),
    "it is for another environment": (claim(request={"environment": "production"}), "manifest.json: claims request"),
    "more roles have to sign": (claim(requiredRoles=["ciso"]), 'manifest.json: claims requiredRoles ["ciso"]; from the events it is []'),
    "the manifest says more": (claim(note="trust me"), 'manifest.json: claims note "trust me"; from the events it is null'),
    "the manifest leaves something out": (dropped("counts"), "manifest.json: claims counts null"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), FORGERIES.values(), ids=FORGERIES)
@pytest.mark.repeats
def test_a_packet_that_lies_is_refused(forger, change, sentence):
    forged = forger()
    change(forged)
    found = verify(*forged.signed(), now=NOW)
    assert found.result is PacketResult.NOT_VERIFIED
    assert not found.rebuilt
    assert any(sentence in why for why in found.why), found.why


def test_the_packet_without_a_lie_is_an_approval(forger):
    """The forger's own binding is that of an export: only his lies are refused."""
    found = verify(*forger().signed(), now=NOW)
    assert (found.result, found.why, found.rebuilt) == (PacketResult.APPROVED, (), True)


def test_a_blocked_review_that_calls_itself_approvable_is_refused(forger):
    forged = forger(completed=False)
    forged.claims = lambda p: p.update(draft=False, status="FINAL", openGates=[], verdict="approvable", score=100)
    found = verify(*forged.signed(), now=NOW)
    assert found.result is PacketResult.NOT_VERIFIED
    for claimed in ("draft", "openGates", "score", "status", "verdict"):
        assert any(why.startswith(f"manifest.json: claims {claimed} ") for why in found.why)


def test_an_earlier_expiry_ends_the_approval_whatever_the_manifest_says(forger):
    """The end of an approval is computed from the decisions, so a manifest without one does not live for ever."""
    forged = forger()
    forged.claims = lambda p: p.update(reviewBy="2020-01-01")
    found = verify(*forged.signed(), now=NOW)
    assert found.result is PacketResult.NOT_VERIFIED


def without_definition(lines):
    lines.remove(next(line for line in lines if line.startswith(b'{"definition"')))


OTHER = {"product": {"name": "clearance", "version": "9.0.0"}}


def other_version(predicate):
    predicate.update(OTHER)


def test_a_packet_of_another_version_is_checked_as_far_as_that_is_possible(forger):
    forged = forger()
    forged.claims = other_version
    found = verify(*forged.signed(), now=NOW)
    assert (found.result, found.why, found.rebuilt) == (PacketResult.APPROVED, (), False)
    assert found.not_recomputed.startswith('it was made by version "9.0.0" with rule pack')


def test_the_definitions_of_another_version_may_have_another_form(forger):
    forged = forger()
    forged.claims = other_version
    forged.text("definitions.jsonl", b'"format_version":2', b'"format_version":3')
    assert verify(*forged.signed(), now=NOW).result is PacketResult.APPROVED


def test_the_page_of_another_version_is_named_as_not_checked(forger):
    forged = forger()
    forged.claims = other_version
    packet, signers = forged.signed()
    (packet / "signoffs.html").write_text("<p>approved by everyone</p>")
    found = verify(packet, signers, now=NOW)
    assert found.not_recomputed.endswith("signoffs.html was not checked")


EVASIONS = {
    "a blocked tool is let through": (lambda f: f.json("allowlist.json", let_through), "1 decisions do not follow from the events: "),
    "a condition is dropped": (lambda f: f.json("allowlist.json", without_condition), "1 decisions do not follow from the events: "),
    "a decision is for another definition": (lambda f: f.json("allowlist.json", lambda d: d["tools"][0].update(digest="0" * 64)), "calls the review final while tools are undecided"),
    "a tool is there twice": (lambda f: f.json("allowlist.json", lambda d: d["tools"].append(d["tools"][0])), "lists a tool twice"),
    "a resource is slipped in": (lambda f: f.json("allowlist.json", slipped_in), "1 decisions do not follow from the events: "),
    "the default is to allow": (lambda f: f.json("allowlist.json", lambda d: d.update(default="allow")), "does not deny by default"),
    "a decision is another, and the chain fits": (lambda f: f.events(redecided), "claims another end of the log"),
    "the log is cut": (lambda f: f.events(lambda b: b.pop()), "claims another end of the log"),
    "an event is cut out": (lambda f: f.events(lambda b: b.pop(9)), "the chain of replica"),
    "a packet that never was is superseded": (lambda f: setattr(f, "more", {"supersedes": "0" * 64}), "names another superseded packet than the events do"),
    "more roles have to sign": (lambda f: setattr(f, "more", {"requiredRoles": ["iam", "ciso"]}), "names other required roles than the access request"),
    "a definition is another": (lambda f: f.text("definitions.jsonl", b'\\"DELETE\\"', b'\\"delete\\"'), "definitions.jsonl: line"),
    "a definition is taken out": (lambda f: f.lines("definitions.jsonl", without_definition), "definitions.jsonl: lacks the text of 1 definitions"),
    "it is no allowlist": (lambda f: f.files.update({"allowlist.json": b"{}"}), "does not have the form of an allowlist"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "sentence"), EVASIONS.values(), ids=EVASIONS)
@pytest.mark.repeats
def test_another_version_is_no_way_around_the_decisions(forger, change, sentence):
    forged = forger()
    change(forged)
    forged.claims = lambda predicate: predicate.update(OTHER, **forged.more)
    found = verify(*forged.signed(), now=NOW)
    assert found.result is PacketResult.NOT_VERIFIED
    assert any(sentence in why for why in found.why), found.why


def test_a_packet_of_this_version_has_a_recipe(forger):
    forged = forger()
    del forged.files["recipe.json"]
    del forged.files["definitions.jsonl"]
    found = verify(*forged.signed(), now=NOW)
    assert found.why == ("recipe.json: is missing",)


# --- roles of the access request, and a superseded packet ----------------------------------------------------


@pytest.fixture(scope="session")
def requested(tmp_path_factory):
    """The packet of a completed review whose request wants two roles, and which supersedes an earlier packet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        review = build_sample(tmp_path_factory.mktemp("review") / "sample.clearance", completed=True)
        request = Intake(owner="team", agent="desk bot", purpose="support", roles=("iam", "risk"))
        commands.record_intake(review, request, actor="m.lindqvist", at="2026-03-10T09:00:00Z")
        draft = EventDraft("packet.superseded", "packet", {"manifest": "a" * 64})
        review.commit(lambda: [draft], "m.lindqvist", "2026-03-10T10:00:00Z")
        made = files.make(files.PacketContent(review_snapshot(review)))
        review.close()
    return made


def test_a_role_of_the_request_has_to_sign(requested, key, tmp_path):
    packet, signers = Forger(requested, tmp_path / "packet", key).signed()
    found = verify(packet, signers, now=NOW)
    lacking = "required: sign-offs in the roles that the request names: iam, risk: risk missing"
    assert (found.result, found.why) == (PacketResult.NOT_VERIFIED, (lacking,))
    assert found.request == "agent desk bot; purpose support"
    code, out = run_program(packet, signers, "--at", NOW[:10])
    assert (code, out.splitlines()[0]) == (1, "NOT VERIFIED: the access request wants a sign-off as risk")


@pytest.mark.parametrize(
    ("claims", "sentence", "stable"),
    [
        (
            {"requiredRoles": ["iam"]},
            'claims requiredRoles ["iam"]; from the events it is ["iam", "risk"]',
            "other required roles",
        ),
        (
            {"requiredRoles": []},
            'claims requiredRoles []; from the events it is ["iam", "risk"]',
            "other required roles",
        ),
        ({"supersedes": None}, "claims supersedes null", "another superseded packet"),
        ({"supersedes": "b" * 64}, f'claims supersedes "{"b" * 56}...', "another superseded packet"),
    ],
)
@pytest.mark.parametrize("other", [False, True])
def test_roles_and_supersession_follow_from_the_events(requested, key, tmp_path, claims, sentence, stable, other):
    forged = Forger(requested, tmp_path / "packet", key)
    forged.claims = lambda predicate: predicate.update(OTHER if other else {}, **claims)
    found = verify(*forged.signed(), now=NOW)
    assert found.result is PacketResult.NOT_VERIFIED
    assert any((stable if other else sentence) in why for why in found.why), found.why


# --- the program of an auditor without the product ----------------------------------------------------------

PROGRAM = Path(auditor.__file__).with_name(auditor.PROGRAM)
#: What the program does not claim to check: it computes no score, finding or document.
NOT_CLAIMED = {
    "a name leads to another operation", "a tool looks harmless", "other people decided", "the allowlist has a better score",
    "a check is claimed to have run", "a packet that never was is superseded", "a problem is invented", "a second document is slipped in",
    "it covers another inventory", "it was issued at another time", "no definition travels", "nobody requested it",
    "other people decided, says the manifest", "the approval lasts longer", "the data has another answer",
    "the document does not have its digest", "the document is another", "the document is missing",
    "the manifest claims conditions", "the manifest claims another score", "the manifest claims other counts",
    "the manifest leaves something out", "the manifest names another profile", "the manifest says more", "the page has a script",
    "the recipe asks for an unknown target", "the recipe says more",
    "the approval ends for another reason", "it is for another environment", "the recipe states another time",
    "the report has another sentence", "an event has a field more", "a tool is left out",
    "a tool has another digest", "a tool is added",  # blocked in any case
}  # fmt: skip


def run_program(*arguments):
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(PROGRAM), *map(str, arguments)], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", sorted(FORGERIES.keys() - NOT_CLAIMED))
@pytest.mark.repeats
def test_the_program_refuses_what_it_claims_to_check(forger, name):
    forged = forger()
    FORGERIES[name][0](forged)
    code, out = run_program(*forged.signed(), "--at", NOW[:10])
    assert (code, out.splitlines()[0].startswith("NOT VERIFIED: ")) == (1, True), out


def test_the_program_names_the_verdict(forger):
    packet, signers = forger().signed()
    code, out = run_program(packet, signers, "--at", NOW[:10])
    assert (code, out.splitlines()[0]) == (
        0, "APPROVED as of 2026-03-20: 39 of 48 tools may be called, each as allowlist.json states",
    )  # fmt: skip
    assert "iam: ann@corp, approve" in out
    assert run_program(packet, signers, "--at", "2026-03-01")[0] == 1
    assert run_program(packet)[0] == 2
    assert run_program(packet, packet / "manifest.json")[1].startswith("NOT VERIFIED: the list of signers is inside")


def test_the_program_refuses_a_draft_and_a_rejection(packets, key, tmp_path):
    forged = Forger(packets[False], tmp_path / "packet", key)
    forged.verdict = SignoffVerdict.REJECT
    code, out = run_program(*forged.signed(), "--at", NOW[:10])
    assert code == 1
    assert "REJECTED: iam (ann@corp): reject" in out
    assert "DRAFT: the review was not complete" in out


def test_the_program_refuses_an_added_file_and_a_link(forger):
    packet, signers = forger().signed()
    (packet / "more.txt").write_text("x")
    assert "more.txt: is not listed" in run_program(packet, signers)[1]
    (packet / "more.txt").unlink()
    (packet / "more.txt").symlink_to(signers)
    assert "more.txt: not a plain file" in run_program(packet, signers)[1]


def test_a_packet_with_windows_line_ends_is_named_as_such(forger):
    packet, signers = forger().signed()
    for name in ("review.md", "SHA256SUMS"):
        (packet / name).write_bytes((packet / name).read_bytes().replace(b"\n", b"\r\n"))
        assert f"{name}: has Windows line ends" in run_program(packet, signers)[1]
        assert any(f"{name}: has Windows line ends" in why for why in verify(packet, signers, now=NOW).why)


def test_the_walk_three_years_later(forger, tmp_path):
    """The key has ended and the product is gone: as of a day on which both were there, the program gives the verdict."""
    packet, signers = forger().signed()
    ended = tmp_path / "ended"
    ended.write_text(signers.read_text().replace(" ssh-", ' valid-before="20270101" ssh-', 1))
    code, out = run_program(packet, ended, "--at", "2029-03-20")
    assert (code, "key has expired" in out) == (1, True)
    code, out = run_program(packet, ended, "--at", NOW[:10])
    assert (code, out.startswith(f"APPROVED as of {NOW[:10]}: ")) == (0, True), out


def test_the_program_says_when_an_approval_has_conditions(forger):
    forged = forger()
    forged.verdict = SignoffVerdict.CONDITIONS
    code, out = run_program(*forged.signed(), "--at", NOW[:10])
    assert (code, out.startswith("APPROVED WITH CONDITIONS")) == (0, True), out


ODD_CLAIMS = {"verdict": ["approvable"], "requiredRoles": [["iam"]], "people": 3, "reviewBy": 2027, "openGates": None}


@pytest.mark.parametrize("claim_name", ODD_CLAIMS)
def test_the_program_reads_odd_claims_without_an_exception(forger, claim_name):
    forged = forger()
    forged.claims = lambda predicate: predicate.update({claim_name: ODD_CLAIMS[claim_name]})
    forged.verdict = SignoffVerdict.REJECT  # the product signs nothing else over such a packet
    code, out = run_program(*forged.signed(), "--at", NOW[:10])
    assert (code, "Traceback" in out) == (1, False), out


def test_the_program_is_short_and_its_digest_is_in_the_readme():
    text = PROGRAM.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    assert set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE)) <= set(sys.stdlib_module_names)
    readme = (Path(__file__).parents[4] / "README.md").read_text("utf-8")
    assert hashlib.sha256(PROGRAM.read_bytes()).hexdigest() in readme


# --- the PDF, which no verifier makes again ------------------------------------------------------------------

PDF = b"%PDF-1.7 as some typesetter made it"


@pytest.fixture(scope="session")
def with_pdf(tmp_path_factory):
    """The packet of the completed review with a PDF."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        review = build_sample(tmp_path_factory.mktemp("review") / "sample.clearance", completed=True)
        made = files.make(files.PacketContent(review_snapshot(review), (), "0.15.2", {"review.pdf": PDF}))
        review.close()
    return made


@pytest.fixture
def pdf_forger(with_pdf, key, tmp_path):
    return Forger(with_pdf, tmp_path / "packet", key)


def test_a_packet_with_a_pdf_is_verified_and_the_pdf_is_named_as_not_recomputed(pdf_forger, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)  # a verifier needs none
    packet, signers = pdf_forger.signed()
    found = verify(packet, signers, now=NOW)
    assert (found.result.approved, found.why, found.rebuilt, found.by_digest) == (True, (), True, ("review.pdf",))
    code, out = run_program(packet, signers, "--at", NOW[:10])
    assert (code, out.partition(" ")[0]) == (0, "APPROVED")


def test_without_a_pdf_every_file_is_recomputed(forger):
    found = verify(*forger().signed(), now=NOW)
    assert (found.rebuilt, found.by_digest) == (True, ())


def test_a_changed_pdf_is_found_by_its_digest(pdf_forger):
    packet, signers = pdf_forger.signed()
    (packet / "review.pdf").write_bytes(PDF + b" or another")
    found = verify(packet, signers, now=NOW)
    assert found.why == ("review.pdf: has been changed since the packet was made",)
    assert (found.rebuilt, found.by_digest) == (False, ())
    code, out = run_program(packet, signers, "--at", NOW[:10])
    assert (code, out.splitlines()[0]) == (1, "NOT VERIFIED: review.pdf: has been changed since the packet was made")


def test_a_pdf_that_was_removed_is_missed(pdf_forger):
    packet, signers = pdf_forger.signed()
    (packet / "review.pdf").unlink()
    assert verify(packet, signers, now=NOW).why[0].startswith("review.pdf: is missing")


def test_a_pdf_that_was_removed_from_the_manifest_too_is_missed(pdf_forger):
    del pdf_forger.files["review.pdf"]
    found = verify(*pdf_forger.signed(), now=NOW)
    assert found.result is PacketResult.NOT_VERIFIED
    assert "review.pdf: does not follow from the events and definitions" in found.why


@pytest.mark.parametrize("name", ["review.pdf", "approval.txt"])
def test_a_file_that_was_added_to_the_manifest_too_is_refused(forger, name):
    forged = forger()
    forged.files[name] = PDF
    found = verify(*forged.signed(), now=NOW)
    assert (found.result, found.why) == (PacketResult.NOT_VERIFIED, (f"{name}: is no file of this packet",))


def test_the_program_refuses_a_revoked_key(forger):
    packet, signers = forger().signed()
    assert run_program(packet, signers, "--at", NOW[:10])[0] == 0
    listed = next(line for line in signers.read_text().splitlines() if line.startswith("ann@corp"))
    signers.with_name("revoked_keys").write_text(listed[listed.index("ssh-") :] + "\n")
    code, out = run_program(packet, signers, "--at", NOW[:10])
    assert (code, out.splitlines()[0].startswith("NOT VERIFIED: signoffs/")) == (1, True), out
