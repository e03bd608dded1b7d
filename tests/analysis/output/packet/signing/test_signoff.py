"""Sign-offs with the real ssh-keygen: a genuine one is valid, and every change is refused with a reason."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
import rfc8785

from analysis.errors import CheckFailed, UsageError
from analysis.output import files
from analysis.output.packet.file_check import check_manifest
from analysis.output.packet.folder import MANIFEST, Snapshot, Unreadable
from analysis.output.packet.signing import signoff, sshsig
from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.statement import SignoffText
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.ssh import signatures
from analysis.ssh.signer_list import REVOKED, SignerList

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

AT = "2026-11-21T08:00:00Z"
IAM = "signoffs/iam.ann@corp.json"


def verify(packet, allowed):
    return signoff.check_signoffs(Snapshot.of(packet), SignerList(allowed.read_bytes()))


def refused(packet, allowed, *words):
    """Assert that a packet is refused, and that one problem contains all the words."""
    found = verify(packet, allowed)
    assert not found.ok
    assert any(all(word in problem for word in words) for problem in found.problems), found.problems
    return found


def test_sign_offs_of_two_people_are_valid(packet, sign_as, allowed):
    path = sign_as(packet, statement="Checked the scopes.")
    assert path == packet / IAM
    sign_as(packet, "bob", "risk", verdict="approve-with-conditions", conditions=("review again in March",))
    sign_as(packet, "ecd", "compliance")
    found = verify(packet, allowed)
    assert found.problems == ()
    assert found.ok
    assert found.draft is False
    assert [(s.role, s.signer, s.verdict, s.signed_at, s.ok) for s in found.signoffs] == [
        ("compliance", "ecd@corp", "approve", AT, True),
        ("iam", "ann@corp", "approve", AT, True),
        ("risk", "bob@corp", "approve-with-conditions", AT, True),
    ]
    assert found.signoffs[2].conditions == ("review again in March",)
    assert found.signoffs[1].statement == "Checked the scopes."


def test_the_sign_off_is_a_statement_about_the_manifest(packet, sign_as):
    text = sign_as(packet).read_bytes()
    value = json.loads(text)
    assert text == rfc8785.dumps(value) + b"\n"
    assert value["predicateType"] == "https://clearance/predicates/sign-off/v2"
    assert [s["name"] for s in value["subject"]] == ["manifest.json"]
    assert set(value["predicate"]) == {
        "role",
        "signer",
        "verdict",
        "conditions",
        "statement",
        "signedAt",
        "validUntil",
        "before",
        "draft",
    }


def test_the_commands_in_the_document_work(packet, sign_as, allowed, review_snapshots):
    """An auditor pastes what the report says; only role and signer are filled in."""
    if shutil.which("bash") is None or shutil.which("sha256sum") is None:
        pytest.skip("bash and coreutils are needed")
    sign_as(packet)
    lines = json.loads((packet / "review.json").read_bytes())["how_to_verify"]
    script = "\n".join(line for line in lines if not line.startswith("clearance "))
    script = script.replace("ROLE", "iam").replace("SIGNER", "ann@corp").replace("-f allowed_signers", f"-f {allowed}")
    run = ["bash", "-c", f"set -e\n{script}"]
    done = subprocess.run(run, cwd=packet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "manifest: signed" in done.stdout
    assert "files: OK" in done.stdout
    (packet / "allowlist.json").write_bytes(b"{ }\n")
    assert "files: OK" not in subprocess.run(run, cwd=packet, capture_output=True, text=True, check=False).stdout


ALL = [*(f.name for f in files.packet_files() if f.always and f.name != MANIFEST), MANIFEST, IAM, f"{IAM}.sig"]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.repeats
def test_one_changed_byte_anywhere_is_refused_by_name(packet, sign_as, allowed, name):
    sign_as(packet)
    whole = (packet / name).read_bytes()
    for position in {0, len(whole) // 3, len(whole) // 2, len(whole) - 2, len(whole) - 1}:
        data = bytearray(whole)
        data[position] ^= 0x02
        (packet / name).write_bytes(bytes(data))
        refused(packet, allowed, name.removesuffix(".sig"))
    for changed in (whole + b"\n", whole[:-1], b""):
        (packet / name).write_bytes(changed)
        refused(packet, allowed, name.removesuffix(".sig"))
    (packet / name).unlink()
    refused(packet, allowed, name.removesuffix(".sig"))


@pytest.mark.repeats
def test_no_byte_of_a_signature_can_change(packet, sign_as, allowed):
    """A change in bytes of the envelope that the signature does not cover is refused as well."""
    sign_as(packet)
    whole = (packet / f"{IAM}.sig").read_bytes()
    text = (packet / IAM).read_bytes()
    for position in range(len(whole)):
        data = bytearray(whole)
        data[position] ^= 0x01
        if not signatures.examine(bytes(data), "iam.signoff@clearance"):
            found = sshsig.check_signature(
                text, bytes(data), role="iam", signer="ann@corp", signers=SignerList(allowed.read_bytes())
            )
            assert not found.ok, position


@pytest.mark.parametrize("change", [
    lambda data: data.replace(b"\n", b"\r\n"),
    lambda data: data + b"\n",
    lambda data: data.replace(b"\n", b"\n\n", 1),
    lambda data: b"\n".join(line for line in data.splitlines()),
])  # fmt: skip
def test_another_spelling_of_a_signature_is_refused(packet, sign_as, allowed, change):
    sign_as(packet)
    path = packet / f"{IAM}.sig"
    path.write_bytes(change(path.read_bytes()))
    refused(packet, allowed, IAM, "signature")


@pytest.mark.parametrize("verdict", ["reject", "withdrawn"])
def test_a_signed_rejection_is_no_approval(packet, sign_as, allowed, verdict):
    sign_as(packet)
    sign_as(packet, "bob", "risk", verdict=verdict, statement="No rollback was tested.")
    found = verify(packet, allowed)
    assert found.ok
    assert [(s.approves, s.refuses, s.statement) for s in found.signoffs] == [
        (True, False, ""),
        (False, True, "No rollback was tested."),
    ]


def test_an_unknown_key_is_refused(packet, sign_as, allowed):
    sign_as(packet, "eve")
    refused(packet, allowed, "iam.eve@corp.json", "does not list this key")
    sign_as(packet, "eve", signer="ann@corp")
    refused(packet, allowed, IAM, "does not list this key")


def test_a_role_the_key_may_not_sign_for_is_refused(packet, sign_as, allowed):
    sign_as(packet, "bob", "iam")
    refused(packet, allowed, "iam.bob@corp.json", "does not permit the key to sign")


def test_one_key_counts_for_one_role(packet, sign_as, allowed):
    sign_as(packet)
    sign_as(packet, role="risk")
    found = refused(packet, allowed, "has also signed as risk.ann@corp", "one person counts in one role")
    assert not any(s.ok for s in found.signoffs)


def test_a_renamed_sign_off_is_refused(packet, sign_as, allowed):
    sign_as(packet)
    for end in ("", ".sig"):
        (packet / f"{IAM}{end}").rename(packet / f"signoffs/risk.ann@corp.json{end}")
    refused(packet, allowed, "risk.ann@corp.json", "it was signed for iam.signoff@clearance")


def craft(packet, keys, sign_as, role, change):
    """Sign a text by hand that the product would not write."""
    text = json.loads(sign_as(packet).read_bytes())
    data = change(text)
    data = data if isinstance(data, bytes) else rfc8785.dumps(text) + b"\n"
    for end in ("", ".sig"):
        (packet / f"{IAM}{end}").unlink()
    path = packet / f"signoffs/{role}.ann@corp.json"
    path.write_bytes(data)
    path.with_name(f"{path.name}.sig").write_bytes(sshsig.make_signature(data, key=keys / "ann", role=role))


@pytest.mark.parametrize(("change", "words"), [
    (lambda s: s["predicate"].update(role="iam"), "its text names iam.ann@corp"),
    (lambda s: s["predicate"].update(role="risk", signer="bob@corp"), "its text names risk.bob@corp"),
    (lambda s: s["subject"][0]["digest"].update(sha256="0" * 64), "another manifest.json"),
    (lambda s: s["predicate"].update(draft=True), "whether this is a draft"),
    (lambda s: s["predicate"].update(extra=1), "form of a sign-off"),
    (lambda s: s["predicate"].update(verdict="maybe"), "form of a sign-off"),
    (lambda s: s.update(_type="other"), "form of a sign-off"),
    (lambda s: s.update(predicate=[]), "form of a sign-off"),
    (lambda _: b'{"predicate":{"verdict":"reject","verdict":"approve"}}', "a duplicate key"),
    (lambda _: b"[]", "not a JSON object"),
])  # fmt: skip
def test_a_signed_text_that_says_something_else_is_refused(packet, keys, allowed, sign_as, change, words):
    def adapt(text):
        text["predicate"]["role"] = "risk"
        return change(text)

    craft(packet, keys, sign_as, "risk", adapt)
    refused(packet, allowed, "risk.ann@corp.json", words)


def test_a_sign_off_of_another_packet_is_refused(packet, sign_as, allowed, review_snapshots):
    sign_as(packet)
    for name, data in files.make(files.PacketContent(review_snapshots.approvable(title="Another"))).items():
        (packet / name).write_bytes(data)
    assert check_manifest(Snapshot.of(packet)) == []
    refused(packet, allowed, IAM, "another manifest.json")


def test_other_files_among_the_sign_offs_are_named(packet, sign_as, allowed):
    sign_as(packet)
    (packet / "signoffs" / "readme.txt").write_text("trust me")
    (packet / "signoffs" / "risk.bob@corp.json.sig").write_text("")
    refused(packet, allowed, "readme.txt", "is not a sign-off")
    refused(packet, allowed, "risk.bob@corp.json.sig", "is not a sign-off")


def test_a_sign_off_behind_a_link_is_refused(packet, sign_as, allowed, tmp_path):
    sign_as(packet)
    (packet / "signoffs").rename(tmp_path / "away")
    (packet / "signoffs").symlink_to(tmp_path / "away")
    refused(packet, allowed, "signoffs", "not a plain file")


def test_a_packet_cannot_bring_its_own_signers(packet, allowed, tmp_path):
    brought = packet / "signoffs" / "allowed_signers"
    brought.parent.mkdir()
    shutil.copy(allowed, brought)
    (tmp_path / "link").symlink_to(brought)
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for place, words in (
        (brought, "cannot say who may sign"),
        (tmp_path / "link", "cannot say who may sign"),
        (tmp_path / "none", "is missing"),
        (tmp_path / "circle", "allowed_signers: "),
        (tmp_path, "not a plain file"),
    ):
        with pytest.raises(Unreadable, match=words):
            signoff.read_signers(place, packet)
    (tmp_path / "mine").symlink_to(allowed)
    assert signoff.read_signers(tmp_path / "mine", packet).allowed == allowed.read_bytes()


def test_an_expired_key_is_refused(packet, keys, tmp_path, sign_as):
    sign_as(packet)
    path = tmp_path / "allowed"
    path.write_text(f'ann@corp valid-before="20200101Z" {(keys / "ann.pub").read_text()}')
    refused(packet, path, IAM, "as valid today")


def test_a_draft_may_be_signed_and_stays_a_draft(packet, sign_as, allowed, review_snapshots):
    for name, data in files.make(files.PacketContent(review_snapshots.plain(open_gates=("no owner",)))).items():
        (packet / name).write_bytes(data)
    for verdict in ("approve", "withdrawn"):
        with pytest.raises(CheckFailed, match="cannot be signed") as caught:
            sign_as(packet, verdict=verdict)
        assert caught.value.why == "open: no owner"
    assert json.loads(sign_as(packet, verdict="reject").read_bytes())["predicate"]["draft"] is True
    found = verify(packet, allowed)
    assert (found.ok, found.draft) == (True, True)


def test_a_packet_that_is_not_intact_is_not_signed(packet, sign_as):
    (packet / "review.md").write_bytes(b"something else")
    with pytest.raises(CheckFailed) as caught:
        sign_as(packet)
    assert "review.md" in caught.value.why
    assert not (packet / "signoffs").exists()


def test_a_sign_off_is_replaced_only_on_request(packet, sign_as, allowed):
    sign_as(packet)
    with pytest.raises(UsageError, match="exists"):
        sign_as(packet, verdict="withdrawn")
    sign_as(packet, verdict="withdrawn", replace=True)
    assert [s.verdict for s in verify(packet, allowed).signoffs] == ["withdrawn"]
    assert sorted(p.name for p in (packet / "signoffs").iterdir()) == ["iam.ann@corp.json", "iam.ann@corp.json.sig"]


@pytest.mark.parametrize("change", [
    {"role": "IAM"}, {"role": "../x"}, {"role": ""}, {"role": "a" * 32}, {"signer": "a/b"}, {"signer": "*@corp"}, {"signer": ""},
    {"signer": "ann\u202e"}, {"conditions": ("c",)}, {"signed_at": "today"}, {"valid_until": "soon"}, {"valid_until": "2026-11-20"},
])  # fmt: skip
def test_an_invalid_call_is_refused(packet, sign_as, change):
    with pytest.raises(UsageError):
        sign_as(packet, **change)


def test_a_revoked_key_neither_signs_nor_verifies(packet, keys, allowed, sign_as):
    sign_as(packet)
    assert verify(packet, allowed).ok
    allowed.with_name(REVOKED).write_text((keys / "ann.pub").read_text())
    found = signoff.check_signoffs(Snapshot.of(packet), signoff.read_signers(allowed, packet))
    assert REVOKED in " ".join(found.problems)
    text = SignoffText("risk", "ann@corp", SignoffVerdict.REJECT, "2026-03-02T09:00:00Z", "no", (), "")
    with pytest.raises(CheckFailed, match="would not count") as refused:
        sign(packet, text, key=keys / "ann", allowed_signers=allowed)
    assert REVOKED in refused.value.why
    assert not (packet / text.file).exists()
    allowed.with_name(REVOKED).unlink()
    assert sign(packet, text, key=keys / "ann", allowed_signers=allowed).exists()
