"""The smallest set of scopes of the allowed tools, and what a grant of all would have beyond it."""

from analysis.model import DecisionState, Effect, SchemeUse
from analysis.output.scopes import minimum_scopes
from tests.analysis.output.packet.review_snapshots import decision, review, tool


def using(name, *alternatives, allowed=True):
    security = tuple(tuple(SchemeUse("oauth", "oauth2", scopes) for scopes in [each] if each) for each in alternatives)
    one = tool(name, path=f"/{name}", security=security)
    state = DecisionState.APPROVED if allowed else DecisionState.BLOCKED
    return review(one, Effect.READ, decision(one, state))


def test_scopes_of_blocked_tools_are_beyond_the_smallest_set():
    (row,) = minimum_scopes([using("a", ("read",)), using("b", ("admin",), allowed=False)])
    assert (row["needed"], row["beyond"], row["tools"]) == (["read"], ["admin"], 1)


def test_an_alternative_that_adds_nothing_is_taken():
    (row,) = minimum_scopes([using("b", ("write", "admin"), ("read",)), using("a", ("read",))])
    assert (row["needed"], row["beyond"]) == (["read"], ["admin", "write"])


def test_a_call_that_needs_no_credential_needs_no_scope():
    (row,) = minimum_scopes([using("a", ("read",), ())])
    assert (row["needed"], row["tools"]) == ([], 0)


def test_sources_without_a_scheme_have_no_row():
    assert minimum_scopes([using("a")]) == []
