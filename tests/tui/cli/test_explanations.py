"""`inspect --why`: how one tool came to its class."""

import pytest


@pytest.mark.parametrize("named", ["refundPayment", "POST /payments/{paymentId}/refunds"])
def test_the_whole_derivation_is_told(run, source, named):
    ran = run("inspect", source, "--why", named)
    assert (ran.code, ran.err) == (0, "")
    assert "high risk · billing, critical · irreversible" in ran.out
    told, disagreed = ran.out.split("what disagrees")
    assert "method      POST: can do anything" in told
    assert "refund: moves money (first word)" in told
    assert "text        return: begins with a word that asks for a state" in disagreed


def test_data_flow_pages_and_findings_are_told(run, source):
    told = run("inspect", source, "--why", "listCustomers").out
    assert "response  personal: billingAddress, birthDate, email, fullName, phone" in told
    assert "private data: response billingAddress, birthDate, email" in told
    assert "goes on by limit, cursor" in told
    assert "DAT-001 medium: Personal data returned" in told


def test_the_derivation_for_machines(run, source):
    told = run("inspect", source, "--why", "refundPayment", "--json").json
    assert (told["name"], told["type"], told["effect"]) == ("refundPayment", "billing", "critical")
    assert {"where", "matched", "says", "against"} == set(told["reasons"][0])
    assert [finding["rule"] for finding in told["findings"]] == []


def test_a_tool_that_is_not_there(run, source):
    ran = run("inspect", source, "--why", "refundPaymnt")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean refundPayment?" in ran.err


def test_hostile_text_is_shown_and_not_obeyed(run, spec):
    odd = spec({"GET /a": {"operationId": "get\u202eA", "description": "\x1b[2J"}})
    ran = run("inspect", odd, "--why", "GET /a")
    assert "get⟨U+202E⟩A" in ran.out
    assert "\x1b" not in ran.out
