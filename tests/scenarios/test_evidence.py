"""Governance at the desk: evidence of every kind, proposals, profile, policy, lists."""

from __future__ import annotations

import hashlib

import pytest

from analysis.model import EvidenceKind
from analysis.review import queries

TO_CREDENTIALS = "7 j j j "


def proofs(hand, control):
    return queries.answer_to(hand.review, control).evidence


async def test_a_file_is_evidence_by_its_hash(open_review, at_desk, tmp_path):
    (tmp_path / "vault.json").write_bytes(b"{}")
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types(
            TO_CREDENTIALS
            + f'a f "in the vault" enter "{tmp_path / "vault.json"}" enter enter "K. Lee" enter "2031-01-31" enter'
        )
        (proof,) = proofs(hand, "cred-store")
        assert (proof.kind, proof.title, proof.size) == (EvidenceKind.FILE, "vault.json", 2)
        assert proof.sha256 == hashlib.sha256(b"{}").hexdigest()
        assert (proof.collected_by, proof.valid_until, proof.level) == ("K. Lee", "2031-01-31", "E3")
        await hand.shows("collected by K. Lee")
        await hand.shows(proof.sha256)


async def test_a_missing_file_is_refused(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types(TO_CREDENTIALS + 'a f "in the vault" enter "nowhere.json" enter enter enter enter')
        assert hand.recorded() == []
        assert "the evidence cannot be read" in hand.said[-1]


async def test_a_statement_is_level_e1_by_default(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        await hand.types(TO_CREDENTIALS + 'a s "in the vault" enter "K. Lee says so" enter enter enter enter')
        (proof,) = proofs(hand, "cred-store")
        assert (proof.kind, proof.level) == (EvidenceKind.NOTE, "E1")
        assert (proof.collected_by, proof.valid_until) == ("rev", "")
        await hand.shows("valid evidence of level E3 or better is missing")


async def test_evidence_is_added_to_the_existing_evidence(open_review, at_desk):
    async with at_desk(open_review("sample"), size=(120, 40)) as hand:
        before = proofs(hand, "inv-tools")
        text = queries.answer_to(hand.review, "inv-tools").text
        await hand.types('7 e e "Second count" enter enter "REC-7" enter enter enter')
        after = proofs(hand, "inv-tools")
        assert [p.title for p in after] == [*(p.title for p in before), "Second count"]
        assert queries.answer_to(hand.review, "inv-tools").text == text
        await hand.types("u")
        assert [p.title for p in proofs(hand, "inv-tools")] == [p.title for p in before]


async def test_evidence_needs_an_answer(open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types(TO_CREDENTIALS + "e")
        assert hand.recorded() == []
        assert "no answer yet" in hand.said[-1]


@pytest.mark.parametrize(
    ("keys", "sees"), [('"x" enter ctrl+u "E7" enter enter enter enter', "the level is one of"),
                       ('"x" enter enter enter enter "31.1.2031" enter', "the date format is YYYY-MM-DD")]
)  # fmt: skip
async def test_an_invalid_level_or_date_keeps_the_form_open(keys, sees, open_review, at_desk):
    async with at_desk(open_review("sample")) as hand:
        await hand.types("7 e e " + keys)
        await hand.shows(sees)
        assert hand.recorded() == []


async def test_a_proposal_from_the_sources_is_taken(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("7 y")
        await hand.shows("48 tools, sha256")
        await hand.types("enter")
        (line,) = hand.recorded()
        assert line.startswith("control.answered inv-tools evidenced E2 'Extract of Customer Management API'")
        await hand.types("j y")
        assert len(hand.recorded()) == 1
        assert "the sources propose no answer to this question" in hand.said[-1]


async def test_the_profile_is_chosen_with_a_reason(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types('7 p 3 enter "production in May" enter')
        assert [event.kind for event in hand.events()] == ["profile.set"]
        await hand.shows("profile L3")


async def test_a_policy_is_put_in_force(open_review, at_desk, tmp_path):
    (tmp_path / "ours.yaml").write_text("policy: 1\nname: Ours\n")
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types(f'7 P "{tmp_path / "none.yaml"}" enter')
        assert "the policy cannot be read" in hand.said[-1]
        await hand.types(f'P "{tmp_path / "ours.yaml"}" enter')
        assert [event.kind for event in hand.events()] == ["policy.imported"]
        await hand.shows("policy Ours")
        await hand.types("P s")
        await hand.shows("Ours, sha256")
        await hand.types("escape P i escape")
        assert len(hand.events()) == 1
        (tmp_path / "words.yaml").write_text(
            "policy: 1\nvocabulary: {money: [{words: [remit], reason: ours, example: remitFees}]}\n"
        )
        await hand.types(f'P i "{tmp_path / "words.yaml"}" enter')
        assert hand.said[-1].startswith("its vocabulary applies to the next imports")


async def test_one_list_is_shown_and_all_again(open_review, at_desk):
    async with at_desk(open_review("fresh"), size=(120, 40)) as hand:
        await hand.types("7")
        every = list(hand.desk.list_area.table.keys)
        await hand.types("L 5")
        some = list(hand.desk.list_area.table.keys)
        assert 0 < len(some) < len(every)
        await hand.shows("only: list q3")
        await hand.types("escape")
        assert hand.desk.area == "governance"
        assert list(hand.desk.list_area.table.keys) == every
