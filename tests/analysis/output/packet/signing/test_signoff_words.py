"""What signing and verifying say, to the letter: an auditor acts on these sentences."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import rfc8785

from analysis.errors import CheckFailed, UsageError
from analysis.output.packet.folder import Snapshot, Unreadable
from analysis.output.packet.signing import signoff, sshsig
from analysis.output.packet.signing.signoff import Signoff, Verification
from analysis.output.packet.signing.statement import role_and_signer
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.ssh.signer_list import SignerList

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

AT = "2026-11-21T08:00:00Z"
IAM = "signoffs/iam.ann@corp.json"
RISK = "signoffs/risk.ann@corp.json"


def verify(packet, allowed):
    return signoff.check_signoffs(Snapshot.of(packet), SignerList(allowed.read_bytes()))


def failure(kind, packet, sign_as, **how):
    with pytest.raises(kind) as caught:
        sign_as(packet, **how)
    return caught.value.what, caught.value.place, caught.value.why, caught.value.remedy


@pytest.fixture
def crafted(keys, sign_as):
    """Put a text by hand where ann's sign-off for risk is, signed with her key."""

    def crafting(packet, change):
        _replace(packet, keys, json.loads(sign_as(packet, role="risk").read_bytes()), change)

    return crafting


def _replace(packet, keys, text, change):
    change(text)
    data = rfc8785.dumps(text) + b"\n"
    (packet / RISK).write_bytes(data)
    (packet / f"{RISK}.sig").write_bytes(sshsig.make_signature(data, key=keys / "ann", role="risk"))


# --- signing -----------------------------------------------------------------------------------------


def test_what_is_signed(packet, sign_as):
    made = sign_as(
        packet, verdict="approve-with-conditions", conditions=("in\ud800 March",), statement="Seen\ud800.",
        valid_until="2026-11-21",
    )  # fmt: skip
    assert made == packet / IAM
    assert json.loads(made.read_bytes()) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": "manifest.json",
             "digest": {"sha256": hashlib.sha256((packet / "manifest.json").read_bytes()).hexdigest()}}
        ],
        "predicateType": "https://clearance/predicates/sign-off/v2",
        "predicate": {
            "role": "iam", "signer": "ann@corp", "verdict": "approve-with-conditions", "conditions": ["in\ufffd March"],
            "statement": "Seen\ufffd.", "signedAt": AT, "validUntil": "2026-11-21", "before": [], "draft": False,
        },
    }  # fmt: skip
    assert sorted(path.name for path in made.parent.iterdir()) == ["iam.ann@corp.json", "iam.ann@corp.json.sig"]


def test_the_verdict_is_approval_where_none_is_given(packet, sign_as):
    predicate = json.loads(sign_as(packet).read_bytes())["predicate"]
    assert (predicate["verdict"], predicate["statement"], predicate["conditions"]) == ("approve", "", [])


def test_a_second_sign_off_is_refused(packet, sign_as):
    sign_as(packet)
    assert failure(UsageError, packet, sign_as) == (
        "the sign-off exists", str(packet / IAM), "ann@corp has already signed as iam", "add --replace to replace it",
    )  # fmt: skip


def test_a_packet_that_was_changed_is_not_signed(packet, sign_as):
    (packet / "review.md").write_bytes(b"else")
    one = failure(CheckFailed, packet, sign_as)
    assert (one[0], one[1], one[3]) == ("the packet is not intact", str(packet), "export it again")
    assert one[2].startswith("review.md: ")
    assert " more)" not in one[2]
    (packet / "review.html").write_bytes(b"else")
    (packet / "review.json").write_bytes(b"else")
    assert failure(CheckFailed, packet, sign_as)[2].endswith(" (and 2 more)")


def test_a_folder_that_is_no_packet_is_not_signed(tmp_path, sign_as):
    what, place, why, remedy = failure(CheckFailed, tmp_path / "none", sign_as)
    assert (what, place, remedy) == ("this is not a packet", str(tmp_path / "none"), "export it again")
    assert why
    (tmp_path / "empty").mkdir()
    assert failure(CheckFailed, tmp_path / "empty", sign_as)[2].startswith("manifest.json")


CONDITIONS = ("conditions and verdict do not match", "conditions go with the verdict conditions alone")
TIME = "give ISO 8601 in UTC, such as 2026-11-22T10:00:00Z"
END = "give a date from today on, as YYYY-MM-DD"


