"""Recorded calls checked against an inventory: complete, without secrets, in bounded time."""

import base64
import json
import re
import socket
from dataclasses import asdict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.ingest import Limits, read
from analysis.ingest.document.reader import parse_document
from analysis.model import Level, SourceId, Tool, ToolId
from analysis.traffic import AUDIT_FIELDS, LogLimits, PathTrie, check_calls, path_shape, read_log, validator
from analysis.traffic.call_record import Call
from analysis.traffic.route_matcher import Matcher, serves
from analysis.traffic.schema_checker import Checker
from analysis.traffic.secrets import is_secret
from analysis.traffic.validation import request_of

SAMPLE = "customer-management-api"


def lines(*records):
    return "\n".join(json.dumps(record) for record in records).encode()


def calls_of(*records):
    calls, problems = read_log(lines(*records))
    assert [p for p in problems if p.level is not Level.NOTE] == []
    return calls


def one(**record):
    (call,) = calls_of(record)
    return call


def tool(method, path, *servers, source="s", name=""):
    """A tool as the reader would make it, without what no test here looks at."""
    identity = ToolId(f"{source}:{method} {path}" if method else f"{source}:{name}")
    return Tool(
        identity,
        SourceId(source),
        name or f"{method} {path}",
        method,
        path,
        name,
        "",
        "",
        "0" * 64,
        "",
        servers=servers,
    )


@pytest.fixture(scope="module")
def tools(sample):
    return sample.inventory.tools


def named(tools, name):
    return next(one for one in tools if one.name == name)


# --- JSON lines --------------------------------------------------------------------------------------


def test_a_record_with_everything():
    call = one(
        timestamp="2026-01-02T03:04:05Z", user="ann", agent="bot", tool="getX", arguments={"id": 1}, outcome="ok"
    )
    assert (call.number, call.time, call.user, call.agent, call.tool, call.arguments, call.outcome, call.missing) == (
        1, "2026-01-02T03:04:05Z", "ann", "bot", "getX", '{"id":1}', "ok", (),
    )  # fmt: skip


@pytest.mark.parametrize(
    "record",
    [
        {"ts": 1, "actor": {"id": "ann"}, "client": {"name": "bot"}, "tool_name": "t", "params": {}, "status": "ok"},
        {"Time": 1, "subject": "ann", "model": "bot", "name": "t", "parameters": {"a": 1}, "success": True},
        {"@timestamp": "x", "user_id": "ann", "agentName": "bot", "toolName": "t", "input": {}, "result": "OK"},
        {"ts": 1, "userEmail": "ann", "client_id": "bot", "function": {"name": "t", "arguments": "{}"}, "is_error": False},
        {
            "time": 1, "user": "ann", "agent": "bot", "result": {"isError": False, "content": []},
            "message": {"jsonrpc": "2.0", "method": "tools/call", "params": {"name": "t", "arguments": {}}},
        },
        {
            "timestamp": 1, "enduser.id": "ann", "gen_ai.agent.name": "bot", "gen_ai.tool.name": "t",
            "gen_ai.tool.call.arguments": "{}", "error": False,
        },
    ],
)  # fmt: skip
def test_common_spellings(record):
    (call,) = calls_of(record)
    assert (call.user, call.agent, call.tool, call.outcome.replace("answered", "ok")) == ("ann", "bot", "t", "ok")
    assert call.missing == ()


@pytest.mark.parametrize("field", AUDIT_FIELDS)
def test_a_field_that_a_record_lacks(field):
    whole = {"time": "1", "user": "u", "agent": "a", "tool": "t", "parameters": {}, "outcome": "ok"}
    for lacking in ({k: v for k, v in whole.items() if k != field}, whole | {field: None}, whole | {field: ""}):
        if lacking.get(field) != "" or field != "parameters":  # text that holds nothing is still what was sent
            assert one(**lacking).missing == (field,)


def test_a_request_has_a_tool_and_parameters():
    assert one(method="get", path="/a/1").missing == ("user", "agent", "time", "outcome")
    assert one(method="POST", path="/a").missing == ("user", "agent", "parameters", "time", "outcome")
    assert one(method="POST", path="/a", body={}, status=201).missing == ("user", "agent", "time")


