"""Text normalised for detection."""

from hypothesis import example, given
from hypothesis import strategies as st

from analysis.text import hidden_characters
from analysis.text_folded import replaced, without_hidden

#: Characters that are hidden in some places and needed in others, and those around which they are needed.
TRICKY = "a1# \n\u200b\u200c\u200d\ufe0f\ufe0e\u0301\u034f\u180b\u1820\u1100\u115f\u2800\u2801\u0627\U0001f468\U000e0061\U000e0101\u6f22\ufeff"


@given(st.text(TRICKY))
@example("a\u200bb")
@example("\U0001f468\u200d\U0001f469a\u200d")
@example("1\ufe0fa\ufe0f")
def test_a_text_without_its_hidden_characters(text):
    hidden = {offset for offset, _ in hidden_characters(text)}
    assert without_hidden(text) == "".join(each for offset, each in enumerate(text) if offset not in hidden)


@given(st.text("abcdefghijklmnopqrstuvwxyz"), st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), unique=True))
def test_replaced_as_translate_does(text, characters):
    table = {ord(each): each.upper() for each in characters}
    assert replaced(text, table) == text.translate(table)