@pytest.mark.parametrize(
    ("change", "what", "remedy"),
    [
        ({"conditions": ("c",)}, *CONDITIONS),
        ({"signed_at": "2026-11-21"}, "2026-11-21 is not a time", TIME),
        ({"signed_at": "t" * 50}, f"{'t' * 40}…+10 is not a time", TIME),
        ({"signed_at": f"{AT} "}, "2026-11-21T08:00:00Z is not a time", TIME),
        ({"valid_until": "2026-11-20"}, "2026-11-20 cannot end a sign-off", END),
        ({"valid_until": "soon"}, "soon cannot end a sign-off", END),
        ({"valid_until": "2026-11-22T00:00:00Z"}, "2026-11-22T00:00:00Z cannot end a sign-off", END),
        ({"valid_until": "u" * 50}, f"{'u' * 40}…+10 cannot end a sign-off", END),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(packet, sign_as, change, what, remedy):
    assert failure(UsageError, packet, sign_as, **change) == (what, "", "", remedy)
    assert not (packet / "signoffs").exists()


def changed(packet, **claims):
    """Change what the manifest claims of the review; the rest stays intact."""
    manifest = json.loads((packet / "manifest.json").read_bytes())
    manifest["predicate"].update(claims)
    (packet / "manifest.json").write_bytes(rfc8785.dumps(manifest) + b"\n")


OPEN = "close what is open and export again, or sign --verdict reject"
OTHER = "another person has to sign; --verdict reject is possible"


@pytest.mark.parametrize(
    ("claims", "verdict", "what", "why", "remedy"),
    [
        ({"verdict": "blocked"}, "approve", "this packet cannot be signed with approve",
         "open: the verdict of the review is blocked", OPEN),
        ({"verdict": None}, "withdrawn", "this packet cannot be signed with withdrawn",
         "open: the verdict of the review is not stated", OPEN),
        ({"profile": "L2", "people": {"requesters": ["ann@corp"], "deciders": []}}, "approve",
         "ann@corp cannot approve this packet", "ann@corp requested the access; profile L2 wants another person", OTHER),
    ],
)  # fmt: skip
def test_a_packet_or_a_person_that_may_not_be_signed(packet, sign_as, monkeypatch, claims, verdict, what, why, remedy):
    monkeypatch.setattr("analysis.output.packet.signing.sign.check_manifest", lambda _: [])
    changed(packet, **claims)
    assert failure(CheckFailed, packet, sign_as, verdict=verdict) == (what, str(packet), why, remedy)
    assert not (packet / "signoffs").exists()
    assert sign_as(packet, verdict="reject").exists()


@pytest.mark.parametrize("at", ["2026-11-21T08:00:00.123456Z", "2026-11-21T08:00:00+00:00"])
def test_times_in_utc_are_taken_as_they_are(packet, sign_as, allowed, at):
    sign_as(packet, signed_at=at)
    (found,) = verify(packet, allowed).signoffs
    assert (found.ok, found.signed_at) == (True, at)


def test_a_write_that_fails_leaves_nothing_behind(packet, sign_as, monkeypatch):
    def refuse(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="the disk is full"):
        sign_as(packet)
    assert list((packet / "signoffs").iterdir()) == []


# --- verifying ---------------------------------------------------------------------------------------


def test_a_valid_sign_off_is_read_whole(packet, sign_as, allowed):
    sign_as(packet)
    sign_as(packet, "bob", "risk", verdict="approve-with-conditions", conditions=("a", "b"), statement="Seen.",
            valid_until="2026-12-31")  # fmt: skip
    found = verify(packet, allowed)
    first, made = found.signoffs
    assert made.key.startswith("SHA256:")
    assert first.before == ()
    assert made == Signoff(
        "risk",
        "bob@corp",
        SignoffVerdict.CONDITIONS,
        AT,
        True,
        "",
        made.key,
        ("a", "b"),
        "Seen.",
        "2026-12-31",
        tuple((name, hashlib.sha256((packet / name).read_bytes()).hexdigest()) for name in (IAM, f"{IAM}.sig")),
    )
    assert found == Verification(ok=True, draft=False, problems=(), signoffs=(first, made))


def test_what_a_sign_off_names_and_is_not_there_was_removed(packet, sign_as, allowed):
    sign_as(packet)
    sign_as(packet, "bob", "risk")
    for end in ("", ".sig"):
        (packet / f"{IAM}{end}").unlink()
    found = verify(packet, allowed)
    assert found.problems == (f"{IAM}: was there when bob@corp signed, and has been removed",)
    assert [(each.ok, each.approves, each.refuses) for each in found.signoffs] == [(True, True, False)]


def test_without_a_manifest_nothing_is_said_about_signatures(packet, sign_as, allowed):
    sign_as(packet)
    (packet / "manifest.json").unlink()
    found = verify(packet, allowed)
    assert (found.ok, found.draft, found.signoffs) == (False, True, ())
    assert found.problems[0].startswith("manifest.json")


def test_no_sign_off_at_all(packet, allowed):
    assert verify(packet, allowed) == Verification(ok=True, draft=False, signoffs=(), problems=())


def test_strange_files_are_problems_next_to_a_valid_sign_off(packet, sign_as, allowed):
    sign_as(packet)
    (packet / "signoffs" / "read\u202eme.txt").write_text("trust me")
    (packet / "signoffs" / "risk.bob@corp.json.sig").write_text("")
    found = verify(packet, allowed)
    assert sorted(found.problems) == [
        "signoffs/read⟨U+202E⟩me.txt: is not a sign-off", "signoffs/risk.bob@corp.json.sig: is not a sign-off",
    ]  # fmt: skip
    assert [each.ok for each in found.signoffs] == [True]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("signoffs/iam.ann@corp.json", ("iam", "ann@corp")),
        ("signoffs/iam.ann.b@corp.json", ("iam", "ann.b@corp")),
        ("signoffs/iam.ann@corp", None),
        ("signoffs/iam.json", None),
        ("signoffs/.ann@corp.json", None),
        ("signoffs/IAM.ann@corp.json", None),
        ("signoffs/iam.*.json", None),
        ("signoffs/iam.ann@corp.json.sig", None),
    ],
)
def test_role_and_signer_are_in_the_name_of_the_file(name, parts):
    assert role_and_signer(name) == parts