@pytest.mark.parametrize(
    ("record", "target"),
    [
        (
            {"method": "get", "url": "https://me:pw@API.example:8443/v2/a%20b?x=1#f"},
            ("GET", "api.example:8443", "/v2/a%20b"),
        ),
        ({"http.request.method": "PUT", "url.path": "/a"}, ("PUT", "", "/a")),
        ({"endpoint": "DELETE /a/1"}, ("DELETE", "", "/a/1")),
        ({"requestLine": "GET /a?b=c HTTP/1.1"}, ("GET", "", "/a")),
        ({"request": {"method": "GET", "url": "https://h"}}, ("GET", "h", "/")),
        ({"method": "GET", "url": "//evil/a"}, ("GET", "", "//evil/a")),
        ({"method": "GET", "url": "http://[::1"}, ("", "", "")),
        ({"method": "GET", "url": "data:text/html,x"}, ("", "", "")),
    ],
)
def test_where_a_request_went(record, target):
    (call,) = calls_of(record)
    assert (call.method, call.host, call.path) == target


def test_results_in_outcomes_are_not_kept():
    assert one(tool="t", result="Dear Ms Miller, your balance is 17.30").outcome == "answered"
    assert one(tool="t", error="no such customer: Miller").outcome == "error"
    assert one(tool="t", status=404, result={"a": 1}).outcome == "404"
    assert one(tool="t", response={"status": 500, "body": {"a": 1}}).outcome == "500"


def test_messages_that_call_no_tool_are_counted():
    calls, problems = read_log(
        lines({"jsonrpc": "2.0", "method": "tools/list"}, {"jsonrpc": "2.0", "result": {}}, {"tool": "t"})
    )
    assert [call.number for call in calls] == [3]
    assert [(p.level, p.what[:9]) for p in problems] == [(Level.NOTE, "2 records")]


def test_faulty_lines_are_reported_and_the_rest_is_read():
    deep = b'{"tool": "t", "arguments": {"a": ' + b"[" * 300 + b"]" * 300 + b"}}"
    bad = [
        b"{",
        b"[1]",
        b"\xff",
        b'{"a": NaN}',
        b'{"tool": "t", "tool": "u"}',
        b"[" * 100_000,
        deep,
        b'{"a": "' + b"x" * 2_000 + b'"}',
    ]
    raw = b"\n".join([b'{"tool": "first"}', *bad, b"", b'{"tool": "last"}\r', b'{"tool": "cut'])
    calls, problems = read_log(raw, LogLimits(line=1_000))
    assert [call.tool for call in calls] == ["first", "last"]
    assert [problem.line for problem in problems] == [2, 3, 4, 5, 6, 7, 8, 9, 12]
    assert {problem.level for problem in problems} == {Level.ERROR}


def test_limits():
    many = lines(*[{"tool": "t"}] * 20)
    calls, problems = read_log(many, LogLimits(calls=5))
    assert len(calls) == 5
    assert problems[-1].what == "more than 5 calls; record 6 and all after it were not read"
    assert read_log(many, LogLimits(size=10))[1][0].level is Level.REFUSED
    _, problems = read_log(b'{"tool": "t"}\n' + b"{\n" * 1_000)
    assert len(problems) == 201
    assert problems[-1].what == "800 further faults are not listed"


@pytest.mark.parametrize(
    "raw", [b"", b" \n", b"\x00\x01", b"not json", b"<har/>", b"[]", b'"x"', b'{"log": {"entries": [1']
)
def test_other_input_than_logs(raw):
    calls, problems = read_log(raw)
    assert calls == ()
    assert problems[0].level is Level.REFUSED


