"""Phrases in texts."""

from analysis.assess.flows.phrases import PhraseFinder


def test_words_and_pairs_are_found_at_the_beginning_of_a_text():
    finder = PhraseFinder(["inbox", "current page", "the web"])
    assert finder.find("Reads the INBOX, or the current page.") == {"inbox", "current page"}
    assert finder.find("", "Looks at the page that is current") == frozenset()
    assert finder.find("Reads.", "Searches the web") == {"the web"}
    assert finder.find("x " * 400 + "inbox") == frozenset()
