"""The registry of standards: every reference of a control or a rule resolves, and what nothing covers is shown."""

import pytest

from analysis.errors import UsageError
from analysis.governance.controls import controls
from analysis.governance.standards import coverage, reference_title, standard, standards
from analysis.rules import rules

REFERENCES = [
    *((c.id, reference) for c in controls() for reference in c.maps_to),
    *((r.id, reference) for r in rules() for reference in r.standards),
]


@pytest.mark.parametrize(("name", "reference"), REFERENCES, ids=lambda part: part)
def test_every_reference_resolves(name, reference):
    assert reference_title(reference), f"{name} refers to {reference}, which the registry does not know"


@pytest.mark.parametrize("found", standards(), ids=lambda s: s.key)
def test_every_standard_is_pinned_and_titled(found):
    assert found.edition
    assert found.title
    assert found.ids
    assert all(isinstance(each, str) and title for each, title in found.ids.items())
    assert standard(found.key) is found


@pytest.mark.parametrize(
    "reference", ["", "MCP01", "owasp-mcp/MCP01", "owasp-mcp:2024/MCP01", "owasp-mcp:2025/MCP11", "owasp-mcp:2025/"]
)
def test_a_reference_without_its_edition_or_with_an_unknown_id_does_not_resolve(reference):
    assert reference_title(reference) is None


def test_an_unknown_standard_names_the_nearest():
    with pytest.raises(UsageError) as caught:
        standard("owasp-mpc")
    assert caught.value.remedy == "did you mean owasp-mcp?"


def test_what_nothing_covers_is_listed_too():
    wanted = standard("owasp-mcp")
    found = coverage(wanted, [("log-config", ["owasp-mcp:2025/MCP08"]), ("other", ["owasp-mcp:2025/MCP0"])])
    assert [row.id for row in found] == list(wanted.ids)
    assert {row.id: row.names for row in found if row.names} == {"MCP08": ("log-config",)}
