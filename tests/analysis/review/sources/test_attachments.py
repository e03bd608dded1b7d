"""What people hand in: evidence as a line or a file, and the text of a policy."""

import hashlib
import os

import pytest

from analysis.errors import InputRefused, UsageError
from analysis.model import EvidenceKind
from analysis.review.sources.attachments import attached_text, evidence_from_file, evidence_from_line


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("E3: Export | REC-1", ("Export", "E3", "REC-1", EvidenceKind.LINK)),
        ("e2:Plan", ("Plan", "E2", "", EvidenceKind.NOTE)),
        ("E4: a: b | c | d", ("a: b", "E4", "c | d", EvidenceKind.LINK)),
    ],
)
def test_a_line_names_evidence(line, made):
    found = evidence_from_line(line, valid_until="2027-01-01", source="SIEM")
    assert (found.title, found.level, found.where, found.kind) == made
    assert (found.valid_until, found.source) == ("2027-01-01", "SIEM")


@pytest.mark.parametrize("line", ["", "Export", "E5: Export", "E3:", "E3: | REC-1", "E3 Export"])
def test_a_line_that_names_none_is_refused(line):
    with pytest.raises(UsageError) as caught:
        evidence_from_line(line)
    assert "LEVEL: TITLE | WHERE" in caught.value.remedy


def test_a_file_is_known_by_its_name_hash_and_size(tmp_path):
    content = os.urandom(3_000_000)
    place = tmp_path / "log.json"
    place.write_bytes(content)
    found = evidence_from_file(place, "E3")
    assert (found.title, found.level, found.size, found.kind) == ("log.json", "E3", 3_000_000, EvidenceKind.FILE)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert str(tmp_path) not in repr(found)


@pytest.mark.parametrize("reading", [lambda place: evidence_from_file(place, "E3"), attached_text])
@pytest.mark.parametrize("make", [lambda place: None, os.mkdir, os.mkfifo])
def test_what_is_no_plain_file_is_refused(tmp_path, reading, make):
    make(tmp_path / "x")
    with pytest.raises(InputRefused) as caught:
        reading(tmp_path / "x")
    assert caught.value.place == str(tmp_path / "x")
    assert caught.value.remedy


def test_a_policy_has_to_be_text(tmp_path):
    (tmp_path / "policy.yaml").write_bytes(b"policy: \xff")
    with pytest.raises(InputRefused, match="cannot be read"):
        attached_text(tmp_path / "policy.yaml")
