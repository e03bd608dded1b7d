"""Secrets in records: by name, by shape, by what is known."""

import json

import pytest

from analysis.review.enforcement.masking import Masker

TOKEN = "ghp_0123456789abcdefghij0123456789abcd"


@pytest.mark.parametrize(
    "arguments",
    [
        {"password": "hunter2!"},
        {"a": {"apiKey": "hunter2!"}},
        {"a": [{"name": "Authorization", "value": "hunter2!"}]},
        {"text": '{"secret": "hunter2!"}'},
        {"text": "password=hunter2!"},
        {"url": "https://ann:hunter2!@example.org/?key=hunter2!"},
    ],
)
def test_values_of_secrets_are_hidden_and_their_names_stay(arguments):
    masked = json.dumps(Masker().parameters(arguments))
    assert "hunter2" not in masked
    assert set(Masker().parameters(arguments)) == set(arguments)


def test_what_looks_like_a_token_is_hidden_in_values_and_names():
    masker = Masker()
    assert TOKEN not in json.dumps(masker.parameters({"note": f"use {TOKEN}", TOKEN: 1}))
    assert masker.parameters({"id": "ordinary text", "n": 5, "ok": True, "no": None}) == {
        "id": "ordinary text", "n": 5, "ok": True, "no": None,
    }  # fmt: skip


def test_known_credentials_are_hidden_whole_and_by_words():
    masker = Masker().and_credentials({"Authorization": "Bearer plain-words-here"}, {"REGION": "eu-west"})
    assert masker.parameters({"a": "x plain-words-here y", "b": "eu-west"}) == {"a": "x ⟨hidden⟩ y", "b": "eu-west"}
    assert masker.without_known("Bearer plain-words-here") == "⟨hidden⟩"
    assert "plain-words" not in repr(masker)


def test_too_deep_or_too_large_parameters_are_described():
    deep = {}
    for _ in range(5_000):
        deep = {"a": deep}
    assert Masker().parameters(deep) == {"⟨not recorded⟩": "nested too deeply"}
    large = Masker().parameters({"text": "x" * 100_000, "id": 1})
    assert large["⟨names⟩"] == ["text", "id"]
    assert len(json.dumps(large)) < 500
