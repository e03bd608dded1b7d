"""What documents answer by themselves: only what is stated, with its extract, and never an answer."""

from typing import Any

from analysis.governance.controls import control
from analysis.governance.proposals import proposals
from analysis.model import LEVELS, EvidenceKind

OK = {"200": {"description": ""}}


def test_the_sample_answers_six_questions(sample):
    sources, tools = sample
    found = proposals(sources, tools)
    assert list(found) == ["inv-tools", "inv-data", "cred-scope", "doc-cred", "risk-egress", "comp-pci"]
    for name, made in found.items():
        assert control(name).id == made.control == name
        assert made.text.endswith(".")
        assert (made.evidence.level, made.evidence.kind) == ("E2", EvidenceKind.NOTE)
        assert made.evidence.sha256 == sources[0].sha256
        assert made.evidence.where
    assert "48 tools" in found["inv-tools"].text
    assert "api.harbourline.example" in found["risk-egress"].evidence.where
    assert "personal: returned by" in found["inv-data"].evidence.where


def test_a_document_that_states_nothing_proposes_hardly_anything(api):
    found = proposals(*api({"/x": {"get": {"responses": OK}}}))
    assert set(found) == {"inv-tools", "comp-pci"}


def test_nothing_is_proposed_of_an_empty_review():
    assert proposals((), ()) == {}


def test_a_scope_that_reads_and_deletes_is_named(api):
    secured = {"responses": OK, "security": [{"o": ["all"]}]}
    scheme = {"securitySchemes": {"o": {"type": "oauth2", "flows": {}}}}
    made = api({"/x/{id}": {"get": secured, "delete": secured}}, components=scheme)
    assert "both read-only and critical tools: all." in proposals(*made)["cred-scope"].text


def test_a_blocked_tool_asks_for_no_scope(api):
    read = {"operationId": "listX", "responses": OK, "security": [{"o": ["x:read"]}]}
    erase = {"operationId": "deleteX", "responses": OK, "security": [{"o": ["x:all"]}]}
    scheme = {"securitySchemes": {"o": {"type": "oauth2", "flows": {}}}}
    paths = {"/x/{id}": {"get": read, "delete": erase}}
    assert "x:all" in proposals(*api(paths, components=scheme))["cred-scope"].evidence.where
    assert "x:all" not in proposals(*api(paths, components=scheme, blocked=["deleteX"]))["cred-scope"].evidence.where


def test_recorded_calls_propose_the_fields_of_a_record(sample: tuple[Any, Any]):
    lacking = {"user": 0, "agent": 3}
    made = proposals(*sample, records=(10, lacking))["log-fields"]
    assert "missing in some: agent" in made.text
    assert made.evidence.level == "E3"
    assert made.evidence.where == "agent: 7 of 10 records; user: 10 of 10 records"
    assert "every required field is present" in proposals(*sample, records=(10, {"user": 0}))["log-fields"].text
    assert "log-fields" not in proposals(*sample, records=(0, {}))


def test_an_extract_settles_no_question_that_wants_to_see_it_run(sample):
    for name, made in proposals(*sample).items():
        assert (LEVELS.index(made.evidence.level) >= LEVELS.index(control(name).min_level)) is (
            not name.startswith("cred-")
        )
