"""Tests of texts made before the rules run, by themselves: they take most of the time of the rules, and need no assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analysis.rules.engine.engine import rules
from analysis.rules.engine.rule_context import SharedTexts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from analysis.model import TextSpans, Tool
    from analysis.rules.engine.text_cache import TextResults, TextTest


def text_tests(tools: Iterable[Tool]) -> tuple[TextTest, ...]:
    """Return the tests of texts that rules declare for tools, each once."""
    declared = [each.text_tests for each in rules() if each.text_tests is not None]
    return tuple(dict.fromkeys(test for tool in tools for tests in declared for test in tests(tool)))


def texts_tested(
    tools: Sequence[Tool], text_spans: Mapping[str, TextSpans], progress: Callable[[str, int, int], None]
) -> tuple[TextResults, TextResults]:
    """Return the results of tests on the texts of tools, and on the labelled ones that they share.

    `progress` is called with (step, done, total) before each test; an exception it raises ends the work.
    """
    shared = SharedTexts(text_spans)
    for tool in tools:
        shared.own.add(tool.text_spans)
    tests = text_tests(tools)
    for number, test in enumerate(tests):
        progress("texts", number, len(tests))
        for cache in (shared.own, shared.labelled):
            cache.matching_texts(*test)
    return shared.own.results(tests), shared.labelled.results(tests)


def take_tested(shared: SharedTexts, tools: Iterable[Tool], results: tuple[TextResults, TextResults]) -> None:
    """Give the results of `texts_tested` to the texts of the same tools, of which nothing has been asked yet."""
    tests = text_tests(tools)
    for cache, found in zip((shared.own, shared.labelled), results, strict=True):
        cache.take(tests, found)
