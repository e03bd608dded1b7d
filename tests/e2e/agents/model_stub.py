"""A stub in place of the model: it records which tools it is offered, requests the calls of a script, records the answers.

It speaks the four protocols of the agents that are run here: Anthropic messages, OpenAI responses, OpenAI chat, Gemini.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    #: Name of a tool as the agent offers it, and its arguments.
    Call = tuple[str, dict[str, Any]]


@dataclass
class Conversation:
    """What passes between one run of an agent and the stub.

    `script` are the calls that the model requests, one after the other. `offered` are the names of the tools of the first
    request that has tools; `answers` are the texts that came back, in order.
    """

    script: list[Call]
    offered: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    #: Namespace of each tool that is offered within one.
    namespaces: dict[str, str] = field(default_factory=dict)

    def next_call(self, body: dict[str, Any], tools: list[str], answers: list[str]) -> Call | None:
        """Record a request and return the call to request next, or None at the end of the script."""
        self.requests.append(body)
        if not tools:  # a title, a summary: not the conversation
            return None
        self.offered = self.offered or tools
        self.answers = answers
        return self.script[len(answers)] if len(answers) < len(self.script) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _sse(events: list[dict[str, Any]], *, named: bool) -> bytes:
    return b"".join(
        (f"event: {event['type']}\n" if named else "").encode() + b"data: " + json.dumps(event).encode() + b"\n\n"
        for event in events
    )


def messages(talk: Conversation, body: dict[str, Any]) -> tuple[str, bytes]:
    """Answer a request of the Anthropic messages API."""
    results = [
        part
        for message in body["messages"]
        if isinstance(message["content"], list)
        for part in message["content"]
        if part["type"] == "tool_result"
    ]
    call = talk.next_call(
        body, [tool["name"] for tool in body.get("tools", [])], [_text(each["content"]) for each in results]
    )
    if call:
        block = {"type": "tool_use", "id": f"toolu_{len(results)}", "name": call[0], "input": {}}
        delta = {"type": "input_json_delta", "partial_json": json.dumps(call[1])}
    else:
        block, delta = {"type": "text", "text": ""}, {"type": "text_delta", "text": "finished"}
    usage = {"input_tokens": 1, "output_tokens": 1}
    head = {
        "id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": usage,
    }  # fmt: skip
    stop = "tool_use" if call else "end_turn"
    if not body.get("stream"):
        whole = {
            **head,
            "content": [block | ({"input": call[1]} if call else {"text": "finished"})],
            "stop_reason": stop,
        }
        return "application/json", json.dumps(whole).encode()
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": head},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": usage},
        {"type": "message_stop"},
    ]
    return "text/event-stream", _sse(events, named=True)


def responses(talk: Conversation, body: dict[str, Any]) -> tuple[str, bytes]:
    """Answer a request of the OpenAI responses API. Tools in a namespace are recorded as `NAMESPACE/NAME`."""
    tools = []
    for tool in body.get("tools", []):
        if tool["type"] == "namespace":
            tools += [f"{tool['name']}/{inner['name']}" for inner in tool["tools"]]
        else:
            tools.append(tool.get("name", tool["type"]))
    given = body["input"] if isinstance(body["input"], list) else []
    answers = [_text(item["output"]) for item in given if item.get("type") == "function_call_output"]
    call = talk.next_call(body, tools, answers)
    if call:
        space, _, name = call[0].rpartition("/")
        item: dict[str, Any] = {
            "type": "function_call", "id": f"fc_{len(answers)}", "call_id": f"call_{len(answers)}", "name": name,
            "arguments": json.dumps(call[1]), "status": "completed", **({"namespace": space} if space else {}),
        }  # fmt: skip
    else:
        item = {
            "type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
            "content": [{"type": "output_text", "text": "finished", "annotations": []}],
        }  # fmt: skip
    usage = {
        "input_tokens": 1, "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0}, "output_tokens": 1,
        "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 2,
    }  # fmt: skip
    whole = {
        "id": "resp_1", "object": "response", "created_at": 1, "model": body["model"], "output": [item],
        "parallel_tool_calls": False, "tool_choice": "auto", "tools": [], "status": "completed", "usage": usage,
    }  # fmt: skip
    if not body.get("stream"):
        return "application/json", json.dumps(whole).encode()
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": whole | {"output": [], "status": "in_progress"}},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    return "text/event-stream", _sse(events, named=True)


def chat(talk: Conversation, body: dict[str, Any]) -> tuple[str, bytes]:
    """Answer a request of the OpenAI chat API."""
    answers = [_text(each["content"]) for each in body["messages"] if each["role"] == "tool"]
    call = talk.next_call(body, [tool["function"]["name"] for tool in body.get("tools", [])], answers)
    if call:
        function = {"name": call[0], "arguments": json.dumps(call[1])}
        said: dict[str, Any] = {
            "content": None,
            "tool_calls": [{"index": 0, "id": f"call_{len(answers)}", "type": "function", "function": function}],
        }
    else:
        said = {"content": "finished"}
    said["role"] = "assistant"
    stop = "tool_calls" if call else "stop"
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    head = {"id": "chat_1", "object": "chat.completion", "created": 1, "model": body["model"]}
    if not body.get("stream"):
        whole = {**head, "choices": [{"index": 0, "message": said, "finish_reason": stop}], "usage": usage}
        return "application/json", json.dumps(whole).encode()
    head["object"] = "chat.completion.chunk"
    events: list[dict[str, Any]] = [
        {**head, "choices": [{"index": 0, "delta": said, "finish_reason": None}]},
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": stop}]},
        {**head, "choices": [], "usage": usage},
    ]
    return "text/event-stream", _sse(events, named=False) + b"data: [DONE]\n\n"


def gemini(talk: Conversation, body: dict[str, Any], *, stream: bool) -> tuple[str, bytes]:
    """Answer a request of the Gemini API."""
    tools = [each["name"] for tool in body.get("tools", []) for each in tool.get("functionDeclarations", [])]
    parts = [part for content in body["contents"] for part in content["parts"] if "functionResponse" in part]
    call = talk.next_call(body, tools, [_text(part["functionResponse"]["response"]) for part in parts])
    part: dict[str, Any] = {"functionCall": {"name": call[0], "args": call[1]}} if call else {"text": "finished"}
    whole = {
        "candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
    }
    if stream:
        return "text/event-stream", b"data: " + json.dumps(whole).encode() + b"\r\n\r\n"
    return "application/json", json.dumps(whole).encode()


def _answer(talk: Conversation, path: str, body: dict[str, Any]) -> tuple[str, bytes]:
    path = path.partition("?")[0]
    if path.endswith("/messages"):
        return messages(talk, body)
    if path.endswith("/responses"):
        return responses(talk, body)
    if path.endswith("/chat/completions"):
        return chat(talk, body)
    if "enerateContent" in path:
        return gemini(talk, body, stream="stream" in path)
    return "application/json", b"{}"


@contextmanager
def model(script: list[Call]) -> Iterator[tuple[str, Conversation]]:
    """Serve the stub on 127.0.0.1 for one run of an agent; gives its address and the conversation."""
    talk = Conversation(script)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._send("application/json", b"")

        def do_GET(self) -> None:
            self._send("application/json", json.dumps({"object": "list", "data": [{"id": "stub"}]}).encode())

        def do_POST(self) -> None:
            raw = self._body()
            try:
                body = json.loads(raw or b"{}")
            except ValueError:
                body = {}
            with lock:
                kind, answer = _answer(talk, self.path, body)
            self._send(kind, answer)

        def _body(self) -> bytes:
            if "chunked" not in self.headers.get("transfer-encoding", ""):
                return self.rfile.read(int(self.headers.get("content-length") or 0))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _send(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", talk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
