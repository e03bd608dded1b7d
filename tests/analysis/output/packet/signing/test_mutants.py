"""No mutant of a signed packet is accepted, and none raises: a sample here, all of them as `make e2e`."""

from __future__ import annotations

import shutil

import pytest

from tests.benchmarks import packet_mutants

pytestmark = [
    pytest.mark.repeats,
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed"),
]

ACCEPTS = {"clearance verify": packet_mutants.by_verify, "verify.py": packet_mutants.by_program}


@pytest.fixture
def target(tmp_path):
    packet, signers = packet_mutants.signed_packet(tmp_path)
    return packet, signers, packet_mutants.files_of(packet)


@pytest.mark.parametrize("accepts", ACCEPTS.values(), ids=ACCEPTS)
def test_a_sample_of_mutants(target, accepts):
    packet, signers, files = target
    found = packet_mutants.run(
        packet, signers, packet_mutants.mutations(packet_mutants.checked_files(files, accepts), 60, seed=2), accepts
    )
    assert found.clean, (found.accepted, found.raised)
    found = packet_mutants.run(packet, signers, packet_mutants.flips(files, every=601), accepts)
    assert found.clean, (found.accepted, found.raised)
    assert found.tried > 30


def test_a_verifier_that_believes_is_found_out(target):
    """The benchmark can fail: one that looks at the sign-offs alone accepts changed files."""
    packet, signers, files = target

    def believes(folder, _signers):
        return (folder / packet_mutants.SIGNOFF).read_bytes() == files[packet_mutants.SIGNOFF]

    found = packet_mutants.run(packet, signers, packet_mutants.mutations(files, 40, seed=2), believes)
    assert found.accepted


@pytest.mark.e2e
@pytest.mark.parametrize("accepts", ACCEPTS.values(), ids=ACCEPTS)
def test_five_thousand_mutants_and_every_bit(target, accepts):
    packet, signers, files = target
    found = packet_mutants.run(
        packet, signers, packet_mutants.mutations(packet_mutants.checked_files(files, accepts), 5_000, seed=1), accepts
    )
    assert found.clean, (found.accepted, found.raised)
    found = packet_mutants.run(packet, signers, packet_mutants.flips(files, every=1), accepts)
    assert found.clean, (found.accepted, found.raised)
