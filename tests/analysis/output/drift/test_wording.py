"""The words that differ."""

from analysis.output.drift.wording import marked, word_changes


def test_words_that_differ_are_marked():
    assert marked("Returns one order.", "Returns all orders.") == "Returns [-one-]{+all+} [-order-]{+orders+}."


def test_what_stayed_is_shortened_around_a_change():
    long = " ".join(f"word{number}" for number in range(40))
    shown = marked(f"{long} old {long}", f"{long} new {long}")
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "[-old-]{+new+}" in shown
    assert len(shown) < 100


def test_both_texts_can_be_read_back_where_nothing_is_shortened():
    changes = word_changes("a b c", "a x c d")
    assert "".join(text for sign, text in changes if sign != "+") == "a b c"
    assert "".join(text for sign, text in changes if sign != "-") == "a x c d"


def test_very_long_texts_are_shown_whole():
    assert word_changes("a " * 4000, "b") == (("-", "a " * 4000), ("+", "b"))
