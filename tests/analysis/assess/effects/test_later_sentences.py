"""What a second sentence, or the rest of the first, settles where the verb of a text leaves it open."""

import json

import pytest

from analysis.assess import assess_all
from analysis.assess.effects.later_sentences import hands_over, only_looks
from analysis.ingest import read
from analysis.model import Effect


@pytest.mark.parametrize(
    ("text", "handed"),
    [
        (
            "Drafts a mooring script. Returns the script to run at noon.",
            False,
        ),  # who runs it is not said
        ("Drafts a mooring script. Returns the script for the caller to run by hand.", True),
        ("Drafts a mooring plan! It returns commands that you can paste into a shell.", True),
        ("Drafts a mooring script. Moors the boat. Returns the script for the caller to run.", False),
        ("Drafts a mooring script. Returns the boat for the caller to run.", False),
        ("Returns the script for the caller to run.", False),
    ],
)
def test_what_is_handed_over_to_be_run(text, handed):
    assert hands_over(text) is handed


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("Performs a thorough inspection of a hull. Returns its findings.", True),
        ("Runs the engine diagnostics. Returns a report by cylinder.", True),
        ("Performs a thorough inspection of a hull.", False),
        ("Performs a thorough inspection of a hull. Returns the hull to the slip.", False),
        ("Runs the bilge pump. Returns a report.", False),
    ],
)
def test_what_only_looks(text, looks):
    assert only_looks(text) is looks


def effect_of(name, title, description):
    listed = {"name": name, "title": title, "description": description, "inputSchema": {"type": "object"}}
    (said,) = assess_all(read(json.dumps({"tools": [listed]}).encode()).inventory.tools)
    return "unclear" if said.unclear else said.effect


@pytest.mark.parametrize(
    ("name", "title", "description", "effect"),
    [
        ("harbour_chartexport", "Export a chart", "Generates a plot command. Returns the command for you to run.", Effect.READ),
        ("harbour_chartexport", "Export a chart", "Generates a plot command. Returns its state.", "unclear"),
        ("harbour_chartexport", "Export a chart", "Generates a plot command and runs it. Returns the command for you to run.", "unclear"),
        ("harbour_delete_chart", "Delete a chart", "Generates a plot command. Returns the command for you to run.", Effect.CRITICAL),
        ("sonar_test", "Test the sonar", "Tests the sonar and lists the echoes that it gets.", Effect.READ),
        ("sonar_test", "Test the sonar", "Tests the sonar.", "unclear"),
        ("sonar_test", "Test the sonar", "Tests the sonar, erases its memory and lists the echoes.", "unclear"),
        ("hull_diagnose", "Diagnose a hull", "Runs a specific diagnosis app on the hull. Returns its findings by plank.", Effect.READ),
        ("hull_diagnose", "Diagnose a hull", "Runs a specific repair app on the hull. Returns its findings by plank.", Effect.SIDE_EFFECT),
    ],
)  # fmt: skip
def test_the_effect_that_a_description_settles(name, title, description, effect):
    assert effect_of(name, title, description) == effect
