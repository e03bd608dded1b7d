"""Sign-off and verification by hand, with real keys."""

import base64
import json
import shutil
import subprocess

import pytest

pytestmark = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed on this machine"
)
ANN = "ann@corp.example"
CUT = b"-----BEGIN SSH SIGNATURE-----\n%b\n-----END SSH SIGNATURE-----\n" % base64.b64encode(
    b"SSHSIG\0\0\0\1\0\0\0\2\0\0" + b"\0\0\0\0" * 4
)


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ann", "eve"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)], check=True
        )
    return folder


@pytest.fixture
def packet(run, completed, tmp_path):
    assert run("export", completed, tmp_path / "packet").code == 0
    return tmp_path / "packet"


@pytest.fixture
def signers(keys, tmp_path):
    """Ann may sign in the role iam, and in no other."""
    place = tmp_path / "allowed_signers"
    place.write_text(f'{ANN} namespaces="iam.signoff@clearance" {(keys / "ann.pub").read_text()}')
    return place


@pytest.fixture
def sign(run, packet, keys):
    def signing(*more, role="iam", key="ann"):
        verdict = () if "--verdict" in more else ("--verdict", "approve")
        return run("sign", packet, "--role", role, "--key", keys / key, *verdict, *more)

    return signing


@pytest.fixture
def verify(run, packet, signers):
    return lambda *more: run("verify", packet, "--allowed-signers", signers, *more)


def test_a_signed_packet_is_an_approval(sign, verify, packet):
    ran = sign("--statement", "looks right")
    assert (ran.code, ran.out) == (0, f"signed with approve: {packet / 'signoffs' / f'iam.{ANN}.json'}\n")
    ran = verify()
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0] == "APPROVED"
    assert "good iam ann@corp.example approve" in " ".join(ran.out.split())
    data = verify("--json").json
    assert (data["result"], data["why"]) == ("approved", [])
    assert [(s["role"], s["signer"], s["verdict"], s["ok"]) for s in data["signoffs"]] == [
        ("iam", ANN, "approve", True)
    ]


def test_a_verdict_is_never_assumed(run, packet, keys, tree):
    before = tree()
    ran = run("sign", packet, "--role", "iam", "--key", keys / "ann")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "error: no verdict was named")
    assert tree() == before


def test_a_blocked_review_can_only_be_rejected(run, file, keys, signers, tmp_path):
    """Nothing leaves a blocked review as an approval: not by the allowlist, not by a sign-off, not by verification."""
    packet = tmp_path / "blocked"
    assert run("export", file, packet).code == 0
    listed = json.loads((packet / "allowlist.json").read_text())
    assert (listed["status"], {tool["decision"] for tool in listed["tools"]}) == ("draft", {"block"})
    for verdict in ("approve", "conditions", "withdrawn"):
        more = ["--condition", "soon"] if verdict == "conditions" else []
        ran = run("sign", packet, "--role", "iam", "--key", keys / "ann", "--verdict", verdict, *more)
        assert ran.code == 1
        assert "2 open critical findings" in ran.err
    assert not (packet / "signoffs").exists()
    ran = run("verify", packet, "--allowed-signers", signers, "--json")
    assert (ran.code, ran.json["result"]) == (1, "draft")
    reject = ["--verdict", "reject", "--statement", "two criticals"]
    assert run("sign", packet, "--role", "iam", "--key", keys / "ann", *reject).code == 0
    ran = run("verify", packet, "--allowed-signers", signers)
    assert (ran.code, ran.out.splitlines()[:2]) == (
        1, ["REJECTED: nothing may be called", "because: iam (ann@corp.example): reject: two criticals"],
    )  # fmt: skip


def test_what_is_not_signed_is_no_approval(verify):
    ran = verify("--json")
    assert (ran.code, ran.json["result"]) == (1, "unsigned")


