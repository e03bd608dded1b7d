"""`clearance controls`: governance questions by list and profile, one in full, and the coverage of a standard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from analysis.errors import UsageError
from analysis.model import AnswerState, Profile
from analysis.review.queries.governance import LISTS, questions_of, standard, standard_coverage, standards, states_of
from analysis.review.queries.governance import control as question
from analysis.review.queries.status import json_data
from tui.cli.common.options import AS_JSON
from tui.cli.common.output import columns, put_json, say, say_wrapped
from tui.cli.common.review_file import opened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.model import Control
    from analysis.review.queries.governance import CoveredId, Standard

_ANSWERED = frozenset({AnswerState.CLAIMED, AnswerState.EVIDENCED, AnswerState.NOT_APPLICABLE})


@click.command("controls", epilog="Example: clearance controls --standard owasp-mcp --review payments.clearance")
@click.argument("control", required=False)
@click.option("--standard", "key", help="Show what covers each id of a standard, such as owasp-mcp.")
@click.option("--list", "in_list", default="", help=f"Only the questions of one list: {', '.join(LISTS)}.")
@click.option("--lists", "count_lists", is_flag=True, help="Count the questions of each list.")
@click.option(
    "--profile", type=click.Choice([profile.value for profile in Profile]), help="Only the questions of this profile."
)
@click.option("--review", "file", type=click.Path(path_type=Path), help="Add the state of each answer in a review.")
@AS_JSON
def controls_command(
    control: str | None, *, key: str | None, in_list: str, count_lists: bool, profile: str | None, file: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Show the governance questions, one CONTROL in full, or the coverage of a standard.

    Ids of a standard that no question and no rule covers are shown as not covered.
    """
    if sum((control is not None, key is not None, count_lists)) > 1:
        raise UsageError("these exclude one another", remedy="give one of CONTROL, --standard and --lists")
    review = opened(file) if file else None
    states = states_of(review) if review else {}
    in_force = Profile(profile) if profile else review.policy.profile if review else Profile.L4
    if key is not None:
        found = standard(key)
        _put_standard(
            found,
            standard_coverage(found, questions_of(Profile(profile or Profile.L4), in_list), states),
            as_json=as_json,
        )
    elif control is not None:
        _put_control(control, states, as_json=as_json)
    elif as_json:
        named = [{"key": s.key, "edition": s.edition, "title": s.title, "ids": len(s.ids)} for s in standards()]
        entries = [json_data(c) | ({"state": states[c.id]} if states else {}) for c in questions_of(in_force, in_list)]
        put_json({"profile": in_force.value, "lists": dict(LISTS), "standards": named, "controls": entries})
    elif count_lists:
        _show_lists(in_force, states)
    else:
        _show_controls(in_force, in_list, states)


def _show_controls(profile: Profile, in_list: str, states: Mapping[str, str]) -> None:
    chosen = questions_of(profile, in_list)
    if in_list:
        say(f"{LISTS[in_list]} ({in_list}), profile {profile.value}")
    # A review has one profile: the state takes the place of that column, to fit in 80 columns.
    rows = [["ID", "STATE" if states else "PROFILE", "PT", "WHO", "TITLE"]]
    for c in chosen:
        rows.append([c.id, states[c.id] if states else c.profile.value, str(c.points or "-"), c.who, c.title])
    for line in columns(rows, [12, 14 if states else 7, 2, 10, 0]):
        say(line)
    say(f"{len(chosen)} questions, {sum(c.points for c in chosen)} points{_answered_suffix(chosen, states)}")


def _show_lists(profile: Profile, states: Mapping[str, str]) -> None:
    rows = [["LIST", "QUESTIONS", *(["ANSWERED"] if states else []), "SUBJECT"]]
    for name, title in LISTS.items():
        chosen = questions_of(profile, name)
        done = [str(_answered(chosen, states))] if states else []
        rows.append([name, str(len(chosen)), *done, title])
    for line in columns(rows, [13, 9, *([8] if states else []), 0]):
        say(line)
    every = questions_of(profile)
    say(f"profile {profile.value}: {len(every)} questions, each asked once{_answered_suffix(every, states)}")


def _answered(chosen: tuple[Control, ...], states: Mapping[str, str]) -> int:
    return sum(states[c.id] in _ANSWERED for c in chosen)


def _answered_suffix(chosen: tuple[Control, ...], states: Mapping[str, str]) -> str:
    return f", {_answered(chosen, states)} answered" if states else ""


def _put_control(control: str, states: Mapping[str, str], *, as_json: bool) -> None:
    found = question(control)
    if as_json:
        put_json(json_data(found) | ({"state": states[control]} if states else {}))
        return
    say(f"{found.id}  {found.title}")
    points = f", {found.points} points" if found.points else ""
    say(f"answered by: {found.who}; asked in profile {found.profile.value} and above{points}")
    for name, text in (
        ("question", found.question),
        ("why", found.why),
        ("acceptable evidence", f"{found.settles} Level {found.min_level} or better."),
        ("typical evidence", ", ".join(found.proofs)),
        ("lists", ", ".join(LISTS[each] for each in found.lists)),
        ("concerns", ", ".join(found.raises)),
        ("standards", ", ".join(found.maps_to)),
        ("state", states.get(control, "")),
    ):
        if text:
            say_wrapped(f"{name}: {text}", 2)


def _put_standard(found: Standard, rows: tuple[CoveredId, ...], *, as_json: bool) -> None:
    if as_json:
        put_json(json_data(found) | {"ids": [json_data(row) | {"nothing": row.uncovered} for row in rows]})
        return
    width = max(len(row.id) for row in rows)
    say(f"{found.title}, edition {found.edition} ({found.key})")
    if found.note:
        say_wrapped(found.note)
    for row in rows:
        states = dict(row.states)
        named = [f"{name} ({states[name]})" if name in states else name for name in row.controls]
        say_wrapped(f"{row.id:{width}}  {row.title}", width + 2)
        if row.uncovered:
            say(f"{'':{width}}    not covered")
        for label, names in (("questions", named), ("rules", row.rules)):
            if names:
                say_wrapped(f"{'':{width}}    {label}: {', '.join(names)}", width + 6)
    say(f"{sum(not row.uncovered for row in rows)} of {len(rows)} ids are covered")
