"""The statement on the exfiltration path over whole servers and APIs, and what their advice leaves."""

import random
from dataclasses import replace

import pytest

from analysis.model import TRIFECTA, DecisionState, FlowRole, PathState
from analysis.rules.detect.lethal_trifecta import blocking_sets, exposed_path
from tests.analysis.rules.detect.flow_sets import SERVERS, server, states

PRESENT, ABSENT, NOT_KNOWN = PathState.PRESENT, PathState.ABSENT, PathState.NOT_KNOWN


def over(names):
    return [tool for name in names for tool in server(name)]


def blocked(tools, gone):
    return [replace(t, decision_state=DecisionState.BLOCKED) if t.row.id in gone else t for t in tools]


@pytest.mark.parametrize(
    ("names", "state"),
    [
        ("disk pages", PRESENT), ("disk browser", PRESENT), ("mailbox", PRESENT), ("tracker", PRESENT), ("wiki", PRESENT),
        ("chatroom", PRESENT), ("shell", PRESENT), ("people search hooks", PRESENT), ("mail_reader pages", PRESENT),
        ("browser", PRESENT), ("people forecasts hooks", PRESENT), ("versions pages", PRESENT),
        ("clock thinking", ABSENT), ("calculator catalogue", ABSENT), ("disk clock", ABSENT), ("people orders", ABSENT),
        ("disk search", ABSENT), ("versions disk", ABSENT), ("mail_reader catalogue", ABSENT), ("catalogue pages", ABSENT),
        ("disk mystery", NOT_KNOWN), ("mystery", NOT_KNOWN), ("silent pages", NOT_KNOWN), ("silent clock", ABSENT),
        ("catalogue mystery", NOT_KNOWN),
    ],
)  # fmt: skip
def test_what_is_stated_over_servers(names, state):
    path = exposed_path(over(names.split()))
    assert path.state is state
    assert bool(path.unsettled) is (state is NOT_KNOWN)


@pytest.mark.parametrize("seed", range(40))
def test_the_advice_leaves_no_path_over_any_servers(seed):
    chance = random.Random(seed)
    tools = over(chance.sample(sorted(SERVERS), chance.randrange(2, 6)))
    path = exposed_path(tools)
    assert bool(blocking_sets(path)) != path.excluded
    for cut in blocking_sets(path):
        left = [tool for tool in tools if tool.row.id not in cut.tools]
        assert exposed_path(blocked(tools, cut.tools)).state is ABSENT
        assert not any(plays(tool, cut.flow_role) for tool in left)


def plays(tool, role):
    """Return whether a tool plays or could play a role, by what the server was made for."""
    private = "read_document list_mails read_mails search_tickets get_ticket page_text get_article find_employees"
    private += " read_channel_messages run_command process_record get_thing show_commit open_page"
    untrusted = "read_document grab list_mails read_mails search_tickets get_ticket page_text get_article run_command"
    untrusted += " read_channel_messages web_search process_record get_thing show_commit open_page get_forecast"
    sinks = "grab send_mail add_comment open_page press_button fill_field update_article post_message run_command"
    sinks += " create_webhook process_record"
    return tool.row.name in dict(zip(TRIFECTA, (private, untrusted, sinks), strict=True))[role].split()


def test_a_server_lists_every_role_it_was_made_for():
    for name in SERVERS:
        path = exposed_path(server(name))
        for role in TRIFECTA:
            if role is not FlowRole.PRIVATE_DATA:
                made = {tool.row.id for tool in server(name) if plays(tool, role)}
                assert made <= set(path.possible[role]), (name, role)


def real(folder, name):
    """Return the tools of a real server or document, or skip."""
    places = (folder / "cases/servers" / f"{name}.json", folder / "specs" / name)
    file = next((place for place in places if place.exists()), None)
    if file is None:
        pytest.skip(f"{name} is not among the shared data")
    return states(str(file), name)


@pytest.mark.parametrize(
    ("names", "possible"),
    [
        ("filesystem fetch", True), ("filesystem playwright", True), ("notion", True), ("slack-2.0.json", True),
        ("github-3.0.json", True), ("desktop-commander", True), ("chrome-devtools fetch", True), ("box-3.0.json", True),
        ("time sequential-thinking", False), ("memory time", False), ("git", False), ("filesystem git time", False),
    ],
)  # fmt: skip
def test_what_is_stated_over_real_servers_and_documents(names, possible, shared):
    tools = [tool for name in names.split() for tool in real(shared, name)]
    path = exposed_path(tools)
    assert path.state is (PRESENT if possible else ABSENT)
    assert all(exposed_path(blocked(tools, cut.tools)).state is ABSENT for cut in blocking_sets(path))
