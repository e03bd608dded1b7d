"""Findings as SARIF: every result has a rule, a message, a place and a fingerprint."""

import pytest

from analysis.model import Finding, Severity, Status, ToolId, finding_id
from analysis.output.sarif import sarif

MANUAL = [{"id": "CRD-009", "title": "Secret as argument", "why": "The model knows it.", "remedy": "Keep it outside."}]


def finding(rule="CRD-009", tool="shop:GET /a", severity=Severity.HIGH, **more):
    identity = finding_id(rule, tool, more.get("matched", ""))
    return Finding(identity, rule, "Secret as argument", severity, "high", "why", "remedy", tool=ToolId(tool), **more)


def only(*findings):
    (run,) = sarif(findings, MANUAL, {"shop": "specs/shop.yaml", "mail": "mail.json"})["runs"]
    return run


def test_a_result_names_rule_message_place_and_fingerprint():
    run = only(finding(matched="token", pointer="/paths/~1a/get", line=12))
    (rule,) = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["help"]["text"]) == ("CRD-009", "The model knows it.\n\nKeep it outside.")
    (result,) = run["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("CRD-009", 0, "error")
    assert result["message"]["text"] == "Secret as argument: token · shop:GET /a"
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "specs/shop.yaml"
    assert place["physicalLocation"]["region"]["startLine"] == 12
    assert place["logicalLocations"][0]["fullyQualifiedName"] == "shop:GET /a/paths/~1a/get"
    assert result["partialFingerprints"] == {"findingId/v1": finding(matched="token").id}


@pytest.mark.parametrize(
    ("severity", "level"), list(zip(Severity, ("error", "error", "warning", "note", "note"), strict=True))
)
def test_severities_become_levels(severity, level):
    (result,) = only(finding(severity=severity))["results"]
    assert (result["level"], result["properties"]["severity"]) == (level, severity.value)


def test_a_finding_without_a_line_or_of_no_source_has_a_place_all_the_same():
    results = only(finding(tool="mail:send"), finding(rule="GOV-owner", tool=""))["results"]
    places = [each["locations"][0]["physicalLocation"] for each in results]
    assert [each["artifactLocation"]["uri"] for each in places] == ["mail.json", "specs/shop.yaml"]
    assert [each["region"]["startLine"] for each in places] == [1, 1]


def test_a_closed_finding_is_suppressed():
    (result,) = only(finding(status=Status.ACCEPTED))["results"]
    assert result["suppressions"] == [{"kind": "external", "status": "accepted", "justification": "accepted"}]


def test_hostile_text_is_inert():
    text = str(only(finding(matched="a\x1b[31m\u202eb"))["results"][0]["message"]["text"])
    assert text.isprintable()
