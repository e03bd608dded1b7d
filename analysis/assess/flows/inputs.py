"""The parameters of a call, as far as they show a flow role: addresses, recipients, messages, files, choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from analysis.words import snake, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from analysis.model import Parameter

#: Types whose values carry no text of the caller's choice.
_CLOSED: Final = frozenset({"boolean", "integer", "number", "null"})
#: Type of a text that must be an address, as the readers of sources write it.
_ADDRESS_TYPE: Final = "string(uri)"
#: First words of a switch that says how another argument is read: `isUrl`, `from_url`.
_SWITCHES: Final = frozenset({"is", "from"})
#: Words of a parameter that takes a name or an identifier as well as an address.
_IDENTIFIERS: Final = frozenset({"id", "or", "name", "slug", "key"})
#: Last words of a parameter that names something, and carries no text of its own: `page_id`, `issue_key`.
_NAMING: Final = frozenset({"id", "ids", "iid", "gid", "uuid", "guid", "key", "keys", "number", "slug", "ts", "handle"})
#: What only those who take part in it may read.
_TALKS: Final = frozenset({"message", "chat", "conversation", "email", "mail", "mailbox", "inbox", "dm"})
#: Places of parameters that belong to the transport.
_UNSEEN: Final = frozenset({"header", "cookie"})
#: First words of a switch that adds content to a result: `include_messages`.
_INCLUDING: Final = frozenset({"include", "with", "expand", "embed", "fetch", "return", "show"})
#: Maximum number of listed values searched for a choice.
_MAX_VALUES: Final = 40


class Inputs(NamedTuple):
    """What a caller may send, by its part in a flow; each text is a parameter as spelled, or empty."""

    address: str = ""  # opened by the server
    address_required: bool = False
    outlet: str = ""  # data is sent there
    recipient: str = ""
    invited: str = ""  # people to whom something is shown
    message: str = ""
    host: str = ""
    local: str = ""  # a place in the file system
    shared: str = ""  # a place that several people share
    free: str = ""  # the first parameter that takes any text
    carries: str = ""  # the first one that does more than name something
    holder: str = ""  # names a page, a thread or the like, which others read
    text: str = ""  # text for people to read
    named: str = ""  # names any existing object
    payload: str = ""  # the content of a file
    talk: str = ""  # names a message or a conversation
    includes: str = ""  # adds what people wrote to the result
    reading_choice: str = ""  # a listed value that makes the call a read
    sending_choice: str = ""  # a listed value that makes the call send


NO_INPUTS: Final = Inputs()


class FlowInputReader:
    """Reader of parameters by the word lists. Caches the part of each name."""

    def __init__(self, lists: Mapping[str, frozenset[str]]) -> None:
        self._lists = lists
        self._known: dict[str, tuple[str, tuple[str, ...], bool]] = {}
        self._included = lists["untrusted"] | lists["published"]
        self._modes = lists["mode-parameters"]
        self._choices = lists["reading-choices"], lists["sending-choices"]

    def read(self, parameters: Iterable[Parameter]) -> Inputs:
        """Return the parameters that can show a flow role."""
        found: dict[str, str] = {}
        required = False
        for parameter in parameters:
            name = parameter.name
            if parameter.place in _UNSEEN:
                continue
            if parameter.values:
                if snake(name) in self._modes:
                    self._of_values(parameter, found)
                continue
            part, aspects, naming = self._known.get(name) or self._learned(name)
            for aspect in aspects:
                found.setdefault(aspect, name)
            if parameter.place == "path":
                continue
            kind = parameter.type
            if kind in _CLOSED:
                if part == "switch":
                    found.setdefault("address", name)
                    required = True
                continue
            found.setdefault("free", name)
            if not naming:
                found.setdefault("carries", name)
            if kind == _ADDRESS_TYPE and not part:
                part = "address"
            if part == "address":
                required = required or parameter.required
            if part and part != "switch":
                found.setdefault(part, name)
        if not found:
            return NO_INPUTS
        return Inputs(**found, address_required=required and "address" in found)

    def _of_values(self, parameter: Parameter, found: dict[str, str]) -> None:
        values = parameter.values[:_MAX_VALUES]
        reading, sending = self._choices
        for value in values:
            words = split_words(value)
            if words and words[0] in reading:
                found.setdefault("reading_choice", value)
            elif words and words[0] in sending:
                found.setdefault("sending_choice", value)

    def _learned(self, name: str) -> tuple[str, tuple[str, ...], bool]:
        """Return the part of a parameter, its aspects, and whether it only names something; remember them."""
        words = split_words(name)
        naming = bool(words) and words[-1] in _NAMING
        known = self._known[name] = (self._part(words), tuple(self._aspects(words)), naming)
        return known

    def _aspects(self, words: tuple[str, ...]) -> Iterator[str]:
        """Yield what a parameter shows in addition to its part; one parameter can show several."""
        if not words:
            return
        lists, last = self._lists, words[-1]
        if last in _NAMING:
            yield "named"
            last = next((word for word in reversed(words) if word not in _NAMING), "")
            if last in _TALKS:
                yield "talk"
            if last in lists["holders"] or " ".join(words[-3:-1]) in lists["shared-pairs"]:
                yield "holder"
        elif words[0] in _INCLUDING:
            if last in self._included:
                yield "includes"
        elif last in lists["texts"]:
            yield "text"
        elif last in lists["payloads"]:
            yield "payload"

    def _part(self, words: tuple[str, ...]) -> str:
        """Return the part of a parameter by the words of its name, or an empty string."""
        lists = self._lists
        plain = "_".join(words)
        if words and words[-1] in lists["address-words"]:
            return self._address(words)
        for part, kind in _PARTS:
            if plain in lists[kind]:
                return part
        return ""

    def _address(self, words: tuple[str, ...]) -> str:
        """Return the part of an address: opened, sent to, a switch, or none for one that is only stored."""
        before = frozenset(words[:-1])
        if before and words[0] in _SWITCHES:
            return "switch"
        if before & self._lists["outlet-addresses"]:
            return "outlet"
        return "" if before & (self._lists["stored-addresses"] | _IDENTIFIERS) else "address"


_PARTS: Final = (
    ("outlet", "outlet-parameters"),
    ("recipient", "recipient-parameters"),
    ("invited", "invited-parameters"),
    ("message", "message-parameters"),
    ("host", "host-parameters"),
    ("shared", "shared-parameters"),
    ("local", "local-parameters"),
)
