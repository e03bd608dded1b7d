"""The completed sample review, a key, and a packet of the review that is signed with it."""

from __future__ import annotations

import subprocess

import pytest

from analysis.output.packet.signing.sign import sign
from analysis.output.packet.signing.statement import SignoffText
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.review.packets.export import export
from analysis.review.session import Review

NOW = "2026-03-20T09:00:00Z"


@pytest.fixture
def review(kept_reviews, tmp_path):
    made = Review.open(kept_reviews.copy("completed", tmp_path / "sample.clearance"), now=NOW)
    yield made
    made.close()


@pytest.fixture
def key(tmp_path):
    """The key of ann, whom the file `signers` next to it lists."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "ann")], check=True)
    (tmp_path / "signers").write_text(f"ann@corp {(tmp_path / 'ann.pub').read_text()}")
    return tmp_path / "ann"


@pytest.fixture
def signed(review, key, tmp_path):
    """A packet of the review that ann has signed, and that the review does not know yet."""
    folder = tmp_path / "packet"
    export(review, folder)
    sign(folder, SignoffText("iam", "ann@corp", SignoffVerdict.APPROVE, NOW), key=key)
    return folder
