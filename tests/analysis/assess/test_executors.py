"""Executors: invented tools that run what the caller writes, and tools that only look like it."""

import json

import pytest

from analysis.assess import assess, assess_all
from analysis.ingest import read
from analysis.model import Effect, FlowRole, Reversibility, Risk, SourceId, Tool, ToolId


def text(description=""):
    return {"type": "string", "description": description}


ANY = {"type": "object"}


def mcp(name, description, /, **arguments):
    return {"name": name, "description": description, "inputSchema": {"type": "object", "properties": arguments}}


EXECUTORS = [
    mcp("run_shell", "Run a command", command=text("Command")),
    mcp("bash", "Executes a bash command", command=text()),
    mcp("execute_sql", "Execute SQL", query=text("The SQL to run")),
    mcp("db_query", "Query the database", query=text("query")),
    mcp("query_database", "Query the production database", sql=text()),
    mcp("mysql_query", "Run a query", query=text("SQL statement")),
    mcp("run_python", "Run Python", code=text("Python source")),
    mcp("python_repl", "A Python shell", input=text()),
    mcp("puppeteer_evaluate", "Execute JavaScript in the browser console", script=text("JavaScript code to execute")),
    mcp(
        "evaluate_script",
        "Evaluate a function in the page",
        function=text("A JavaScript function declaration to be executed"),
    ),
    mcp("execute_command", "Execute a command on the host", command=text()),
    mcp("terminal_send_keys", "Types into the terminal", keys=text()),
    mcp("write_to_terminal", "Writes text to the active terminal", command=text()),
    mcp("ssh_exec", "Run on a server via SSH", host=text(), cmd=text()),
    mcp("kubectl_generic", "Execute any kubectl command", command=text(), args=text()),
    mcp("kubectl", "Run kubectl", args=text()),
    mcp("pods_exec", "Execute a command in a pod", name=text(), command={"type": "array", "items": {"type": "string"}}),
    mcp("run_terraform", "Run terraform", args=text()),
    mcp("aws_cli", "Run an AWS CLI command", cli_command=text()),
    mcp("call_aws", "Execute AWS CLI commands with validation", cli_command=text("The CLI command")),
    mcp("http_request", "Make a HTTP request", url=text(), method=text(), headers=ANY, body=text()),
    mcp("fetch_url", "Fetch with any method", url=text(), method=text(), body=text()),
    mcp("curl", "curl", url=text(), method=text()),
    mcp("invoke_tool", "Invoke a tool by name", tool_name=text(), arguments=ANY),
    mcp("call_tool", "Call", name=text(), tool=text(), args=ANY),
    mcp("execute_action", "Run any action of an app", action_id=text(), params=ANY),
    mcp("execute_many_tools", "Execute several tools", tools={"type": "array", "items": {"type": "object"}}),
    mcp("graphql_query", "Run a GraphQL query or mutation", query=text("The GraphQL document"), variables=ANY),
    mcp("run_cypher", "Run Cypher", query=text()),
    mcp("write_neo4j_cypher", "Execute a write Cypher query", query=text("The Cypher query to execute"), params=ANY),
    mcp("read_neo4j_cypher", "Execute a Cypher read query", query=text("The Cypher query to execute")),
    mcp("run_soql_query", "Run SOQL", query=text()),
    mcp("execute_query", "Execute a query on Snowflake", query=text()),
    mcp("run_snowflake_query", "Runs SQL", statement=text()),
    mcp("bigquery_execute", "Execute SQL", sql=text()),
    mcp("execute_code", "Execute code in a sandbox", code=text(), language=text()),
    mcp("run_notebook_cell", "Run a cell", code=text()),
    mcp("jupyter_execute", "Executes code in the kernel", source=text("Python code")),
    mcp("execute_blender_code", "Execute arbitrary Python code in Blender", code=text("The Python code to execute")),
    mcp("run_applescript", "Run AppleScript", script=text()),
    mcp("osascript", "Run", script=text()),
    mcp("run_script", "Run a script on instances", script=text()),
    mcp("execute_operation", "Call any operation of the API", operationId=text(), parameters=ANY),
    mcp("api_call", "Call the REST API", path=text(), method=text(), body=ANY),
    mcp("make_api_request", "Make a request to any endpoint", endpoint=text(), method=text(), data=ANY),
    mcp("proxy_request", "Send a request through the proxy", url=text(), method=text(), body=text()),
    mcp("eval", "Evaluate an expression", expression=text()),
    mcp("start_process", "Start a process", command=text("Command line")),
    mcp("mongo_command", "Run a database command", command=ANY),
    mcp("redis_command", "Run any redis command", command=text()),
    mcp("docker_exec", "Run in a container", container=text(), command=text()),
    mcp("adb_shell", "Run adb shell", command=text()),
    mcp("run_command_on_host", "x", cmd=text()),
    mcp("execute_lua", "Run Lua", code=text()),
    mcp("query", "Run a SQL query", query=text("SQL query to execute")),
    mcp("postgres", "Run SQL", statement=text()),
    mcp("execute_workflow_code", "x", javascript=text()),
    mcp("create_and_run_script", "Creates and runs a script", script=text()),
    mcp("browser_execute_js", "Run JS", js_code=text()),
    mcp("run_query", "Run a DAX query", dax=text("DAX query to execute"), query=text("DAX query to execute")),
    mcp("pg_execute_sql_ro", "Run read only SQL", sql=text()),
]

