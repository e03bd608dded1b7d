"""Client configuration files: formats, secrets, hostile files."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ingest.live.config import ServerSpec, read_servers
from analysis.ingest.live.jsonc import MAX_COMMENTED
from analysis.ingest.live.redaction import is_secret_name, redact, redact_url
from analysis.model import Level

SECRET = "hunter2-Very-S3cret"


def servers(data, name=""):
    raw = data if isinstance(data, bytes) else data.encode() if isinstance(data, str) else json.dumps(data).encode()
    return read_servers(raw, name)


def one(node, key="mcpServers"):
    found, problems = servers({key: {"rooms": node}})
    return (found[0] if found else None), problems


def levels(problems):
    return [problem.level for problem in problems]


STDIO = {"command": "npx", "args": ["-y", "@rooms/server"], "env": {"ROOMS_TOKEN": SECRET}}
NPX = ("npx", "-y", "@rooms/server")


@pytest.mark.parametrize(
    ("node", "spec"),
    [
        (STDIO, ServerSpec("rooms", "stdio", NPX, env_names=("ROOMS_TOKEN",))),
        (STDIO | {"type": "stdio", "cwd": "/srv"}, ServerSpec("rooms", "stdio", NPX, "", ("ROOMS_TOKEN",), (), "/srv")),
        ({"command": "rooms"}, ServerSpec("rooms", "stdio", ("rooms",))),
        (
            {"type": "http", "url": "https://rooms.example/mcp", "headers": {"Authorization": f"Bearer {SECRET}"}},
            ServerSpec("rooms", "http", url="https://rooms.example/mcp", header_names=("Authorization",)),
        ),
        ({"httpUrl": "https://rooms.example/mcp"}, ServerSpec("rooms", "http", url="https://rooms.example/mcp")),
        ({"serverUrl": "https://rooms.example/mcp"}, ServerSpec("rooms", "http", url="https://rooms.example/mcp")),
        (
            {"url": "https://rooms.example/mcp", "tools": ["*"], "timeout": 5},
            ServerSpec("rooms", "http", url="https://rooms.example/mcp"),
        ),
    ],
    ids=["Claude", "Claude Code", "bare", "http", "Gemini", "Windsurf", "Copilot"],
)
def test_the_shapes_under_mcp_servers(node, spec):
    assert one(node) == (spec, ())


def test_vs_code_with_comments_trailing_commas_and_inputs():
    found, problems = servers("""// who reads this?
    {
      /* the servers */ "servers": {
        "rooms": {"type": "stdio", "command": "npx", "args": ["\\ud83d\\ude00", "//not a comment", "/*nor this*/",],
                  "env": {"ROOMS_TOKEN": "${input:token}"},},
        "web": {"type": "http", "url": "http://127.0.0.1:8000/mcp"}, // local
      },
      "inputs": [{"id": "token", "type": "promptString", "password": true}],
    }""")
    assert problems == ()
    assert found[0] == ServerSpec(
        "rooms", "stdio", ("npx", "😀", "//not a comment", "/*nor this*/"), env_names=("ROOMS_TOKEN",)
    )
    assert found[1].url == "http://127.0.0.1:8000/mcp"


def test_vs_code_settings_and_opencode_share_a_key():
    inside, problems = servers({"mcp": {"servers": {"rooms": STDIO}, "inputs": []}})
    assert problems == ()
    assert [spec.name for spec in inside] == ["rooms"]
    opencode, problems = servers(
        {
            "mcp": {
                "servers": {"type": "local", "command": ["npx", "-y", "@rooms/server"], "environment": {"A": SECRET}},
                "web": {"type": "remote", "url": "https://rooms.example/mcp", "headers": {"X-Key": SECRET}},
            }
        }
    )
    assert problems == ()
    assert opencode[0] == ServerSpec("servers", "stdio", NPX, env_names=("A",))
    assert opencode[1].header_names == ("X-Key",)


def test_codex():
    found, problems = servers(
        f"""
        [mcp_servers.rooms]
        command = "npx"
        args = ["-y", "@rooms/server"]
        env = {{ "ROOMS_TOKEN" = "{SECRET}" }}
        env_vars = ["LOCAL_TOKEN", {{ name = "OTHER", source = "remote" }}]
        [mcp_servers.web]
        url = "https://rooms.example/mcp"
        bearer_token_env_var = "ROOMS_TOKEN"
        http_headers = {{ "X-Region" = "eu" }}
        env_http_headers = {{ "X-Key" = "KEY_VARIABLE" }}
        """,
        "config.toml",
    )
    assert problems == ()
    assert found[0] == ServerSpec("rooms", "stdio", NPX, env_names=("ROOMS_TOKEN", "LOCAL_TOKEN", "OTHER"))
    assert found[1].header_names == ("X-Region", "X-Key", "Authorization")


@pytest.mark.parametrize("key", ["env", "headers"])
def test_values_are_kept_nowhere(key):
    for node in ({"command": "npx", key: {"A": SECRET}}, {"command": "npx", key: [f"A={SECRET}"]}, {key: SECRET}):
        spec, problems = one(node)
        assert SECRET not in repr((spec, problems, spec and (spec.describe(), spec.address())))
    broken = json.dumps({"mcpServers": {"rooms": {"env": {"A": SECRET}}}})[:-2]
    assert SECRET not in repr(servers(broken))
    assert SECRET not in repr(servers(f"[mcp_servers.rooms.env]\nA = {SECRET}\n"))


@pytest.mark.parametrize("end", ["}", "} // a comment"])
def test_a_variable_stated_twice_is_reported_without_its_values(end):
    found, problems = servers(
        f'{{"mcpServers": {{"a": {{"command": "x", "env": {{"A": "{SECRET}", "A": "b"}}}}}}' + end
    )
    assert [spec.env_names for spec in found] == [("A",)]
    assert [(problem.level, problem.pointer) for problem in problems] == [(Level.ERROR, "/mcpServers/a/env/A")]
    assert SECRET not in repr(problems)


COMMANDS = [
    (["--api-key", SECRET], "--api-key ⟨hidden⟩"),
    ([f"--token={SECRET}", "--region=eu"], "--token=⟨hidden⟩ --region=eu"),
    (["-e", f"ROOMS_TOKEN={SECRET}", "-e", "REGION=eu"], "-e ROOMS_TOKEN=⟨hidden⟩ -e REGION=eu"),
    (["-e", "ROOMS_TOKEN", "image:latest"], "-e ROOMS_TOKEN image:latest"),
    (["--header", f"Authorization: Bearer {SECRET}"], "--header 'Authorization: Bearer ⟨hidden⟩'"),
    (["--header", f"X-Api-Key:{SECRET}"], "--header X-Api-Key:⟨hidden⟩"),
    (["--header", "Authorization:${AUTH}"], "--header 'Authorization:${AUTH}'"),
    ([f"postgresql://me:{SECRET}@db/rooms?sslmode=on"], "'postgresql://⟨hidden⟩@db/rooms?sslmode=⟨hidden⟩'"),
    ([f"https://rooms.example/sse?key={SECRET}#{SECRET}"], "'https://rooms.example/sse?key=⟨hidden⟩#⟨hidden⟩'"),
    (["ghp_abcdefghijklmnopqrstuvwx"], "⟨hidden⟩"),
    (["--key", "--verbose"], "--key --verbose"),
    (["a\tb\n c"], "'a b⏎ c'"),
]


@pytest.mark.parametrize(("args", "shown"), COMMANDS)
def test_secrets_in_a_command_line_are_kept_for_starting_and_not_shown(args, shown):
    spec, _ = one({"command": "run", "args": args})
    assert spec.command == ("run", *args)
    assert spec.address() == f"run {shown}"
    assert spec.describe() == f"start the command: run {shown}"
    assert SECRET not in spec.describe() + repr(spec)


@pytest.mark.parametrize(
    "code",
    ["TOKEN=x;evil", "--token=$(evil)", "https://a/?key=$(evil)", "KEY=`evil`", "https://u:p@h/|evil", "key=x|evil"],
)
def test_code_is_never_hidden(code):
    assert "evil" in ServerSpec("x", "stdio", ("sh", "-c", code)).describe()
    assert "evil" in ServerSpec("x", "stdio", ("sh", "--token", code)).describe()


def test_secrets_in_an_address():
    url = f"https://me:{SECRET}@rooms.example:8443/s/MzQ5ZjA2ZjItYTg5Zi00ZDQ5/mcp?key={SECRET}&flag#{SECRET}"
    spec, _ = one({"url": url, "headers": {"Authorization": SECRET, "X-Region": "eu"}})
    assert spec.url == url
    shown = "https://⟨hidden⟩@rooms.example:8443/s/⟨hidden⟩/mcp?key=⟨hidden⟩&flag#⟨hidden⟩"
    assert spec.address() == shown
    assert spec.describe() == f"connect to: {shown}; with the headers Authorization, X-Region"
    assert SECRET not in spec.describe() + repr(spec)
    assert redact_url("https://rooms.example/") == "https://rooms.example/"
    assert redact("no secret at https://rooms.example/v1") == "no secret at https://rooms.example/v1"


def test_names_of_secrets():
    assert all(map(is_secret_name, ["GITHUB_TOKEN", "apiKey", "--client-secret", "Authorization", "X-API-Key", "pwd"]))
    assert not any(map(is_secret_name, ["REGION", "monkey", "author", "keyboard", "path"]))


def test_a_description_names_variables_and_folder():
    spec, _ = one(STDIO | {"cwd": "/srv/rooms"})
    assert spec.describe() == (
        "start the command: npx -y @rooms/server; in the folder /srv/rooms; with the variables ROOMS_TOKEN"
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"disabled": True}, "switched off"),
        ({"enabled": False}, "switched off"),
        ({"args": ["${workspaceFolder}/server.js"]}, "placeholder"),
        ({"envFile": ".env"}, "envFile"),
        ({"headersHelper": "/bin/evil"}, "is not run"),
    ],
)
def test_ignored_settings_are_noted(more, words):
    spec, problems = one({"command": "npx"} | more)
    assert spec is not None
    assert levels(problems) == [Level.NOTE]
    assert words in problems[0].what
    assert problems[0].pointer == "/mcpServers/rooms"


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ({"url": "http://rooms.example/mcp"}, "not encrypted"),
        ({"url": "https://rooms.example/sse", "type": "sse"}, "SSE"),
    ],
)
def test_unusual_addresses_are_noted(node, words):
    spec, problems = one(node)
    assert spec is not None
    assert words in problems[0].what


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (None, "not a table"),
        ([], "not a table"),
        ("npx", "not a table"),
        ({}, "neither a command nor an address"),
        ({"command": ""}, "neither"),
        ({"command": "  "}, "neither"),
        ({"args": ["x"]}, "neither"),
        ({"command": 7}, "`command`"),
        ({"command": "npx\u202e"}, "`command`"),
        ({"command": "npx", "args": "-y"}, "`args`"),
        ({"command": "npx", "args": ["-y", 7]}, "`args`"),
        ({"command": "npx", "args": ["a\0b"]}, "`args`"),
        ({"command": "npx", "args": ["a\x1b[2Jb"]}, "`args`"),
        ({"command": "npx", "args": ["x" * 9000]}, "too long"),
        ({"command": "npx", "env": "A=1"}, "`env`"),
        ({"command": "npx", "env": ["A=1"]}, "`env`"),
        ({"command": "npx", "env": {"": "1"}}, "`env`"),
        ({"command": "npx", "env": {"A\u200b": "1"}}, "`env`"),
        ({"command": "npx", "env_vars": [{"source": "remote"}]}, "`env_vars`"),
        ({"command": "npx", "cwd": ["/"]}, "`cwd`"),
        ({"command": "npx", "url": "https://rooms.example"}, "both"),
        ({"url": "file:///etc/passwd"}, "not an http"),
        ({"url": "https://"}, "not an http"),
        ({"url": "https://a b/"}, "not an http"),
        ({"url": "https://[::1"}, "not an http"),
        ({"url": "https://a:99999/"}, "not an http"),
        ({"url": {"a": 1}}, "`url`"),
    ],
)
def test_an_entry_that_cannot_be_trusted_is_left_out(node, words):
    found, problems = servers({"mcpServers": {"good": STDIO, "bad": node}})
    assert [spec.name for spec in found] == ["good"]
    assert levels(problems) == [Level.ERROR]
    assert words in problems[0].what
    assert problems[0].pointer == "/mcpServers/bad"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "evil\u202e", "\x1b[2J", "x" * 201])
def test_a_name_that_cannot_be_read_is_no_name(name):
    found, problems = servers({"mcpServers": {name: STDIO}})
    assert found == ()
    assert levels(problems) == [Level.ERROR]


def test_a_name_defined_twice_is_reported():
    found, problems = servers('{"mcpServers": {"a": {"command": "one"}, "a": {"command": "two"}}}')
    assert len(found) == 1
    assert levels(problems) == [Level.ERROR]
    found, problems = servers({"mcpServers": {"a": {"command": "one"}}, "servers": {"a": {"command": "two"}}})
    assert [spec.command for spec in found] == [("one",)]
    assert levels(problems) == [Level.ERROR]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"[1, 2]",
        b"{}",
        b"\xff\xfe",
        b"\x00",
        b'{"a": "\x00"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"a = " + b"[" * 100_000,
        b"key: value",
        b"servers = 5",
        b'{"mcpServers": []}',
        b'{"openapi": "3.1.0", "servers": [{"url": "https://x"}]}',
        b'{"mcpServers": {}}',
    ],
    ids=range(16),
)
def test_files_without_servers_are_refused(raw):
    found, problems = read_servers(raw, "config")
    assert found == ()
    assert Level.REFUSED in levels(problems)
    assert all(problem.remedy for problem in problems)


def test_a_file_may_be_large_and_no_larger():
    many = {"mcpServers": {f"s{number}": {"command": "x"} for number in range(600)}}
    found, problems = servers(many)
    assert len(found) == 500
    assert "more than 500 servers" in problems[-1].what
    assert levels(servers(b" " * (16 * 1024 * 1024) + b"{}")[1]) == [Level.REFUSED]
    assert levels(servers(b"a = 1\n" * 200_000, "config.toml")[1]) == [Level.REFUSED]


@pytest.mark.parametrize("part", ['"\\"', "/*", "//", ", ", ',"', "\\", '"a"', "/* ", '"a":1,', "["])
@pytest.mark.parametrize("size", [20_000, 2_000_000])
def test_hostile_text_takes_no_time(part, size):
    raw = ("{" + part * (size // len(part))).encode()
    started = time.process_time()
    assert levels(read_servers(raw)[1]) == [Level.REFUSED]
    assert time.process_time() - started < 5  # what is read again from every place takes hours


def test_a_file_with_comments_may_be_large_and_no_larger():
    plain = '{"mcpServers": {"a": {"command": "x"}}}'
    assert len(servers("//" + "x" * (MAX_COMMENTED - len(plain) - 3) + "\n" + plain)[0]) == 1
    found, problems = servers("//" + "x" * MAX_COMMENTED + "\n" + plain)
    assert (found, levels(problems)) == ((), [Level.REFUSED])
    assert "comments" in problems[0].what
    assert len(servers(" " * MAX_COMMENTED + plain)[0]) == 1  # plain JSON is read by the standard library


@pytest.mark.parametrize("comment", ["", "// c\n"])
def test_deep_nesting_is_refused(comment):
    for depth in (250, 100_000):
        found, problems = servers(
            comment + '{"mcpServers": {"a": {"command": "x"}}, "b": ' + "[" * depth + "]" * depth + "}"
        )
        assert (found, levels(problems)) == ((), [Level.REFUSED])
        assert "nested" in problems[0].what


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["command", "args", "env", "headers", "url", "httpUrl", "cwd", "type", "env_vars", "disabled", "envFile"]
)
NODES = st.dictionaries(FIELDS, PLAIN, max_size=5) | PLAIN
PLACES = st.sampled_from(["mcpServers", "servers", "mcp_servers", "mcp"])


@given(st.dictionaries(PLACES, st.dictionaries(st.text(max_size=6), NODES, max_size=3) | PLAIN, max_size=3))
def test_no_type_raises(data):
    found, problems = servers(data)
    assert found or problems
    for spec in found:
        assert spec.describe().isprintable()
        assert bool(spec.command) == (spec.kind == "stdio") != bool(spec.url)


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_raise(raw):
    for name in ("", "config.toml"):
        found, problems = read_servers(raw, name)
        assert found or problems