def test_other_forms_of_the_same_log():
    records = [{"tool": "a"}, {"tool": "b"}]
    for raw in (
        json.dumps(records).encode(),
        b"\xef\xbb\xbf" + lines(*records),
        lines(*records).decode().encode("utf-16"),
    ):
        assert [call.tool for call in read_log(raw)[0]] == ["a", "b"]
    assert [call.tool for call in read_log(json.dumps({"tool": "a"}, indent=2).encode())[0]] == ["a"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.sampled_from(
        ["user", "tool", "method", "url", "params", "request", "response", "status", "arguments", "headers", "log", "entries"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(JSON, max_size=4) | st.builds(lambda inner: {"log": {"entries": inner}}, st.lists(JSON, max_size=3)))
def test_nothing_in_a_log_raises(data):
    for raw in (json.dumps(data).encode(), "\n".join(map(json.dumps, data)).encode()):
        calls, _ = read_log(raw)
        check_calls(calls, [tool("GET", "/a/{b}", name="a")], {})


@given(st.binary(max_size=200))
def test_no_bytes_raise(raw):
    read_log(raw)


# --- HAR ---------------------------------------------------------------------------------------------


def entry(method="GET", url="https://api.example/a", status=200, body=None, returned=None, **more):
    request = {
        "method": method,
        "url": url,
        "headers": [{"name": "Accept", "value": "*/*"}, {"name": ":path", "value": "/"}],
    }
    if body is not None:
        request["postData"] = {"mimeType": "application/json", "text": body}
    content = {"mimeType": "application/json; charset=utf-8", "text": returned}
    return {"startedDateTime": "2026", "request": request, "response": {"status": status, "content": content}} | more


def har(*entries):
    return json.dumps({"log": {"version": "1.2", "entries": list(entries)}}).encode()


def test_a_har_file():
    calls, problems = read_log(har(entry("POST", "https://h/a?b=c", 201, '{"x": 1}', '{"y": 2}'), 7, entry(status=0)))
    first, second = calls
    assert (first.method, first.host, first.path, first.query, first.status) == ("POST", "h", "/a", (("b", "c"),), 201)
    assert (first.request, first.response, first.headers) == ('{"x":1}', '{"y":2}', (("accept", "*/*"),))
    assert first.missing == ("user", "agent")
    assert second.missing == ("user", "agent", "outcome")
    assert [problem.what for problem in problems] == ["record 2: the record is not an object; it was left out"]


def test_a_har_may_say_who_called():
    (call,), _ = read_log(har(entry(_user="ann", _agent={"name": "bot"})))
    assert (call.user, call.agent, call.missing) == ("ann", "bot", ())


def test_bodies_that_could_hide_a_secret_are_not_kept():
    multipart = entry("POST")
    multipart["request"]["postData"] = {"mimeType": "multipart/form-data", "text": "password=x"}
    form = entry("POST")
    form["request"]["postData"] = {"mimeType": "application/x-www-form-urlencoded", "text": "a=1&password=hunter2"}
    packed = entry()
    packed["response"]["content"] |= {"text": base64.b64encode(b'{"token": "t"}').decode(), "encoding": "base64"}
    long = entry(returned=json.dumps("x" * 2_000))
    calls, _ = read_log(har(multipart, form, packed, long), LogLimits(line=1_000))
    assert calls[0].request is None
    assert calls[1].request is not None
    assert "hunter2" not in calls[1].request
    assert calls[1].request.startswith("a=1&password=")
    assert calls[2].response == json.dumps({"token": "⟨secret⟩"}, separators=(",", ":"))
    assert calls[3].response is None


# --- secrets -----------------------------------------------------------------------------------------

NAMES = [
    "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-API-Key", "api_key", "apiKey", "APIKEY", "access_token",
    "refreshToken", "client_secret", "password", "userPassword", "PASSWD", "private-key", "session_id", "sessionId", "X-Csrf-Token",
    "Ocp-Apim-Subscription-Key", "X-Amz-Signature", "credentials", "key", "x-refreshtoken", "userpassword", "AWSAccessKeyId", "otp",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_secrets(name):
    assert is_secret(name)


@pytest.mark.parametrize(
    "name", ["max_tokens", "author", "monkey", "keyword", "customerId", "sort_key", "keys", "pinned", "tokenizer"]
)
def test_names_of_other_things(name):
    assert not is_secret(name)


@pytest.mark.parametrize("name", NAMES)
def test_no_value_of_a_secret_is_kept_in_any_place(name):
    secret = "hunter2-hunter2"
    pair = {"name": name, "value": secret}
    with_secrets = entry(
        "POST", f"https://u:{secret}@h/a?{name}={secret}", 200, json.dumps({"a": [{name: secret}], "b": pair})
    )
    with_secrets["request"]["headers"].append(pair)
    with_secrets["response"]["content"]["text"] = json.dumps({name: {"deep": [secret]}})
    with_secrets["request"]["cookies"] = [pair]
    record = {
        "tool": "t", "arguments": {name: secret, "nested": {name: secret}, "text": json.dumps({name: secret})},
        "url": f"/a?{name}={secret}", "method": "GET", "body": json.dumps({name: secret}), "headers": {name: secret},
        "response": {"body": {name: secret}}, name: secret,
    }  # fmt: skip
    for raw in (har(with_secrets), lines(record)):
        (call,), _ = read_log(raw)
        kept = json.dumps(asdict(call), ensure_ascii=False)
        assert secret not in kept
        assert name.lower() in kept.lower()


@pytest.mark.parametrize(
    "value",
    [
        "Bearer abcdef123456",
        "Basic dXNlcjpwYXNz",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig",
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_a_credential_under_an_innocent_name(value):
    assert value not in one(tool="t", arguments={"note": value}).arguments


# --- paths -------------------------------------------------------------------------------------------


def naive(tools, method, path, host=""):
    """The same by looking at every template of every tool."""

    def found(segments, based):
        best = {}
        for one in tools:
            urls = [re.sub(r"^https://[^/]*", "", url) for url in one.servers] or [""]
            for base in urls if based else [""]:
                wanted = [part for part in base.split("/") if part] + one.path.split("/")[1:]
                patterns = [re.sub(r"\\\{[^{}]*\\\}", "(.+)", re.escape(part)) for part in wanted]
                if one.method != method or len(wanted) != len(segments):
                    continue
                if all(re.fullmatch(p, s, re.DOTALL) for p, s in zip(patterns, segments, strict=True)):
                    rank = [
                        (
                            0 if "(" not in p else 2 if p == "(.+)" else 1,
                            -len(re.sub(r"\{[^{}]*\}", "", w)),
                            re.sub(r"\{[^{}]*\}", "{}", w).split("{}"),
                        )
                        for p, w in zip(patterns, wanted, strict=True)
                    ]
                    best.setdefault(json.dumps(rank), (rank, []))[1].append(one.id)
        return min(best.values())[1] if best else []

    segments = path.split("/")[1:]
    other = segments[:-1] if segments[-1] == "" and len(segments) > 1 else [*segments, ""]
    for based in (True,) if host else (True, False):
        for wanted in (segments, other):
            if identities := found(wanted, based):
                return identities
    return []


SEGMENT = st.sampled_from(["a", "b", "{x}", "{x}.json", "a{x}", "{x}-{y}", "", "ab.json"])
TEMPLATE = st.lists(SEGMENT, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
SERVERS = st.sampled_from([(), ("https://h",), ("https://h/a",), ("/b/",), ("https://h/a", "https://i/b")])
PATH = st.lists(st.sampled_from(["a", "b", "ab", "ab.json", "a-b", "-", "c", ""]), min_size=1, max_size=5).map(
    lambda p: "/" + "/".join(p)
)


@given(
    st.lists(st.tuples(st.sampled_from(["GET", "PUT"]), TEMPLATE, SERVERS), max_size=8),
    PATH,
    st.sampled_from(["", "other"]),
)
@example([("GET", "/a/{x}", ()), ("GET", "/{x}/b", ())], "/a/b", "")
@example([("GET", "/a/b", ()), ("PUT", "/a/{x}", ())], "/a/b", "")
@example([("GET", "/{x}/a", ()), ("GET", "/a/b", ())], "/a/a", "")
def test_the_trie_finds_the_same_as_matching_every_template(stated, path, host):
    listed = list({one.id: one for one in (tool(m, t, *s) for m, t, s in stated)}.values())
    for method in ("GET", "PUT"):
        assert [one.id for one in PathTrie(listed).find(method, path, host)] == naive(listed, method, path, host)


def test_every_operation_of_a_vendor_is_found(spec):
    for name in ("github-3.0.json", "stripe-3.0.yaml", "slack-2.0.json"):
        inventory = spec(name).inventory
        trie = PathTrie(inventory.tools)
        for one in inventory.tools:
            base = re.sub(r"^https?://[^/]*", "", one.servers[0]).rstrip("/")
            sent = base + re.sub(r"\{[^{}]*\}", "some-thing.1", one.path)
            (found,) = trie.find(one.method, sent, "x")
            assert re.sub(r"\{[^{}]*\}", "{}", found.path) == re.sub(r"\{[^{}]*\}", "{}", one.path)


@pytest.mark.parametrize(
    ("path", "host", "found"),
    [
        ("/v2/users/me", "", "/users/me"),
        ("/users/me", "", "/users/me"),
        ("/users/me", "h", None),  # with a host the base path is not left out
        ("/v2/users/me/", "h", "/users/me"),
        ("/v2/users/17", "h", "/users/{id}"),
        ("/v2/users/a%2Fb", "h", "/users/{id}"),
        ("/v2/users/m%65", "h", "/users/me"),
        ("/v2/users/", "h", None),  # a parameter is never empty
        ("/v2//users/me", "h", None),
        ("/v2/USERS/me", "h", None),
        ("/v2/x/../users/me", "h", None),
        ("/v2/users/%2e%2e", "h", None),
        ("/v2/users/.", "h", None),
        ("users/me", "", None),
        ("", "", None),
        ("/v2/report.csv", "h", "/report.{kind}"),
        ("/v2/report.", "h", None),
        ("/eu/v2/plain", "h", "/plain"),  # a variable in the base path
    ],
)
def test_paths(path, host, found):
    listed = [
        *(tool("GET", one, "https://h/v2") for one in ("/users/{id}", "/users/me", "/report.{kind}")),
        tool("GET", "/plain", "https://h/{region}/v2"),
    ]
    assert [one.path for one in PathTrie(listed).find("get", path, host)] == ([found] if found else [])


def test_the_method_decides_with_the_path():
    listed = [tool("GET", "/users/me"), tool("DELETE", "/users/{id}")]
    assert [one.path for one in PathTrie(listed).find("DELETE", "/users/me")] == ["/users/{id}"]
    assert PathTrie(listed).find("POST", "/users/me") == ()


@pytest.mark.parametrize(
    ("server", "host", "serves_it"),
    [
        ("https://api.example/v1", "api.example", True),
        ("https://api.example:443", "api.example", True),
        ("https://API.example", "api.example:443", True),
        ("//api.example", "api.example", True),
        ("https://{region}.example", "eu.example", True),
        ("https://{region}.example", ".example", False),
        ("https://api.example", "api.example.evil", False),
        ("https://api.example", "evil", False),
        ("{base}/v1", "anything", None),
        ("/v1", "anything", None),
    ],
)
def test_hosts(server, host, serves_it):
    assert serves((server,), host) is serves_it


def test_a_long_path_of_wildcards_costs_one_pass():
    listed = [tool("GET", "/" + "-".join(["{x}"] * 200)), tool("GET", "/" + "/".join(["{x}"] * 20_000))]
    trie = PathTrie(listed)
    assert trie.find("GET", "/" + "a" * 500_000) == ()
    assert trie.find("GET", "/a" * 20_000) == (listed[1],)


# --- names -------------------------------------------------------------------------------------------

LISTED = [
    tool("GET", "/users/{id}", "https://h/v2", source="crm", name="getUser"),
    tool("DELETE", "/users/{id}", "https://h/v2", source="crm", name="deleteUser"),
    tool("", "", source="desk", name="search"),
    tool("", "", source="mail", name="search"),
]


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ({"tool": "getUser"}, "crm:GET /users/{id}"),
        ({"tool": "get_user"}, "crm:GET /users/{id}"),
        ({"tool": "crm:GET /users/{id}"}, "crm:GET /users/{id}"),
        ({"tool": "mcp__crm__get-user"}, "crm:GET /users/{id}"),
        ({"tool": "mcp__desk__search"}, "desk:search"),
        ({"tool": "mail.search"}, "mail:search"),
        ({"tool": "search"}, "several tools of the review match"),
        ({"tool": "evil__getUser"}, "not in the inventory"),  # another server's tool of the same name
        ({"tool": "nothing"}, "not in the inventory"),
        ({"user": "ann"}, "the record names no tool"),
        ({"method": "GET", "path": "/users/1"}, "crm:GET /users/{id}"),
        ({"method": "GET", "path": "/users/1/x"}, "not in the inventory"),
        ({"tool": "search", "server": "x", "method": "POST", "path": "/mcp"}, "several tools of the review match"),
    ],
)
def test_which_tool_was_called(record, found):
    match = Matcher(LISTED).match(one(**record))
    assert (match.tool.id if match.tool else match.why) == found
    assert not match.contradicts


def test_the_request_takes_precedence_over_the_recorded_name():
    match = Matcher(LISTED).match(one(tool="getUser", method="DELETE", path="/users/1"))
    assert (match.tool.name, match.contradicts) == ("deleteUser", True)
    elsewhere = Matcher(LISTED).match(one(tool="getUser", method="DELETE", path="/admin"))
    assert (elsewhere.tool.name, elsewhere.contradicts) == ("getUser", True)
    way_to_the_server = Matcher(LISTED).match(one(tool="mail/search", method="POST", path="/mcp"))
    assert (way_to_the_server.tool.id, way_to_the_server.contradicts) == ("mail:search", False)


# --- holding -----------------------------------------------------------------------------------------


def test_a_log_against_decisions(tools):
    get, delete, refund = (named(tools, name) for name in ("getCustomer", "deleteCustomer", "refundPayment"))
    who = {"time": "1", "agent": "bot", "outcome": "ok"}
    calls = calls_of(
        {"user": "ann", "tool": "getCustomer", "arguments": {"customerId": "c"}} | who,
        {"user": "bob", "tool": "getCustomer", "arguments": {"customerId": "c", "fields": "all"}} | who,
        {"user": "ann", "tool": "deleteCustomer", "arguments": {"customerId": "c"}} | who,
        {"tool": "refundPayment", "arguments": {"paymentId": "p", "reason": "x", "card": {}}, "outcome": "denied"},
        {"user": "ann", "method": "GET", "url": "https://api.harbourline.example/v2/secrets/17"},
        {"user": "ann", "method": "GET", "url": "https://api.harbourline.example/v2/secrets/18"},
        {"user": "ann", "method": "GET", "url": "https://other.example/v2/customers/c"} | who,
    )
    traffic = check_calls(calls, tools, {get.id: "approved", delete.id: "blocked"})
    by_tool = {seen.tool: seen for seen in traffic.tools}
    assert traffic.calls == 7
    assert [seen.tool for seen in traffic.tools] == [get.id, delete.id, refund.id]
    assert [(seen.tool, seen.decision) for seen in traffic.refused] == [
        (delete.id, "blocked"),
        (refund.id, "undecided"),
    ]
    assert by_tool[get.id].users == (("ann", 2), ("bob", 1))
    assert by_tool[get.id].agents == (("bot", 3),)
    assert by_tool[get.id].outcomes == (("ok", 3),)
    assert by_tool[get.id].undeclared == (("fields", 1),)
    assert by_tool[refund.id].undeclared == (("card", 1),)
    assert by_tool[refund.id].outcomes == (("denied", 1),)
    (unknown,) = traffic.unknown
    assert (unknown.method, unknown.path, unknown.calls, unknown.first) == ("GET", "/v2/secrets/{}", 2, 5)
    assert traffic.missing_fields == (
        ("user", 1),
        ("agent", 3),
        ("tool", 0),
        ("parameters", 0),
        ("time", 3),
        ("outcome", 2),
    )
    assert traffic.hosts == (("other.example", 1),)
    assert len(traffic.never_called) == len(tools) - 3
    assert not traffic.clean


def test_a_clean_log(tools):
    record = {
        "time": 1,
        "user": "u",
        "agent": "a",
        "tool": "getCustomer",
        "arguments": {"customerId": "c"},
        "outcome": "ok",
    }
    identity = named(tools, "getCustomer").id
    assert check_calls(calls_of(record), tools, {identity: "conditional"}, lambda call, tool: []).clean
    assert not check_calls(calls_of(record), tools, {identity: "stale"}).clean
    assert not check_calls(calls_of(record), tools, {identity: "approved"}, lambda call, tool: ["bad"]).clean


def test_violations_and_unchecked_calls_are_counted_separately(tools):
    calls = calls_of(*[{"tool": "getCustomer", "arguments": {}}] * 5)
    asked = []

    def validate(call, tool):
        asked.append(call.number)
        return ["bad", "could not be checked: no idea"]

    (seen,) = check_calls(calls, tools, {}, validate, checks=3).tools
    assert asked == [1, 2, 3]
    assert (seen.calls, seen.checked, seen.violations, seen.unchecked) == (
        5, 3, (("bad", 3),), (("could not be checked: no idea", 3),),
    )  # fmt: skip


def test_parameters_in_every_spelling(tools):
    listing, create = named(tools, "listCustomers"), named(tools, "createCustomer")
    in_query = one(method="GET", url="/customers?limit=1&status[]=a&country[x]=y&api_key=k&other=1")
    in_body = one(method="POST", path="/customers", body={"fullName": "n", "other": 1})
    wrapped = one(
        tool="createCustomer", arguments={"body": {"fullName": "n", "other": 1}, "headers": {"Idempotency-Key": "i"}}
    )
    for call, called in ((in_query, listing), (in_body, create), (wrapped, create)):
        (seen,) = check_calls([call], [called], {}).tools
        assert seen.undeclared == (("other", 1),)


def test_endless_names_are_counted_together():
    calls = [Call(n, tool=f"t{n}", user=f"u{n}") for n in range(1_500)]
    traffic = check_calls([*calls, *(Call(n, tool="getUser", user=f"u{n}") for n in range(1_500))], LISTED, {})
    assert len(traffic.unknown) == 1_001
    assert traffic.unknown[0].name == "(others)"
    assert sum(group.calls for group in traffic.unknown) == 1_500
    assert dict(traffic.tools[0].users)["(others)"] == 500


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v1/users/17", "/v1/users/{}"),
        ("/users/ann@example.com/notes", "/users/{}/notes"),
        ("/x/3fa85f64-5717-4562-b3fc-2c963f66afa6", "/x/{}"),
        ("/hooks/T0AB12CD3/xoxb1234567890abcd", "/hooks/T0AB12CD3/{}"),
        ("/a%20b/c", "/{}/c"),
        ("", ""),
    ],
)
def test_paths_of_unknown_calls_name_kinds_and_no_single_things(path, shown):
    assert path_shape(path) == shown


# --- schemas -----------------------------------------------------------------------------------------

SPEC = """
openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: 'https://shop.example/v1'}]
paths:
  /orders/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put:
      operationId: putOrder
      parameters:
        - {name: dry, in: query, schema: {type: boolean}}
        - {name: tags, in: query, schema: {type: array, items: {type: string, enum: [a, b]}}}
        - {name: ref, in: query, required: true, schema: {type: string, maxLength: 3}}
        - {name: X-Trace, in: header, required: true, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
  /orders#new:
    get: {operationId: odd, responses: {'200': {description: ok}}}
  /away:
    get:
      operationId: away
      parameters: [{name: x, in: query, schema: {$ref: 'http://127.0.0.1:9/x.json'}}]
      responses: {'200': {description: ok}}
  /loop:
    get:
      operationId: loop
      parameters: [{name: x, in: query, schema: {$ref: '#/components/schemas/Loop'}}]
      responses: {'200': {description: ok}}
components:
  schemas:
    Loop: {$ref: '#/components/schemas/Loop'}
    Order:
      type: object
      required: [sum]
      additionalProperties: false
      properties:
        sum: {type: integer, minimum: 1}
        note: {type: string, nullable: true}
        password: {type: string, minLength: 20}
        lines: {type: array, items: {type: object, properties: {sku: {type: string, pattern: '^[A-Z]+$'}}}}
"""


@pytest.fixture(scope="module")
def shop():
    return {one.name: one for one in read(SPEC.encode()).inventory.tools}


@pytest.fixture(scope="module")
def check(shop):
    with validator(SPEC.encode()) as made:
        assert made
        yield lambda call, name: made(call, shop[name])


def put(query="ref=abc", body=None, path="/v1/orders/7", status=200, returned=None, **more):
    url = f"https://shop.example{path}?{query}"
    sent = entry("PUT", url, status, json.dumps({"sum": 1} if body is None else body), returned, **more)
    sent["request"]["headers"].append({"name": "X-Trace", "value": "t"})
    (call,), _ = read_log(har(sent))
    return call


@pytest.mark.repeats
@pytest.mark.parametrize(
    ("call", "breaches"),
    [
        (put(), []),
        (put("ref=abc&dry=true&tags=a&tags=b", {"sum": 2, "note": None, "lines": [{"sku": "A"}]}), []),
        (put(path="/v1/orders/seven"), ["the path parameter 'id' does not match the format of its definition"]),
        (put(""), ["the required query parameter 'ref' is missing"]),
        (put("ref=long"), ["query parameter 'ref': violates `maxLength: 3`"]),
        (put("ref=abc&tags=c"), ["query parameter 'tags'/[]: is not one of the listed values"]),
        (put(body={}), ["request body: 'sum' is a required property"]),
        (put(body={"sum": 0}), ["request body/sum: violates `minimum: 1`"]),
        (put(body={"sum": 1, "lines": [{"sku": "a"}, {"sku": "b"}]}), ['request body/lines/[]/sku: violates `pattern: "^[A-Z]+$"`']),
        (put(body={"sum": 1, "extra": 1}), ["request body: Additional properties are not allowed ('extra' was unexpected)"]),
        (put(body={"sum": 1, "password": "short"}), []),  # its value was dropped, so it cannot be checked
        (put(status=418), ["the response status 418 is not defined"]),
        (put(returned='{"sum": "1"}'), ['response body/sum: violates `type: "integer"`']),
    ],
)  # fmt: skip
def test_requests_against_the_schemas(check, call, breaches):
    assert check(call, "putOrder") == breaches


def test_a_request_without_its_body(check):
    call, _ = read_log(har(entry("PUT", "https://shop.example/v1/orders/7?ref=abc")))
    violations = check(call[0], "putOrder")
    assert "the required request body is missing" in violations
    assert "the required header parameter 'X-Trace' is missing" in violations
    assert (
        check(one(method="PUT", path="/orders/7", query="", url="/orders/7?ref=abc"), "putOrder") == []
    )  # not recorded


@pytest.mark.parametrize(
    ("arguments", "breaches"),
    [
        ({"id": 7, "ref": "abc", "sum": 1}, []),
        ({"id": 7, "ref": "abc", "body": {"sum": 1}}, []),
        ({"path": {"id": 7}, "query": {"ref": "abc"}, "requestBody": {"sum": 1}}, []),
        ({"id": "7", "ref": "abc", "sum": 1}, ["path parameter 'id': violates `type: \"integer\"`"]),
        ({"ref": "abc", "sum": 1}, ["the required path parameter 'id' is missing"]),
        ({"id": 7, "ref": "abc"}, ["the required request body is missing"]),
        ({"id": 7, "ref": "abc", "note": "x"}, ["request body: 'sum' is a required property"]),
        (
            {"id": 7, "ref": "abc", "tags": "a", "sum": 1},
            ["query parameter 'tags': violates `type: \"array\"`"],
        ),
    ],
)
def test_arguments_against_the_schemas(check, arguments, breaches):
    assert check(one(tool="putOrder", arguments=arguments), "putOrder") == breaches


def test_no_recorded_value_is_in_a_text(check):
    secret = "Ms Miller, 17 Main Street"
    call = put(
        f"ref={secret}&tags={secret}",
        {"sum": secret, "lines": [{"sku": secret}], "note": [secret]},
        returned=json.dumps(secret),
    )
    violations = check(call, "putOrder")
    assert len(violations) == 6
    assert "Miller" not in "".join(violations)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("away", "could not be checked: the reference 'http://127.0.0.1:9/x.json' was not followed"),
        ("loop", "could not be checked: the schema is nested too deeply or refers to itself"),
    ],
)
def test_unchecked_calls_are_reported(check, name, why):
    assert check(one(method="GET", url=f"/{name}?x=1"), name) == [why]
    assert check(put(), "putOrder") == []  # and the next one is