def test_what_is_wrong_with_a_sign_off_is_told_with_its_file(packet, sign_as, allowed):
    sign_as(packet, "eve")
    (packet / f"{IAM}".replace("ann", "eve")).write_bytes(b"[]")
    (eve,) = verify(packet, allowed).signoffs
    assert eve == Signoff("iam", "eve@corp", None, "", False, eve.why)
    assert verify(packet, allowed).problems == (f"signoffs/iam.eve@corp.json: {eve.why}",)


def test_a_missing_signature_is_named_as_one(packet, sign_as, allowed):
    sign_as(packet)
    (packet / f"{IAM}.sig").unlink()
    (problem,) = verify(packet, allowed).problems
    assert problem.startswith(f"{IAM}: its signature ")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda s: s["predicate"].update(signer="bob@corp"), "its text names risk.bob@corp, its file name risk.ann@corp"),
        (lambda s: s["predicate"].update(role="iam"), "its text names iam.ann@corp, its file name risk.ann@corp"),
        (lambda s: s["subject"][0].update(name="x"), "is for another manifest.json, or manifest.json has been changed since"),
        (lambda s: s.update(_type="x"), "does not have the form of a sign-off"),
        (lambda s: s["predicate"].update(draft=True), "does not agree with manifest.json on whether this is a draft"),
    ],
)  # fmt: skip
def test_a_genuine_signature_that_is_none_on_this_packet(packet, crafted, allowed, change, why):
    crafted(packet, change)
    (found,) = verify(packet, allowed).signoffs
    assert (found.ok, found.why, found.signed_at) == (False, why, AT)
    assert found.key.startswith("SHA256:")


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.pop("statement"), lambda p: p.update(more=""), lambda p: p.update(conditions="c"),
        lambda p: p.update(conditions=["c", 1]), lambda p: p.update(verdict="maybe"), lambda p: p.update(signedAt="today"),
        lambda p: p.update(validUntil="soon"), lambda p: p.update(before={}), lambda p: p.update(before=[{"name": "x"}]), lambda p: p.update(before=[{"name": "x", "sha256": 1}]), lambda p: p.update(before=["x"]), lambda p: p.update(role=1), lambda p: p.update(signer=None), lambda p: p.update(statement=1), lambda p: p.update(signedAt=1),
    ],
)  # fmt: skip
def test_a_text_of_another_form_is_none(packet, crafted, allowed, change):
    crafted(packet, lambda text: change(text["predicate"]))
    (found,) = verify(packet, allowed).signoffs
    assert found == Signoff("risk", "ann@corp", None, "", False, "does not have the form of a sign-off", found.key)
    assert found.key


def test_one_person_in_two_roles_counts_in_none(packet, sign_as, allowed):
    sign_as(packet)
    sign_as(packet, role="risk")
    sign_as(packet, "bob", "risk")
    why = "the same person or key has also signed as {}; one person counts in one role"
    assert [(each.ok, each.why) for each in verify(packet, allowed).signoffs] == [
        (False, why.format("risk.ann@corp")), (False, why.format("iam.ann@corp")), (True, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "ok", "approves", "refuses"),
    [
        (SignoffVerdict.APPROVE, True, True, False), (SignoffVerdict.CONDITIONS, True, True, False),
        (SignoffVerdict.REJECT, True, False, True), (SignoffVerdict.WITHDRAWN, True, False, True),
        (SignoffVerdict.APPROVE, False, False, False), (SignoffVerdict.REJECT, False, False, False),
        (None, True, False, False),
    ],
)  # fmt: skip
def test_only_a_valid_sign_off_approves_or_refuses(verdict, ok, approves, refuses):
    made = Signoff("iam", "ann@corp", verdict, AT, ok, "")
    assert (made.approves, made.refuses) == (approves, refuses)


def test_why_a_list_of_signers_cannot_be_used(packet, allowed, tmp_path):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    inside = packet / "allowed_signers"
    shutil.copy(allowed, inside)
    for place, words in (
        (inside, "allowed_signers: is inside the packet; a packet cannot say who may sign it"),
        (tmp_path / "none", "allowed_signers: is missing; it lists whose signatures count"),
    ):
        with pytest.raises(Unreadable) as caught:
            signoff.read_signers(place, packet)
        assert str(caught.value) == words
    with pytest.raises(Unreadable) as caught:
        signoff.read_signers(tmp_path / "circle", packet)
    assert str(caught.value).startswith("allowed_signers: ")
