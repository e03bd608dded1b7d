"""Sets of definitions: new, removed, renamed, moved, and texts that bring something in."""

from analysis.output.drift.records import ChangeGroup, DriftKind
from tests.analysis.output.drift.conftest import DOCUMENT, LIST


def told(found):
    return [(each.kind.value, each.tool, each.field, each.was, each.substance) for each in found.drift]


def test_the_same_again_is_equal(changed):
    found = changed(DOCUMENT, lambda _: None)
    assert (found.drift, found.equal, found.pairs) == ((), 2, ())


def test_new_and_removed(changed):
    def change(document):
        document["tools"][1] = {"name": "weigh", "inputSchema": {"type": "object"}}

    assert told(changed(LIST, change)) == [
        ("removed", "s:burn_parcel", "tool", "", True), ("new", "s:weigh", "tool", "", True)
    ]  # fmt: skip


def test_a_rename_is_known_by_its_definition(changed):
    found = changed(LIST, lambda d: d["tools"][1].update(name="tidy_up"))
    assert told(found) == [("renamed", "s:tidy_up", "name", "s:burn_parcel", True)]
    assert found.drift[0].why == "the definition is equal"


def test_a_rename_with_another_word_tells_the_word_too(changed):
    def change(document):
        document["tools"][1].update(
            name="tidy_up", description="Burns a parcel that no one has asked for in two years."
        )

    assert told(changed(LIST, change)) == [
        ("renamed", "s:tidy_up", "name", "s:burn_parcel", True), ("changed", "s:tidy_up", "description", "s:burn_parcel", False)
    ]  # fmt: skip


def test_two_definitions_that_say_nothing_are_no_rename(changed):
    start = {"tools": [{"name": "alpha", "inputSchema": {"type": "object"}}]}
    found = changed(start, lambda d: d["tools"][0].update(name="zulu"))
    assert [each.kind for each in found.drift] == [DriftKind.REMOVED, DriftKind.NEW]


def test_a_name_that_stands_for_another_definition_is_told(changed):
    def swap(document):
        one, other = document["tools"]
        one["name"], other["name"] = other["name"], one["name"]

    taken = [each for each in changed(LIST, swap).drift if each.kind is DriftKind.RENAMED]
    assert {(each.tool, each.was, each.substance) for each in taken} == {
        ("s:list_parcels", "s:burn_parcel", True), ("s:burn_parcel", "s:list_parcels", True)
    }  # fmt: skip


def test_a_moved_path_and_one_with_a_slash(changed):
    def move(document, to):
        document["paths"][to] = document["paths"].pop("/parcels/{number}")

    moved = changed(DOCUMENT, lambda d: move(d, "/v2/parcels/{number}"))
    assert {(each.kind, each.substance, each.field) for each in moved.drift} == {(DriftKind.MOVED, True, "path")}
    slash = changed(DOCUMENT, lambda d: move(d, "/parcels/{number}/"))
    assert {(each.kind, each.substance, each.why) for each in slash.drift} == {
        (DriftKind.MOVED, False, "a slash at the end")
    }
    assert {each.was for each in slash.drift} == {"s:GET /parcels/{}", "s:PUT /parcels/{}"}


def test_a_change_counts_by_what_it_brings_in(changed):
    def signals(text, own):
        return frozenset({f"names {word}" for word in ("alpha", "omega") if word in text} - {f"names {own}"})

    start = {"tools": [LIST["tools"][0] | {"description": "See alpha."}, LIST["tools"][1]]}
    kept = changed(start, lambda d: d["tools"][0].update(description="See alpha now."), signals)
    assert [each.group for each in kept.drift] == [ChangeGroup.WORDING]
    brought = changed(start, lambda d: d["tools"][0].update(description="See omega."), signals)
    assert [(each.group, each.why, each.substance) for each in brought.drift] == [
        (ChangeGroup.TEXT_SIGNAL, "names omega", True)
    ]


def test_a_text_where_no_one_looks_is_told_all_the_same(changed):
    """In a part of a schema that nothing refers to, next to a difference elsewhere."""

    def change(document):
        document["tools"][0]["inputSchema"]["$defs"]["Unused"] = {"description": "omega"}
        document["tools"][0]["title"] = "T"

    found = changed(LIST, change, lambda text, _: frozenset({"names omega"} if "omega" in text else ()))
    assert ("text", "omega", True) in [(each.field, each.after, each.substance) for each in found.drift]


def test_texts_are_escaped_for_display(changed):
    (drift,) = changed(LIST, lambda d: d["tools"][0].update(description="a\x1b[2Jb\u202e")).drift
    assert "\x1b" not in drift.after
    assert "\u202e" not in drift.after
    assert "U+202E" in drift.after


def test_what_a_changed_text_brings_in_makes_wording_a_text_signal_and_nothing_else(changed):
    asked = []

    def additions(*given):
        asked.append(given)
        return ("act x",)

    def reword(listed):
        listed["tools"][1]["description"] = "Burns a parcel."

    found = changed(LIST, reword, additions=additions).drift
    assert [(each.group, each.why, each.substance) for each in found] == [(ChangeGroup.TEXT_SIGNAL, "act x", True)]
    before, after, known, own = asked[0]
    assert (before, after) == ({LIST["tools"][1]["description"]}, {"Burns a parcel."})
    assert (known > before, own) == (True, "burn_parcel")

    def bound(listed):
        listed["tools"][0]["inputSchema"]["properties"]["depot"]["maxLength"] = 9

    assert [each.why for each in changed(LIST, bound, additions=additions).drift] == [""]
