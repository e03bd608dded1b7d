"""Recipes of documents made to be slow: none raises, and each reader of long texts and names grows with its input.

What they cost at their full size is measured by `python -m tests.benchmarks.hostile.run`. Growth is compared here within one
process, so that the speed of the machine is no part of it.
"""

import random
import unicodedata
from time import process_time

import pytest

from analysis.assess.effects import name_verbs
from analysis.assess.vocabulary import built_in_vocabulary
from analysis.errors import InputRefused
from analysis.ingest import Limits
from analysis.review.sources.importing import examine_source
from analysis.text import decode_tags, has_hidden, hidden_characters, hidden_counts, slug
from analysis.text_folded import unhidden
from analysis.words import snake, split_words
from tests.benchmarks.hostile.recipes import recipes

RECIPES = recipes()
#: Share of its size at which every document is small.
SHARE = 0.002
#: Size of a text or name, and how much larger the second one is: linear work takes that much more, quadratic its square.
SIZE, MORE = 2_000, 8


def test_there_are_many_kinds():
    made = {recipe.document(SHARE) for recipe in RECIPES.values()}
    assert len(made) > 200


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_is_read_or_refused_with_what_to_do(name):
    remedy, not_run = outcome(RECIPES[name].document(SHARE))
    assert remedy or not_run == ()


def outcome(document):
    """Return (what a refusal says to do, rules that failed)."""
    try:
        return "", examine_source(document, empty=True, place="document").not_run
    except InputRefused as refused:
        return refused.remedy, ()


# growth ----------------------------------------------------------------------------------------------------


def fastest(work, argument, runs=3):
    """Return the least CPU seconds of some runs."""
    times = []
    for _ in range(runs):
        began = process_time()
        work(argument)
        times.append(process_time() - began)
    return min(times)


def grows_linearly(work, made, size=SIZE):
    """Whether a larger input takes about as much more time; a tenth of a millisecond is nothing."""
    small, large = made(size), made(MORE * size)
    return fastest(work, large) < MORE**1.5 * max(fastest(work, small), 1e-4)


def read_name(words):
    return name_verbs.parsed_verbs(words, built_in_vocabulary())


@pytest.mark.parametrize(
    "unit", [("",), ("", "user"), ("and", "capture"), ("", "capture"), ("run", "", "test")], ids="-".join
)
def test_verbs_of_a_long_name(unit):
    read_name(("a",))
    assert grows_linearly(read_name, lambda size: ("users", *unit * (size // len(unit)), "x"))


def test_verbs_of_several_places_are_those_of_each_place():
    vocabulary, chance = built_in_vocabulary(), random.Random(4)
    objects = [word for words in vocabulary.senses.values() for word in [*words][:3]]
    pool = [*vocabulary.senses, *objects, "and", "or", "", "user", "get"]
    for _ in range(3_000):
        words = tuple(chance.choices(pool, k=chance.randint(2, 12)))
        places = sorted(chance.sample(range(len(words)), chance.randint(1, len(words))))
        single = [name_verbs._verb(words, at, "middle", vocabulary) for at in places]
        assert name_verbs._verbs_at(words, places, "middle", vocabulary) == [verb for verb in single if verb]


def test_a_short_name_of_a_long_title():
    assert grows_linearly(slug, lambda size: "word " * size)
    assert slug("word " * 1_000) == "word-word-word-word-word-word-word-word"


@pytest.mark.parametrize("unit", ["a", "a\u200b", "\U000e0061", "\u0301", "e\ufe0f", "\u3164", "\U0001f468\u200d"])
def test_long_texts_with_invisible_characters(unit):
    def work(text):
        has_hidden(text)
        hidden_counts(text)
        hidden_characters(text)
        decode_tags(text)
        unhidden(text)

    assert grows_linearly(work, lambda size: unit * size)


def test_folding_makes_no_text_much_longer():
    """One character is eighteen in its compatibility form: a text of a million of them took two gigabytes."""
    long = "".join(map(chr, range(0x20, 0x30000)))
    assert max(len(unicodedata.normalize("NFKC", each)) for each in long) == 18
    for character in filter(lambda each: len(unicodedata.normalize("NFKC", each)) > 2, long):
        assert len(unhidden(character * 100)) <= 400
    assert unhidden("\uff49\ufdfa\uff47") == "i\ufdfag"


def test_words_of_all_names_of_a_large_document_are_kept():
    """Several readers go over all names in turn: with fewer kept than there are, each would split all of them again."""
    split_words.cache_clear()
    snake.cache_clear()
    names = [f"field{number}Name" for number in range(100_000)]
    for _ in range(3):
        for name in names:
            snake(name)
    assert snake.cache_info().misses == split_words.cache_info().misses == len(names)


def test_a_text_is_limited_to_a_length_that_is_read_in_seconds():
    assert Limits().text == 1024**2
    longest = max(RECIPES, key=lambda name: RECIPES[name].size if name.startswith("text of") else 0)
    assert RECIPES[longest].size <= Limits().text
