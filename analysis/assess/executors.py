"""Executors: tools that run what the caller writes, so that no allowlist limits them.

A statement or program as an argument (`sql`, `script`, `command`), a dispatcher (the name of a tool with its arguments), a
request whose method and address are the caller's, and a session on a machine. The argument decides, whatever the name and the
hints say. A search text, a filter, and an argument with listed values are none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.model import FlowRole, FlowRoleSignal
from analysis.words import path_segments, snake, split_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Parameter, Tool

_STATEMENT: Final = "contains a statement or program to execute"
_DISPATCH: Final = "names the operation that is called"
_REQUEST: Final = "the caller sets method and address of the request"
_BROUGHT: Final = "brings along what is run"
_SESSION: Final = "opens a session, which can have any effect"
_MAX_TEXT: Final = 400
#: Schema types of an argument that can hold a program or the input of another tool.
_FREE_TYPES: Final = frozenset({"", "string", "array", "object", "any"})
#: A text that says that any program, statement or operation is run.
_ANYTHING: Final = re.compile(
    r"\b(?:execut\w+|runs?|running|evaluat\w+|invok\w+|calls?|dispatch\w*|perform\w*)\b(?: \w+){0,2}? "
    r"(?:any|arbitrary|whatever|the given|the provided|custom|raw|ad.?hoc|a given|given)\b[^.;]{0,30}?"
    r"\b(?:code|commands?|scripts?|javascript|python|sql|quer(?:y|ies)|statements?|tools?|operations?|endpoints?|programs?|cypher|graphql|kubectl|shell|api)\b"
)
#: A text that says what an argument is: a statement, a command or a program that is run.
_PROGRAM_TEXT: Final = re.compile(
    r"\b(?:sql|select|cypher|gremlin|sparql|javascript|typescript|python|bash|shell|powershell|kubectl|graphql|soql|dax|lua|groovy)\b(?:[ -]\w+){0,2}?"
    r" (?:quer(?:y|ies)|statements?|commands?|scripts?|code|function|expression|snippet|mutation|block|program|text)\b"
    r"|\b(?:code|commands?|scripts?|statements?|javascript|program|executable)\b[^.;]{0,24}\b(?:to (?:be )?(?:run|execut\w+|evaluat\w+|launch|start|spawn)|executed|evaluated|that runs)\b"
    r"|\b(?:runs?|execut\w+|evaluat\w+)\b[^.;]{0,30}\b(?:sql|javascript|python|cypher|shell|bash|code|commands?|scripts?|statements?|select|terminal|kubectl|graphql)\b"
    r"|\b(?:javascript|typescript|python|code|scripts?)\b[^.]{0,60}\b(?:it runs|is run|are run|runs in|runs on|sandbox\w*|executes?)\b"
    r"|\bcommand line\b"
)
#: A text that says that an argument is a search or a filter.
_SEARCH_TEXT: Final = re.compile(
    r"\b(?:search|filter\w*|keywords?|natural language|full.?text|match\w*|fuzzy|promql|logql|jql|cql|lucene|jmespath|jsonpath|xpath|regex|regular expression|pattern|"
    r"cron|selector|glob|question|documentation|docs|grep)\b"
)
_CALLS: Final = re.compile(
    r"\b(?:calls?|execut\w+|invok\w+|runs?|dispatch\w*|proxy|forwards?|gateway)\b[^.;]{0,40}\b(?:tools?|operations?|endpoints?|actions?|functions?|api|methods?|capabilit\w+|accounts)\b"
)
#: A text that begins with what is run.
_RUNS_FIRST: Final = re.compile(
    r"\W*(?:runs?|execut\w+|evaluat\w+)\b[^.;:]{0,40}\b(?:commands?|scripts?|statements?|code|programs?|expressions?)\b"
)
_EXECUTES: Final = frozenset({"execute", "exec", "run", "eval", "evaluate"})
#: Endings of the names of arguments that hold a program where something is executed: `luaCode`.
_OF_PROGRAMS: Final = ("_code", "_script", "_sql", "_command", "_commands", "_javascript", "_statement", "_program")
_REQUESTS: Final = frozenset({"request", "http", "curl", "fetch", "post", "api"})
_FIRST_WORDS: Final = 12
_NO_WORDS: Final[frozenset[str]] = frozenset()
#: The last word of the path of requests within a request, and the fields that hold an address of one.
_BATCH: Final = frozenset({"batch", "batches", "bulk", "composite", "multi"})
_ADDRESSES: Final = frozenset({"path", "url", "uri", "relative_path", "relative_url", "relative_uri", "endpoint"})
_SENT: Final = frozenset({"body", "headers", "data", "payload", "json"})
#: Beginnings of parameter names that can only name a tool or an operation.
_TOOL_NAMES: Final = ("tool", "operation", "mcp", "target_tool", "action_slug", "endpoint_name")


#: Tools that are offered to a model, which a caller does not call: those next to the choice of a model.
_OFFERED: Final = frozenset({"tools", "functions"})
_TO_A_MODEL: Final = frozenset({"model", "model_id", "tool_choice"})


class ExecutorFinder:
    """Finder of executors by one vocabulary. Caches parameter names and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = self._lists = vocabulary.lists
        self._programs = lists["programs"] | lists["command-lines"]
        self._tests: tuple[tuple[frozenset[str], Callable[[_Call, str], bool]], ...] = (
            (lists["statement-parameters"], self._states),
            (lists["query-parameters"], self._queries),
            (lists["program-parameters"], self._programmed),
            (lists["typed-parameters"], self._types_in),
            (lists["argument-parameters"], self._lines_up),
        )
        self._written = frozenset().union(*(words for words, _ in self._tests))
        self._programs_brought = (
            (lists["image-verbs"], lists["image-things"], lists["image-parameters"]),
            (lists["install-verbs"], _NO_WORDS, lists["package-parameters"]),
            (lists["code-writing-verbs"], lists["code-things"], lists["code-parameters"]),
            (lists["apply-verbs"], lists["apply-things"], lists["manifest-parameters"]),
        )
        self._relevant = (
            lists["image-parameters"]
            | lists["package-parameters"]
            | lists["manifest-parameters"]
            | lists["code-parameters"]
        )
        self._relevant |= self._written | lists["operation-parameters"] | lists["request-parameters"] | {"name"}
        self._snake: dict[str, str] = {}
        self._texts: dict[str, bool] = {}

    def of_tool(self, tool: Tool, signals: ToolSignals, effect: EffectVerdict) -> FlowRoleSignal | None:
        """Return the signal that a tool runs what the caller writes, or None."""
        session = signals.path.session
        if session and path_segments(tool.path)[-1].lower() == session.lower():
            return _signal("path", session, _SESSION)
        inputs = self._inputs(tool) if tool.parameters else {}
        found = None
        if inputs and (not self._relevant.isdisjoint(inputs) or (not tool.method and any(map(_holds_program, inputs)))):
            call = _Call(tool, inputs, effect)
            found = self._statement(call) or self._dispatch(call) or self._request(call) or self._brought(call)
        if not found and tool.method == "POST" and "method" in tool.request_fields:
            found = self._batch(tool)
        return found or self._named(tool, signals)

    def _inputs(self, tool: Tool) -> dict[str, Parameter]:
        """Return the free arguments by their names in snake case: no path parameter and no switch."""
        known = self._snake
        found: dict[str, Parameter] = {}
        for parameter in tool.parameters:
            if parameter.place == "path" or parameter.type not in _FREE_TYPES:
                continue
            plain = known.get(parameter.name)
            if plain is None:
                plain = known[parameter.name] = snake(parameter.name)
            found.setdefault(plain, parameter)
        return found

    def _named(self, tool: Tool, signals: ToolSignals) -> FlowRoleSignal | None:
        """Return the signal of a name that says what is run: `executeSql`, where the source states no such argument."""
        lists = self._lists
        runs = signals.nouns & lists["code-verbs"]
        program = signals.nouns & lists["code-nouns"] if runs else runs
        if not program or (*split_words(tool.operation_id or tool.name), "")[0] in lists["text-only-verbs"]:
            return None
        return _signal("name", f"{min(runs)} {min(program)}", "executes its input")

    def _statement(self, call: _Call) -> FlowRoleSignal | None:
        """Return the signal of an argument that is a statement, a program or a command that is run."""
        if call.first in self._lists["text-only-verbs"] and not call.runs_besides:
            return None
        for name in sorted(call.inputs) if call.has(_EXECUTES) else ():
            if name.endswith(_OF_PROGRAMS) and not call.inputs[name].values and name not in self._written:
                return _signal("parameters", call.inputs[name].name, _STATEMENT)
        for words, test in self._tests:
            for name in sorted(call.inputs.keys() & words):
                if not call.inputs[name].values and test(call, name):
                    return _signal("parameters", call.inputs[name].name, _STATEMENT)
        return None

    def _states(self, _call: _Call, _name: str) -> bool:
        return True

    def _queries(self, call: _Call, name: str) -> bool:
        """Whether a query is a statement: of a database that is asked, not a search text or a filter."""
        lists = self._lists
        described = self._is_program(call.inputs[name].description)
        if name.startswith("query") and not described and _SEARCH_TEXT.search(_head(call.inputs[name].description)):
            return False
        runs = call.has(lists["running-verbs"])
        asks = runs or call.has(lists["query-verbs"])
        executes = call.has(_EXECUTES) and "query" in call.words and not _SEARCH_TEXT.search(call.text)
        if executes or call.runs_anything or (runs and not call.tool.method and name.startswith("statement")):
            return True
        engine = described or call.has(lists["engines"])
        return (engine and (asks or described or call.effect.unclear)) or (asks and self._is_program(call.text))

    def _programmed(self, call: _Call, name: str) -> bool:
        """Whether a `command` or `code` is run: the name or a text says so, and it is not the code of a coupon."""
        if self._is_program(call.inputs[name].description) or call.runs_anything or self._is_program(call.text):
            return True
        if call.tool.method:
            return call.has(self._lists["running-verbs"]) and (call.has(self._programs) or call.effect.unclear)
        return call.has(self._lists["running-verbs"]) or call.has(self._programs - self._lists["values"])

    def _types_in(self, call: _Call, _name: str) -> bool:
        """Whether a text is typed into a shell, a console or another program that is running."""
        return not call.tool.method and call.has(self._programs) and call.has(self._lists["typing-verbs"])

    def _lines_up(self, call: _Call, _name: str) -> bool:
        """Whether arguments are those of a command line."""
        if call.has(self._programs) and (call.has(self._lists["running-verbs"]) or self._is_program(call.text)):
            return True
        return not call.tool.method and len(call.words) == 1 and call.first in self._lists["command-lines"]

    def _dispatch(self, call: _Call) -> FlowRoleSignal | None:
        """Return the signal of an argument that names the operation to call."""
        lists = self._lists
        calls, said = call.has(lists["dispatching-verbs"]), _CALLS.search(call.text) is not None
        named = lists["operation-parameters"]
        if calls and not call.tool.method and call.has(lists["dispatched"]):
            named |= {"name"}  # `call_tool(name, arguments)`
        for name in sorted(call.inputs.keys() & named):
            names_tool = name.startswith(_TOOL_NAMES)
            if name in _OFFERED and not _TO_A_MODEL.isdisjoint(call.inputs):
                continue
            if call.inputs[name].values or (call.tool.method and not names_tool):
                continue
            passes = not (call.inputs.keys() - {name}).isdisjoint(lists["operation-inputs"])
            if (passes and (calls or said or names_tool)) or (calls and said):
                return _signal("parameters", call.inputs[name].name, _DISPATCH)
        return None

    def _brought(self, call: _Call) -> FlowRoleSignal | None:
        """Return the signal of a program that the caller brings along: an image, a package, a manifest of any resource."""
        if call.tool.method or call.effect.reads:
            return None
        for acts, things, inputs in self._programs_brought:
            named = min(call.inputs.keys() & inputs, default="")
            if named and not call.inputs[named].values and call.has(acts) and (not things or call.is_about(things)):
                return _signal("parameters", call.inputs[named].name, _BROUGHT)
        return None

    def _batch(self, tool: Tool) -> FlowRoleSignal | None:
        """Return the signal of requests within a request: the caller sets method and address of each."""
        batch = not _BATCH.isdisjoint(split_words(path_segments(tool.path)[-1])) if path_segments(tool.path) else False
        address = next((field for field in tool.request_fields if snake(field) in _ADDRESSES), "") if batch else ""
        return _signal("request", f"method, {address}", _REQUEST) if address else None

    def _request(self, call: _Call) -> FlowRoleSignal | None:
        """Return the signal of a request that the caller makes up: an address with a method, headers or a body."""
        lists, inputs = self._lists, call.inputs
        address = min(inputs.keys() & lists["request-parameters"], default="")
        stores = call.first in lists["text-only-verbs"] - {"get", "search"} or call.effect.kind == "destroy"
        if not address or stores:
            return None
        method = min(inputs.keys() & lists["request-methods"], default="")
        requests, absolute = call.has(lists["request-words"]), "url" in address or "uri" in address
        if method and (requests or absolute):
            return _signal("parameters", f"{inputs[method].name}, {inputs[address].name}", _REQUEST)
        sent = not inputs.keys().isdisjoint(_SENT)
        if sent and absolute and call.has(_REQUESTS):
            return _signal("parameters", inputs[address].name, _REQUEST)
        return None

    def _is_program(self, text: str) -> bool:
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = _PROGRAM_TEXT.search(_head(text)) is not None
        return found


