"""The gateway's commands, as far as they need no gateway: usage, kill switch, audit file, approval queue."""

import pytest

from analysis.model.terms import Approval
from analysis.output.enforce.approval import ApprovalState
from analysis.output.enforce.audit import AuditLog
from analysis.output.enforce.gateway_store import STORE, GatewayStore, WaitingCall
from tui.cli.gateway.credentials import credentials

UPSTREAM = ("--", "server")


@pytest.fixture
def queue(tmp_path):
    """A queue with one call that waits for two persons."""
    folder = tmp_path / "queue"
    store = GatewayStore(folder / STORE)
    parameters = '{"id": "\\u202e7", "note": "\\u001b[31mred"}'
    asked = (Approval(2, ("leads",)),)
    teams = (("lea", ("leads",)), ("leo", ("leads",)))
    store.ask(
        WaitingCall(
            "abc123", "2026-05-01T10:00:00Z", "2999-01-01T00:00:00Z", "ann@corp.example", "agent/1", "closeRoom", "d" * 64,
            parameters, asked, ApprovalState.WAITING, teams,
        )
    )  # fmt: skip
    store.close()
    return folder


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["packet"],
        ["packet", *UPSTREAM],
        ["packet", "--allowed-signers", "s"],
        ["packet", "--allowed-signers", "s", "--openapi", "d.json"],
        ["packet", "--allowed-signers", "s", "--openapi", "d.json", "--base-url", "ftp://x"],
        ["packet", "--allowed-signers", "s", "--openapi", "d.json", "--base-url", "http://x", *UPSTREAM],
        ["packet", "--allowed-signers", "s", "--forward-header", "X-Trace", *UPSTREAM],
        ["packet", "--allowed-signers", "s", "--header", "Authorization=secret", "http://x/mcp"],
        ["packet", "--allowed-signers", "s", "--header", "Authorization=env:NOT_SET_ANYWHERE", "http://x/mcp"],
        ["packet", "--allowed-signers", "s", "--env", "NOT_SET_ANYWHERE", *UPSTREAM],
        ["packet", "--allowed-signers", "s", "--http", "0", "--host", "0.0.0.0", *UPSTREAM],
        ["packet", "--allowed-signers", "s", "--as", "ann,,support", *UPSTREAM],
        ["packet", "--allowed-signers", "s", "--http", "0", "--as", "ann", "--tokens", "t", *UPSTREAM],
    ],
    ids=lambda arguments: " ".join(arguments)[-40:],
)
def test_a_call_that_makes_no_sense_says_what_would(run, one_clear_error, arguments):
    one_clear_error(run("enforce", *arguments), 2)


def test_a_value_on_the_command_line_is_not_repeated(run):
    assert "top-secret" not in run("enforce", "p", "--allowed-signers", "s", "--header", "A=top-secret", "http://x").err


def test_a_packet_that_is_not_there_serves_nothing(run, one_clear_error, tmp_path):
    (tmp_path / "signers").write_text("")
    one_clear_error(run("enforce", "absent", "--allowed-signers", "signers", *UPSTREAM), 1)


def test_the_kill_switch_stays(run, one_clear_error):
    assert "was not stopped" in run("enforce", "packet", "--resume").out
    assert run("enforce", "packet", "--stop").code == 0
    ran = run("enforce", "packet", "--allowed-signers", "s", *UPSTREAM)
    one_clear_error(ran, 1)
    assert "stopped by ann@corp.example" in ran.err
    assert "may be started again" in run("enforce", "packet", "--resume").out


def test_the_chain_of_an_audit_file_is_checked(run, one_clear_error, tmp_path):
    log = AuditLog(tmp_path / "audit.jsonl")
    first = log.write({"event": "call"})
    log.write({"event": "call"})
    log.close()
    ran = run("enforce", "--verify-audit", "audit.jsonl", "--expect", first)
    assert (ran.code, ran.out.startswith("2 records")) == (0, True)
    one_clear_error(run("enforce", "--verify-audit", "audit.jsonl", "--expect", "0" * 63 + "1"), 1)
    (tmp_path / "audit.jsonl").write_bytes((tmp_path / "audit.jsonl").read_bytes()[1:])
    one_clear_error(run("enforce", "--verify-audit", "audit.jsonl"), 1)


def test_waiting_calls_are_shown_whole_and_harmless(run, queue):
    ran = run("approve", queue)
    assert "closeRoom  for ann@corp.example by agent/1" in ran.out
    assert "needs 2 persons of leads" in ran.out
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out
    (waiting,) = run("approve", queue, "--json").json["waiting"]
    assert waiting["parameters"]["note"] == "\x1b[31mred"


def test_two_persons_answer_and_the_caller_does_not(run, queue, one_clear_error):
    one_clear_error(run("approve", "abc123", "--yes", "--queue", queue), 1)  # ann is the caller
    one_clear_error(run("approve", "abc123", "--yes", "--queue", queue, "--actor", "mallory"), 1)
    assert "needs 2 persons" in run("approve", "abc123", "--yes", "--queue", queue, "--actor", "lea").out
    one_clear_error(run("approve", "abc123", "--no", "--queue", queue, "--actor", "Lea"), 1)
    assert run("approve", "abc123", "--no", "--queue", queue, "--actor", "leo").code == 0
    assert [vote["yes"] for vote in run("approve", queue, "--json").json["waiting"][0]["votes"]] == [True, False]


def test_unknown_calls_and_queues_are_named(run, one_clear_error):
    assert run("approve").out == "no call waits\n"
    one_clear_error(run("approve", "abc123", "--yes"), 2)
    one_clear_error(run("approve", "--yes"), 2)
    one_clear_error(run("approve", "abc123"), 2)
    one_clear_error(run("approve", "--queue", "absent"), 3)


def test_credentials_come_from_variables_and_commands(monkeypatch):
    monkeypatch.setenv("KEY", "k")
    read = credentials(("KEY",), ("Authorization=env:KEY", "X-Key=command:echo 'a b'"))
    assert read() == ({"KEY": "k"}, {"Authorization": "k", "X-Key": "a b"})
    monkeypatch.setenv("KEY", "changed")
    assert read()[0] == {"KEY": "changed"}


@pytest.mark.parametrize("command", ["false", "echo", "no-such-command-anywhere", "'"])
def test_a_command_that_prints_no_credential_is_refused(command):
    read = credentials((), (f"X-Key=command:{command}",))
    with pytest.raises(Exception, match="printed none"):
        read()
