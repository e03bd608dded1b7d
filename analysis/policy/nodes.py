"""A YAML file as nodes that know their line: whatever is wrong is told with its place, and reading goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from analysis.model import Level, Problem
from analysis.text import visible
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: No organisation writes a longer policy by hand; a longer file is something else.
LONGEST: Final = 256 * 1024
#: So many names fit into one line of a message.
_LISTED: Final = 16


class Refused(Exception):
    """A file that has no nodes to look at: not YAML, too long, nested too deep."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


def compose(text: str) -> Any:
    """Return the root node of a text. Raises `Refused`."""
    import yaml  # noqa: PLC0415 - only a review with a policy needs it

    if len(text) > LONGEST:
        raise Refused(f"it is longer than {LONGEST:,} characters")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise Refused(f"it is not YAML: {visible(error.problem or error.context or 'malformed', 200)}", line) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise Refused(f"it is not YAML: {visible(str(error), 200)}") from None
    if root is None:
        raise Refused("it is empty")
    return root


class Nodes:
    """Reads nodes and gathers problems. Every reading returns something that can be gone on with."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, node: Any, place: str, what: str, remedy: str) -> None:
        """Note a problem at a node; `place` is the way to it, `rules/EXP-001`."""
        line = node.start_mark.line + 1 if node is not None else None
        self.problems.append(Problem(Level.REFUSED, what, place, line, remedy))

    def fields(self, node: Any, place: str, known: Collection[str] | None, noun: str) -> Iterator[tuple[str, Any]]:
        """Yield the (key, value node) of a mapping, in order; keys that are not `known` are problems. None: any key."""
        if node.id != "mapping":
            expected = f"with {', '.join(known)}" if known and len(known) <= _LISTED else "of names and values"
            self.wrong(node, place, "this has to be a mapping", f"write a mapping {expected}")
            return
        seen = set()
        for key_node, value in node.value:
            key = str(key_node.value) if key_node.id == "scalar" else ""
            where = f"{place}/{visible(key, 80)}".lstrip("/")
            if key in seen:
                self.wrong(key_node, where, "this stands here twice", "keep one of the two")
            elif known is not None and key not in known:
                self.unknown(key_node, where, noun, key, known)
            else:
                seen.add(key)
                yield key, value

    def unknown(self, node: Any, place: str, noun: str, word: str, known: Collection[str]) -> None:
        """Note a word that is none of those that are known."""
        near = nearest(word, list(known))
        allowed = ", ".join(list(known)[:_LISTED]) + (
            f" and {len(known) - _LISTED} more" if len(known) > _LISTED else ""
        )
        meant = f"did you mean {near}?" if near else f"allowed are {allowed}"
        self.wrong(node, place, f"no {noun} is called {visible(word, 80)!r}", meant)

    def text(self, node: Any, place: str) -> str:
        """Return a text; an empty one is a problem."""
        if node.id != "scalar":
            self.wrong(node, place, "this has to be a text", "write one line of text")
        elif node.value.strip():
            return str(node.value).strip()
        else:
            self.wrong(node, place, "this is empty", "write a text, or leave the line out")
        return ""

    def word(self, node: Any, place: str, noun: str, known: Collection[str]) -> str:
        """Return a text that is one of those known, or an empty one."""
        found = self.text(node, place)
        if found and found not in known:
            self.unknown(node, place, noun, found, known)
            return ""
        return found

    def texts(self, node: Any, place: str) -> tuple[str, ...]:
        """Return a list of texts."""
        if node.id != "sequence":
            self.wrong(node, place, "this has to be a list", "write [one, two]")
            return ()
        return tuple(filter(None, (self.text(item, f"{place}/{n}") for n, item in enumerate(node.value, 1))))

    def number(self, node: Any, place: str, most: int) -> int | None:
        """Return a whole number from 1 to `most`."""
        found = self.text(node, place)
        if found.isascii() and found.isdigit() and len(found) <= len(str(most)) and 1 <= int(found) <= most:
            return int(found)
        if found:
            self.wrong(
                node, place, f"{visible(found, 40)!r} is no such number", f"write a whole number from 1 to {most}"
            )
        return None
