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
    from analysis.assess.effect import EffectVerdict
    from analysis.assess.signals import ToolSignals
    from analysis.assess.vocabulary import Vocabulary
    from analysis.model import Parameter, Tool

_STATEMENT: Final = "contains a statement or program to execute"
_DISPATCH: Final = "names the operation that is called"
_REQUEST: Final = "the caller sets method and address of the request"
_SESSION: Final = "opens a session, which can have any effect"
_SAID: Final = "runs what the caller writes"
_MAX_TEXT: Final = 400
#: Schema types of an argument that can hold a program or the input of another tool.
_FREE_TYPES: Final = frozenset({"", "string", "array", "object", "any"})
_WORDS: Final = re.compile(r"[a-z][a-z0-9]*")
#: A text that says that any program, statement or operation is run.
_ANYTHING: Final = re.compile(
    r"\b(?:execut\w+|runs?|running|evaluat\w+|invok\w+|calls?|dispatch\w*|perform\w*)\b(?: \w+){0,2}? "
    r"(?:any|arbitrary|whatever|the given|the provided|custom|raw|ad.?hoc|a given|given)\b[^.;]{0,30}?"
    r"\b(?:code|commands?|scripts?|javascript|python|sql|quer(?:y|ies)|statements?|tools?|operations?|endpoints?|programs?|cypher|graphql|kubectl|shell|api)\b"
)
#: A text that says what an argument is: a statement, a command or a program that is run.
_PROGRAM_TEXT: Final = re.compile(
    r"\b(?:sql|cypher|gremlin|sparql|javascript|typescript|python|bash|shell|powershell|kubectl|graphql|soql|dax|lua|groovy)\b(?:[ -]\w+){0,2}?"
    r" (?:quer(?:y|ies)|statements?|commands?|scripts?|code|function|expression|snippet|mutation|block|program|text)\b"
    r"|\b(?:code|commands?|scripts?|statements?|javascript|program|executable)\b[^.;]{0,24}\b(?:to (?:be )?(?:run|execut\w+|evaluat\w+|launch|start|spawn)|executed|evaluated|that runs)\b"
    r"|\b(?:run|execut\w+|evaluat\w+)\b[^.;]{0,30}\b(?:sql|javascript|python|cypher|shell|bash|code|commands?|scripts?|statements?|select|terminal|kubectl|graphql)\b"
    r"|\b(?:javascript|typescript|python|code|scripts?)\b[^.]{0,60}\b(?:it runs|is run|are run|runs in|runs on|sandbox\w*|executes?)\b"
    r"|\bcommand line\b"
)
#: A text that says that an argument is a search or a filter.
_SEARCH_TEXT: Final = re.compile(
    r"\b(?:search|filter\w*|keywords?|natural language|full.?text|match\w*|fuzzy|promql|logql|jql|cql|lucene|jmespath|jsonpath|xpath|regex|regular expression|pattern|"
    r"cron|selector|glob|question|documentation|docs|grep)\b"
)


_EXECUTES: Final = frozenset({"execute", "exec", "run", "eval"})
#: Words that name a program, and other values as well: the code of a coupon, a command of a game.
_VALUES: Final = frozenset({"code", "command", "commands", "statement", "statements", "macro", "snippet", "script", "node", "database", "notebook", "process", "cell"})


