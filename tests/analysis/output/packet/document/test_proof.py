"""The register of evidence shows one proof behind many answers."""

from analysis.model import Checklist, StandardEdition
from analysis.output.packet.document.proof import evidence_register, frameworks, track_rows


def control(name, *proofs, state="evidenced", maps_to=()):
    evidence = [
        {"title": t, "where": "wiki", "sha256": "", "level": level, "valid_until": until} for t, level, until in proofs
    ]
    return {"id": name, "state": state, "maps_to": list(maps_to), "evidence": evidence}


def test_one_proof_is_one_row_with_all_its_answers_the_best_level_and_the_earliest_end():
    same = ("Export", "E2", "2027-05-01"), ("Export", "E3", "2027-03-01")
    found = evidence_register([control("a", same[0]), control("b", ("Log", "E3", "")), control("c", same[1])], [])
    assert [(row["title"], row["answers"]) for row in found] == [("Export", ["a", "c"]), ("Log", ["b"])]
    assert (found[0]["level"], found[0]["valid_until"]) == ("E3", "2027-03-01")


def test_a_track_counts_what_was_not_asked():
    found = track_rows([Checklist("iam", "Identity", ("a", "b", "c"))], [control("a"), control("b", state="claimed")])
    assert [(r["questions"], r["asked"], r["proven"], r["claimed"]) for r in found] == [(3, 2, 1, 1)]


def test_an_id_is_proven_when_every_answer_to_it_is():
    both = ("soc2:2017/CC7.2",)
    controls = [control("a", maps_to=(*both, "soc2:2017/CC6.1")), control("b", state="claimed", maps_to=both)]
    (found,) = frameworks([StandardEdition("soc2:2017/", "SOC 2", "2017"), StandardEdition("x:1/", "X", "1")], controls)
    assert {each["id"]: each["proven"] for each in found["ids"]} == {"CC7.2": False, "CC6.1": True}