def test_no_address_is_opened():
    """Neither by the process, nor by the validators alone, where no second lock is in the way."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        spec = SPEC.replace("127.0.0.1:9", f"127.0.0.1:{server.getsockname()[1]}").encode()
        away = next(one for one in read(spec).inventory.tools if one.name == "away")
        asked = request_of(one(method="GET", url="/away?x=1"), away)
        with pytest.raises(Exception, match="http"):
            list(Checker(parse_document(spec, Limits()).data, "3.0").violations(json.loads(json.dumps(asked))))
        with validator(spec) as made:
            assert "was not followed" in made(one(method="GET", url="/away?x=1"), away)[0]
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_path_with_the_separator_of_openapi_core(check):
    assert check(one(tool="odd", arguments={}, status=200), "odd") == []
    assert check(one(tool="odd", arguments={}, status=404), "odd") == ["the response status 404 is not defined"]


def test_a_document_that_is_another_or_none(shop, root):
    call = put()
    with validator((root / "sample_data" / "customer-management.yaml").read_bytes()) as made:
        assert made(call, shop["putOrder"]) == ["could not be checked: the document has no such operation"]
    for raw, reason in (
        (
            b'swagger: "2.0"\ninfo: {title: T, version: "1"}\npaths: {}',
            "openapi-core validates no calls of OpenAPI 2.0",
        ),
        (b"{", "the document cannot be read"),
    ):
        with validator(raw) as made:
            assert not made
            assert made.reason == reason
            assert made(call, shop["putOrder"]) == [f"could not be checked: {reason}"]


def test_a_validator_that_hangs_is_replaced_and_then_given_up():
    slow = SPEC.replace("maxLength: 3", "pattern: '^(a+)+$'")
    listed = {one.name: one for one in read(slow.encode()).inventory.tools}
    with validator(slow.encode(), seconds=0.5) as made:
        hanging = "could not be checked: it took more than 0.5 seconds, or failed"
        assert made(put("ref=" + "a" * 50 + "!"), listed["putOrder"]) == [hanging]
        assert made
        assert made(put("ref=" + "a" * 50 + "!"), listed["putOrder"]) == [hanging]
        assert made(put("ref=" + "a" * 50 + "!"), listed["putOrder"]) == [hanging]
        assert not made
        assert made.reason == "validation of this document timed out or failed too often"


def test_a_real_log_against_the_sample(sample, root):
    """From bytes to figures, as the service will do it."""
    raw = (root / "sample_data" / "customer-management.yaml").read_bytes()
    log = lines(
        {"time": 1, "user": "ann", "agent": "bot", "tool": "listCustomers", "arguments": {"limit": 5_000}, "status": 200},
        {"time": 2, "user": "ann", "agent": "bot", "method": "GET", "url": "https://api.harbourline.example/v2/customers?limit=5", "status": 200},
    )  # fmt: skip
    calls, problems = read_log(log)
    with validator(raw) as validate:
        (seen,) = check_calls(calls, sample.inventory.tools, {}, validate).tools
    assert problems == ()
    assert (seen.calls, seen.checked, seen.unchecked) == (2, 2, ())
    assert seen.violations == (("query parameter 'limit': violates `maximum: 100`", 1),)