CHANGES = {
    "a changed report": lambda p: (p / "review.md").write_bytes((p / "review.md").read_bytes() + b"\n"),
    "a changed allowlist": lambda p: (p / "allowlist.json").write_text((p / "allowlist.json").read_text().replace("block", "allow")),
    "a file left out": lambda p: (p / "events.jsonl").unlink(),
    "a file added": lambda p: (p / "more.txt").write_text("x"),
    "a sign-off without its signature": lambda p: (p / "signoffs" / f"iam.{ANN}.json.sig").unlink(),
    "another verdict": lambda p: (p / "signoffs" / f"iam.{ANN}.json").write_text(
        (p / "signoffs" / f"iam.{ANN}.json").read_text().replace('"approve"', '"reject"')
    ),
    "another role": lambda p: [f.rename(f.with_name(f.name.replace("iam", "risk"))) for f in list((p / "signoffs").iterdir())],
    "a number too long for readers": lambda p: (p / "manifest.json").write_text('{"a": ' + "9" * 5000 + "}"),
    "a sign-off with a number too long for readers": lambda p: (p / "signoffs" / f"iam.{ANN}.json").write_text('{"a": ' + "9" * 5000 + "}"),
    "a signature whose key is cut": lambda p: (p / "signoffs" / f"iam.{ANN}.json.sig").write_bytes(CUT),
    "no sign-off at all": lambda p: (shutil.rmtree(p / "signoffs"), (p / "signoffs.html").unlink()),
    "no sign-off, but a page that shows some": lambda p: shutil.rmtree(p / "signoffs"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.repeats
def test_a_changed_packet_is_not_verified(sign, verify, packet, change):
    sign()
    assert verify().code == 0
    change(packet)
    ran = verify()
    assert ran.code == 1
    assert ran.err.startswith("error: not ")
    assert "because: " in ran.out
    data = verify("--json").json
    assert data["result"] == ("unsigned" if change is CHANGES["no sign-off at all"] else "not-verified")
    assert data["why"]


@pytest.mark.repeats
@pytest.mark.parametrize(
    ("more", "how"),
    [
        ([], {"role": "risk"}),  # not hers
        ([], {"key": "eve"}),  # not her key
        (["--signer", "bob@corp.example"], {}),  # not in the list
        (["--verdict", "reject", "--statement", "not yet"], {}),
        (["--verdict", "withdrawn"], {}),
    ],
)
def test_a_sign_off_that_is_no_valid_approval_fails_verification(sign, verify, more, how):
    assert sign(*more, **how).code == 0
    assert verify().code == 1


def test_a_sign_off_is_replaced_only_with_the_option(sign, verify):
    sign("--verdict", "reject")
    ran = sign()
    assert ran.code == 2
    assert ran.err.startswith("error: ")
    assert sign("--replace").code == 0
    assert verify().code == 0


def test_a_changed_packet_is_not_signed(sign, packet, tree):
    (packet / "review.md").write_text("x")
    before = tree()
    ran = sign()
    assert (ran.code, ran.err.splitlines()[0]) == (1, "error: the packet is not intact")
    assert tree() == before


def test_a_list_of_signers_inside_the_packet_is_refused(run, sign, packet, signers):
    sign()
    shutil.copy(signers, packet / "signoffs" / "allowed_signers")
    assert run("verify", packet, "--allowed-signers", packet / "signoffs" / "allowed_signers").code == 1


@pytest.mark.parametrize(("role", "key"), [("../x", "ann"), ("", "ann"), ("iam", "missing"), ("iam", "ann.pub/x")])
def test_an_invalid_role_or_key_is_refused(sign, tree, role, key):
    before = tree()
    ran = sign(role=role, key=key)
    assert ran.code in {2, 3}
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err
    assert tree() == before


# --- what a policy and a profile require -----------------------------------------------------------------

POLICY = "policy: 1\nname: House\nsign-off: {{roles: [{roles}], needed: {needed}}}\n"


@pytest.fixture
def under(run, completed, tmp_path, keys):
    """Put a policy in force, export, have people sign (`who role`), and verify."""

    def verifying(roles, needed, *signed, policy=""):
        place = tmp_path / "house.yaml"
        place.write_text(POLICY.format(roles=roles, needed=needed))
        assert run("policy", completed, place).code == 0
        packet, signers = tmp_path / "under_policy", tmp_path / "signers"
        assert run("export", completed, packet, "--supersede").code == 0
        lines = []
        for who, role in (each.split() for each in signed):
            lines.append(f"{who}@corp {(keys / who).with_suffix('.pub').read_text()}")
            run("sign", packet, "--role", role, "--key", keys / who, "--signer", f"{who}@corp", "--verdict", "approve")
        signers.write_text("".join(dict.fromkeys(lines)) or "\n")
        return run("verify", packet, "--allowed-signers", signers, *(["--policy", policy] if policy else []))

    return verifying


@pytest.mark.parametrize(
    ("roles", "needed", "signed", "lacking"),
    [
        ("iam, risk", 2, ["ann iam", "eve risk"], ""),
        ("iam, risk", 1, ["ann iam"], ""),
        ("iam, risk", 2, ["ann iam"], "1 signed; risk missing"),
        ("iam, risk", 2, ["ann change", "eve vendor"], "0 signed; iam, risk missing"),
        ("iam", 2, ["ann iam", "eve iam"], ""),
        ("iam", 2, ["ann iam"], "required: sign-offs by 2 people: 1 did"),
        ("iam", 2, ["ann iam", "eve change"], "required: sign-offs by 2 people: 1 did"),
    ],
)
def test_a_policy_requires_roles_and_people_to_sign(under, roles, needed, signed, lacking):
    ran = under(roles, needed, *signed)
    assert ran.code == (1 if lacking else 0), ran.out
    assert lacking in ran.out
    assert ("NOT " in ran.out) is bool(lacking)


def test_the_policy_of_the_verifier_counts_as_well(under, tmp_path):
    strict = tmp_path / "strict.yaml"
    strict.write_text(POLICY.format(roles="iam, risk", needed=2))
    ran = under("iam", 1, "ann iam", policy=strict)
    assert ran.code == 1
    assert "because: policy.yaml: the packet was made under another policy" in ran.out
    assert "1 signed; risk missing" in ran.out
    assert under("iam, risk", 2, "ann iam", "eve risk", policy=strict).code == 0
    strict.write_text("policy: 9")
    assert "the policy given: cannot be read" in under("iam", 1, "ann iam", policy=strict).out


def test_a_packet_made_without_a_policy_fails_under_one(sign, verify, tmp_path):
    sign()
    (tmp_path / "own.yaml").write_text("policy: 1\n")
    ran = verify("--policy", tmp_path / "own.yaml")
    assert ran.code == 1
    assert "the packet was made under no policy" in ran.out


@pytest.mark.usefixtures("everyone_signs")
def test_the_highest_profile_requires_a_second_approver(run, file, packet, verify):
    def requirement():
        assert run("export", file, packet).code == 0
        (found, *_) = verify("--json").json["requirements"]
        return found

    before = {tool["name"]: tool["decision"] for tool in run("tools", file, "--json").json}
    assert run("profile", file, "L4", "--reason", "regulated").code == 0
    waiting = [t["name"] for t in run("tools", file, "--json").json if t["decision"] == "awaiting-second"]
    assert waiting
    assert {before[name] for name in waiting} == {"conditional"}
    found = requirement()
    assert found["what"] == "a second approver for each high-risk tool that is allowed"
    assert (found["met"], found["lacking"].startswith("customer-")) == (False, True)
    for tool in run("tools", file, "--where", "risk:high -is:blocked", "--json").json:
        again = ["decide", file, "--where", f"path:{tool['path']} name:{tool['name']}", "--actor", "second"]
        conditions = run("show", file, tool["name"], "--json").json["conditions"]
        stated = [f"{c['kind']}={c['value']} | {c['evidence']}" for c in conditions]
        given = [part for each in stated for part in ("--condition", each)] or [
            "--block" if not conditions else "--approve"
        ]
        assert run(*again, *given, "--reason", "checked as well").code == 0
    assert requirement()["met"] is True


def test_conditions_are_those_of_the_packet_unless_given(sign, verify, packet):
    assert sign("--verdict", "conditions").code == 0
    said = verify("--json").json
    assert (said["result"], "approval=two persons (1 tool)" in said["signoffs"][0]["conditions"]) == (
        "approved-with-conditions",
        True,
    )
    assert sign("--verdict", "conditions", "--condition", "until March", "--replace").code == 0
    assert verify("--json").json["signoffs"][0]["conditions"] == ["until March"]


def test_a_sign_off_can_be_recorded_in_the_review(run, completed, sign, packet):
    ran = sign("--signer", ANN, "--workspace", completed)
    assert (ran.code, ran.out.splitlines()[1]) == (0, f"recorded in {completed}")
    assert "recorded sign-offs of the packet" in run("log", completed).out
    run("decide", completed, "--where", "name:getCustomer", "--block", "--reason", "no")
    rules = {finding["rule"] for finding in run("findings", completed, "--json").json}
    assert "ACC-005" in rules
    refused = run("export", completed, packet)
    assert (refused.code, "signed packet" in refused.err) == (4, True)
    assert run("export", completed, packet, "--supersede").code == 0
    assert run("gates", completed).code == 0


def test_nothing_is_signed_where_the_packet_is_of_another_review(run, spec, sign, packet):
    run("review", spec(), "-w", "other.clearance")
    ran = sign("--signer", ANN, "--workspace", "other.clearance")
    assert (ran.code, "of another review" in ran.err) == (4, True)
    assert not (packet / "signoffs").exists()