OTHERS = [
    mcp("search_docs", "Search the documentation", query=text("Search query")),
    mcp("list_queries", "List saved queries", query=text("filter")),
    mcp("get_top_queries", "x", limit={"type": "integer"}),
    mcp("query_docs", "Query the docs", query=text("natural language question")),
    mcp("search_code", "Search code", query=text("search text")),
    mcp("run_search", "Run a search", query=text("keywords")),
    mcp("list_products", "List", url=text("filter by url")),
    mcp("redeem_coupon", "Redeem a coupon", code=text("Coupon code")),
    mcp("verify_code", "Verify a code", code=text("The code sent by SMS")),
    mcp("format_sql", "Format SQL", sql=text()),
    mcp("explain_code", "Explain what code does", code=text("Source code to explain")),
    mcp("lint", "Lint a script", code=text()),
    mcp("create_snippet", "Create a snippet", code=text()),
    mcp("create_webhook", "Create a webhook", url=text(), method=text()),
    mcp("query_prometheus", "Query Prometheus", query=text("PromQL expression")),
    mcp("query_loki_logs", "Query logs", query=text("LogQL query")),
    mcp("search_issues", "Search", query=text("JQL")),
    mcp("get_country", "Country", code=text("country code")),
    mcp("fetch", "Fetch a page", url=text()),
    mcp("open_page", "Open", url=text()),
    mcp("describe_tool", "Describe", tool=text()),
    mcp("get_tool_schema", "Schema", tool_name=text()),
    mcp("count_tokens", "Counts the tokens of a request", model=text(), input=text(), tools={"type": "array"}),
    mcp("list_tools", "List", query=text()),
    mcp("send_message", "Send", text=text(), channel=text()),
    mcp("calculate", "Evaluate a math expression", expression=text("mathematical expression")),
    mcp("cron_next", "Next run", expression=text("cron expression")),
    mcp("send_command_to_light", "Switch a light", command={"type": "string", "enum": ["on", "off"]}),
    mcp("run_test", "Run a test suite", name=text()),
    mcp("run_workflow", "Trigger a workflow", workflow_id=text(), inputs=ANY),
    mcp("add_comment", "x", body=text(), function=text()),
    mcp("update_function_description", "x", function=text(), description=text()),
    mcp("get_function", "Get a function", function_name=text()),
    mcp("search_functions", "x", query=text()),
    mcp("translate", "Translate text", text=text()),
    mcp("list_actions", "x", action=text()),
    mcp("jq_filter", "Filter JSON", expression=text("jq filter")),
    mcp("query_knowledge_base", "Query", query=text("question")),
    mcp("semantic_query", "Semantic query", query=text()),
    mcp("get_code_review", "x", code=text()),
    mcp("run_report", "Run a report", report=text(), query=text("filter")),
    mcp("query_metrics", "Query metrics", query=text("metric name")),
    mcp("request_review", "Request a review", reviewers=text(), body=text()),
    mcp("save_query", "Save a query", query=text("SQL")),
    mcp("fetch_transcript", "x", url=text(), language=text()),
    mcp("input_text", "Type text into a field", text=text()),
    mcp("browser_type", "Type text", text=text()),
    mcp("press_key", "Press keys", keys=text()),
]


def executors_of(listed):
    tools = read(json.dumps({"tools": listed}).encode()).inventory.tools
    return {
        each.name: said
        for each, said in zip(tools, assess_all(tools), strict=True)
        if any(signal.flow_role is FlowRole.CODE_EXECUTION for signal in said.flow_roles)
    }


def test_every_executor_is_found_high_and_no_read():
    found = executors_of(EXECUTORS)
    assert [each["name"] for each in EXECUTORS if each["name"] not in found] == []
    assert {said.risk for said in found.values()} == {Risk.HIGH}
    assert Effect.READ not in {said.effect for said in found.values()}


def test_nothing_else_is_called_an_executor():
    assert list(executors_of(OTHERS)) == []


def test_hints_and_a_reading_name_do_not_help():
    listed = mcp("read_query", "Runs a read-only SELECT", query=text("SELECT statement"))
    (said,) = executors_of([listed | {"annotations": {"readOnlyHint": True}}]).values()
    assert (said.effect, said.reversibility, said.risk) == (Effect.SIDE_EFFECT, Reversibility.UNKNOWN, Risk.HIGH)


def test_listed_values_are_no_program():
    values = {"type": "string", "enum": ["start", "stop"]}
    assert executors_of([mcp("run_command", "Runs a command", command=values)]) == {}


@pytest.mark.parametrize(
    ("path", "session"),
    [("/pods/{name}/exec", True), ("/terminal/readers/{id}/cancel", False), ("/shops/{id}/terminal/readers", False)],
)
def test_a_session_is_the_last_part_of_a_path(path, session):
    said = assess(Tool(ToolId("t"), SourceId("s"), "op", "POST", path, "op", "", "", "0" * 64, ""))
    assert any(signal.flow_role is FlowRole.CODE_EXECUTION for signal in said.flow_roles) is session
