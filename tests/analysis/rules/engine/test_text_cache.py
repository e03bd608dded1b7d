"""Texts that are searched together: once each, for every tool, and none silences a rule for others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ingest.document.canonical_json import canonical_json, text_spans
from analysis.model import Severity, TextSpan, TextSpans
from analysis.rules import SharedTexts, ToolContext, run_definitions
from analysis.rules.engine import engine as rule_engine
from analysis.rules.engine.engine import Hit, rule
from analysis.rules.engine.examples import example_tool
from analysis.rules.engine.text_cache import TextCache
from analysis.rules.scan import look
from analysis.rules.scan.look import INJECTS
from analysis.rules.scan.token_facts import LINKED, MARKED, NAMED


def parts(*texts):
    return TextSpans.of(*(TextSpan(f"/{at}", text) for at, text in enumerate(texts)))


def test_a_test_is_asked_once_of_a_text_and_sees_those_that_come_later():
    asked = []

    def long(text):
        asked.append(text)
        return len(text) > 3

    texts = TextCache([parts("a", "long", "a"), parts("long")])
    assert list(texts.matching_texts(long)) == ["long"]
    texts.add(parts("a", "longer"))
    assert list(texts.matching_texts(long)) == ["long", "longer"]
    assert asked == ["a", "long", "longer"]


def test_a_dear_test_is_asked_only_where_a_cheap_one_found_something():
    asked = []
    texts = TextCache([parts("a", "bb", "ccc")])

    def dear(text):
        asked.append(text)
        return text == "ccc"

    assert list(texts.matching_texts(dear, lambda text: len(text) > 1)) == ["ccc"]
    assert asked == ["bb", "ccc"]


def test_a_test_is_asked_only_of_texts_with_a_trait_also_of_those_that_come_later():
    asked = []

    def dear(text):
        asked.append(text)
        return True

    texts = TextCache([parts("at https://a.io", "plain")])
    assert list(texts.matching_texts(dear, LINKED)) == ["at https://a.io"]
    texts.add(parts("plain too", "and http://b.io"))
    assert list(texts.matching_texts(dear, LINKED)) == asked == ["at https://a.io", "and http://b.io"]
    assert list(texts.matching_texts(str.upper, MARKED)) == []


def test_a_text_that_cannot_be_looked_at_is_read_by_every_detector(monkeypatch):
    def traits_of(text):
        return 1 // (text != "bad") * NAMED

    monkeypatch.setattr(look, "traits_of", traits_of)
    texts = TextCache([parts("good", "bad")])
    assert list(texts.matching_texts(str.isascii, INJECTS)) == ["bad"]
    assert list(texts.matching_texts(str.isalpha, NAMED)) == ["good", "bad"]


def test_a_text_that_breaks_a_test_silences_the_rule_for_its_own_tool_only(monkeypatch):
    monkeypatch.setattr(rule_engine, "_REGISTRY", {})

    def test(text):
        return {"bad": True, "worse": 1 / (text != "worse")}.get(text, False)

    @rule(id="TST-1", title="t", kind="definition", severity=Severity.LOW, remedy="", standards=(), hits=(), clean=())
    def planted(case):
        for text_span in case.matching(test):
            if test(text_span.text):
                yield Hit(text_span.text)

    monkeypatch.setattr(rule_engine, "rules", lambda: tuple(rule_engine._REGISTRY.values()))
    shared = SharedTexts()
    cases = [
        ToolContext(example_tool(name, text_spans=parts(text)).tool, example_tool().assessment, shared)
        for name, text in (("a", "bad"), ("b", "worse"), ("c", "bad"), ("d", "good"))
    ]
    found, not_run = run_definitions(cases)
    assert [finding.tool for finding in found] == ["shop:a", "shop:c"]
    assert [entry.reason for entry in not_run] == ["the rule failed: ZeroDivisionError: division by zero"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Use `send_mail`, then wait.", ["send_mail"]),
        ("Use createThing.", ["createThing"]),
        ("See list for it.", []),
        ("Nothing of send_mails here.", []),
    ],
)
def test_tools_are_known_by_names_that_are_no_plain_words(text, named):
    assert SharedTexts(names=("send_mail", "createThing", "list")).mentioned(text) == named


def test_where_all_names_are_plain_words_no_text_calls_one():
    assert SharedTexts(names=("list", "get")).mentioned("list and get the x_y") == []


TEXT = st.text(st.sampled_from(list(' aZ"\\\\nntu/\n\t\r\b\x00\x01\x7f\x80é\u2028\u200b{}[]:,')), max_size=90)
NODE = st.recursive(
    TEXT | st.none() | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(NODE)
def test_what_is_searched_is_what_can_be_pointed_at(node):
    found = text_spans(canonical_json(node), (node, ""))
    assert set(found.strings) == {text_span.text for text_span in found}
    assert len(set(found.strings)) == len(found.strings)


@given(NODE, st.randoms())
def test_the_places_of_some_texts_are_those_among_all_places_in_their_order(node, source):
    spans = text_spans(canonical_json(node), (node, ""))
    some = dict.fromkeys(text for text in spans.strings if source.random() < 0.5)
    assert spans.among(some) == [span for span in spans if span.text in some]


def test_what_several_rules_ask_of_a_tool_is_computed_once():
    asked = []

    def size(context):
        asked.append(context.tool.name)
        return len(context.tool.text_spans.strings)

    shared = SharedTexts()
    cases = [
        ToolContext(example_tool(name, text_spans=parts(*texts)).tool, example_tool().assessment, shared)
        for name, texts in (("a", ("x", "y")), ("b", ("y",)))
    ]
    assert [case.once(size) for case in cases] == [case.once(size) for case in cases] == [2, 1]
    assert asked == ["a", "b"]
    assert [case.matching_texts("y".__eq__) for case in cases] == [["y"], ["y"]]