class _Call:
    """What an executor is recognised by: the words of its name, its free arguments and its text."""

    def __init__(self, tool: Tool, inputs: dict[str, Parameter], effect: EffectVerdict) -> None:
        words = split_words(tool.operation_id or tool.name)
        self.tool, self.inputs, self.effect = tool, inputs, effect
        self.words = frozenset(words)
        self.first = words[0] if words else ""
        self.text = _head(tool.description or tool.summary)
        self.runs_anything = _ANYTHING.search(self.text) is not None

    @property
    def runs_besides(self) -> bool:
        """Whether a tool that handles a program runs it too: `write_and_run`, or a text that begins with `Runs commands`."""
        return self.runs_anything or self.has(_EXECUTES) or _RUNS_FIRST.match(self.text) is not None

    def is_about(self, things: frozenset[str]) -> bool:
        """Whether one of the things is in the name, or in the first words of the text."""
        return self.has(things) or not things.isdisjoint(self.text.split()[:_FIRST_WORDS])

    def has(self, words: frozenset[str]) -> bool:
        """Whether one of the words is in the name."""
        return not self.words.isdisjoint(words)


def _holds_program(name: str) -> bool:
    return name.endswith(_OF_PROGRAMS)


def _head(text: str) -> str:
    return text[:_MAX_TEXT].lower()


def _signal(where: str, matched: str, says: str) -> FlowRoleSignal:
    return FlowRoleSignal(FlowRole.CODE_EXECUTION, where, matched, says)
