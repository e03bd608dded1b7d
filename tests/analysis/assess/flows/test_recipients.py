"""Recipients that a text names."""

import pytest

from analysis.assess.flows.recipients import RecipientReader
from analysis.assess.vocabulary import built_in_vocabulary

READER = RecipientReader(built_in_vocabulary().lists)


@pytest.mark.parametrize(
    ("text", "receives"),
    [
        ("Reminds a beekeeper of the harvest", True),
        ("Passes a sample on to an agency", True),
        ("Leaves a voicemail", True),
        ("Gives a neighbour access to a folder", True),
        ("Changes the public page of the club", True),
        ("Schedules a letter for subscribers", True),
        ("Copies the honey ledger off-site", True),
        ("Moves a hive to another meadow", False),
        ("Assigns a hive to a beekeeper", False),
        ("Sets the public holidays", False),
        ("Returns the reports of an agency", False),
        ("Counts hives. Reminds a beekeeper.", False),
    ],
)
def test_who_receives_what_a_text_says(text, receives):
    assert bool(READER.of_text(text)) is receives