class ExecutorFinder:
    """Finder of executors by one vocabulary. Caches parameter names and texts, which tools share."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._lists = vocabulary.lists
        lists = vocabulary.lists
        self._relevant = frozenset().union(
            lists["statement-parameters"], lists["program-parameters"], lists["operation-parameters"], lists["request-parameters"]
        )  # fmt: skip
        self._snake: dict[str, str] = {}
        self._programs: dict[str, bool] = {}

    def of_tool(self, tool: Tool, signals: ToolSignals, effect: EffectVerdict) -> FlowRoleSignal | None:
        """Return the signal that a tool runs what the caller writes, or None."""
        session = signals.path.session
        if session and path_segments(tool.path)[-1].lower() == session.lower():
            return _signal("path", session, _SESSION)
        inputs = self._inputs(tool) if tool.parameters else {}
        if self._relevant.isdisjoint(inputs):
            return self._named(tool, signals)
        name = _Name(tool)
        return (
            self._statement(inputs, name, tool)
            or self._program(inputs, name, tool, effect)
            or self._dispatch(inputs, name, tool)
            or self._request(inputs, name, effect)
            or self._named(tool, signals)
        )

    def _named(self, tool: Tool, signals: ToolSignals) -> FlowRoleSignal | None:
        """Return the signal of a name that says what is run: `executeSql`, where the source states no such argument."""
        lists = self._lists
        runs = signals.nouns & lists["code-verbs"]
        program = signals.nouns & lists["code-nouns"] if runs else runs
        if not program or _Name(tool).first in lists["text-only-verbs"]:
            return None
        return _signal("name", f"{min(runs)} {min(program)}", "executes its input")

    def _inputs(self, tool: Tool) -> dict[str, Parameter]:
        """Return the free arguments by their names in snake case: no path parameter, no switch, no listed values."""
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

    def _statement(self, inputs: dict[str, Parameter], name: _Name, tool: Tool) -> FlowRoleSignal | None:
        """Return the signal of an argument that is always a statement, unless its text is only handled or stored."""
        lists = self._lists
        written = min(inputs.keys() & lists["statement-parameters"], default="")
        if not written or inputs[written].values or (name.first in lists["text-only-verbs"] and not self._runs(name, tool)):
            return None
        return _signal("parameters", inputs[written].name, _STATEMENT)

    def _program(
        self, inputs: dict[str, Parameter], name: _Name, tool: Tool, effect: EffectVerdict
    ) -> FlowRoleSignal | None:
        """Return the signal of an argument that is a program where the tool, or the text of the argument, runs one."""
        lists = self._lists
        for written in sorted(inputs.keys() & lists["program-parameters"]):
            parameter = inputs[written]
            if parameter.values:
                continue
            if self._program_at(written, parameter, name, tool, effect):
                return _signal("parameters", parameter.name, _STATEMENT)
        return None

    def _program_at(
        self, written: str, parameter: Parameter, name: _Name, tool: Tool, effect: EffectVerdict
    ) -> bool:
        lists = self._lists
        described = self._is_program(parameter.description)
        text = tool.description or tool.summary
        anything = _ANYTHING.search(text[:_MAX_TEXT].lower()) is not None
        if name.first in lists["text-only-verbs"] and not self._runs(name, tool):
            return False
        runs = not name.words.isdisjoint(lists["running-verbs"])
        if written in {"query", "queries", "query_string", "query_text", "statement", "statements", "kql", "aql", "pipeline"}:
            engine = not name.words.isdisjoint(lists["engines"]) or described
            if written.startswith("query") and not described and _SEARCH_TEXT.search(parameter.description[:_MAX_TEXT].lower()):
                return False
            if runs and not tool.method and written.startswith("statement"):
                return True
            asks = runs or not name.words.isdisjoint(lists["query-verbs"])
            if not name.words.isdisjoint(_EXECUTES) and "query" in name.words and not _SEARCH_TEXT.search(text[:_MAX_TEXT].lower()):
                return True
            return (engine and (asks or effect.unclear or described)) or anything or (asks and self._is_program(text))
        if written in {"command", "commands", "cmd", "code", "script", "scripts", "source_code", "program", "function", "expression", "expressions", "executable", "snippet"}:
            named = not name.words.isdisjoint(lists["programs"] | lists["command-lines"])
            return (runs and (named or effect.unclear or not tool.method)) or described or anything or self._is_program(text) or (not tool.method and not name.words.isdisjoint((lists["programs"] | lists["command-lines"]) - _VALUES))
        commands = not name.words.isdisjoint(lists["command-lines"] | lists["programs"])
        if written in {"input", "stdin", "text", "keys"}:
            return commands and not name.words.isdisjoint({"interact", "send", "write", "type", "input", "feed", "keys", "stdin"}) and not tool.method
        if written in {"args", "argv", "arguments"}:
            return commands and (runs or self._is_program(text)) or (not tool.method and name.only in lists["command-lines"])
        return described and runs

    def _runs(self, name: _Name, tool: Tool) -> bool:
        """Whether the tool runs a program beside handling it: `write_and_run`, `query that is executed`."""
        text = (tool.description or tool.summary)[:_MAX_TEXT].lower()
        return not name.words.isdisjoint({"run", "execute", "exec", "eval", "evaluate"}) or _ANYTHING.search(text) is not None

    def _dispatch(self, inputs: dict[str, Parameter], name: _Name, tool: Tool) -> FlowRoleSignal | None:
        """Return the signal of an argument that names the operation to call."""
        lists = self._lists
        for called in sorted(inputs.keys() & lists["operation-parameters"]):
            parameter = inputs[called]
            if parameter.values:
                continue
            passes = not (inputs.keys() - {called}).isdisjoint(lists["operation-inputs"])
            calls = not name.words.isdisjoint(lists["dispatching-verbs"])
            said = _CALLS.search((tool.description or tool.summary)[:_MAX_TEXT].lower()) is not None
            names_tool = called.startswith(("tool", "operation", "mcp", "target_tool", "action_slug", "endpoint_name"))
            if tool.method and not names_tool:
                continue
            if (passes and (calls or said or names_tool)) or (calls and said):
                return _signal("parameters", parameter.name, _DISPATCH)
        return None

    def _request(self, inputs: dict[str, Parameter], name: _Name, effect: EffectVerdict) -> FlowRoleSignal | None:
        """Return the signal of a request that the caller makes up: address with method, headers or body."""
        lists = self._lists
        address = min(inputs.keys() & lists["request-parameters"], default="")
        if not address or name.first in lists["text-only-verbs"] - {"get", "search"} or effect.kind == "destroy":
            return None
        method = min(inputs.keys() & lists["request-methods"], default="")
        requests = not name.words.isdisjoint(lists["request-words"])
        sent = not inputs.keys().isdisjoint({"body", "headers", "data", "payload", "json"})
        absolute = "url" in address or "uri" in address
        if method and (requests or absolute):
            return _signal("parameters", f"{inputs[method].name}, {inputs[address].name}", _REQUEST)
        if sent and absolute and requests and not name.words.isdisjoint({"request", "http", "curl", "fetch", "post", "api"}):
            return _signal("parameters", inputs[address].name, _REQUEST)
        return None

    def _is_program(self, text: str) -> bool:
        found = self._programs.get(text)
        if found is None:
            found = self._programs[text] = _PROGRAM_TEXT.search(text[:_MAX_TEXT].lower()) is not None
        return found


_CALLS: Final = re.compile(
    r"\b(?:calls?|execut\w+|invok\w+|runs?|dispatch\w*|proxy|forwards?|gateway)\b[^.;]{0,40}\b(?:tools?|operations?|endpoints?|actions?|functions?|api|methods?|capabilit\w+|accounts)\b"
)


class _Name:
    """The words of the name of a tool."""

    __slots__ = ("first", "only", "words")

    def __init__(self, tool: Tool) -> None:
        words = split_words(tool.operation_id or tool.name)
        self.words = frozenset(words)
        self.first = words[0] if words else ""
        self.only = words[0] if len(words) == 1 else ""


def _signal(where: str, matched: str, says: str) -> FlowRoleSignal:
    return FlowRoleSignal(FlowRole.CODE_EXECUTION, where, matched, says)
