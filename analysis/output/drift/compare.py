"""Two sets of definitions of one source: what is new, removed, changed, renamed and moved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from analysis.model import CapabilityKind, ToolId
from analysis.output.drift.definition_trees import KnownParts, tree_of
from analysis.output.drift.differences import FieldDifference, canonical_text, shown
from analysis.output.drift.matching import IDENTITY, definition_key, renamed_pairs
from analysis.output.drift.operation_fields import Comparison
from analysis.output.drift.records import WITHOUT_SUBSTANCE, ChangeGroup, Drift, DriftKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from analysis.model import DefinitionTexts, SourceId, Tool

    #: Returns what a text orders, names or hides, in words, given the name of the tool that it describes.
    Signals = Callable[[str, str], frozenset[str]]
    #: Returns what texts say that a tool does, reaches or touches and earlier ones did not, in words, given the texts of a
    #: difference before and after, all texts of the earlier definition, and its name.
    Additions = Callable[[Collection[str], Collection[str], Collection[str], str], tuple[str, ...]]

#: Fields that all tools of a source share: a change of one is one line.
_OF_SOURCE: Final = ("servers", "securitySchemes.")
#: Groups in which a text can bring in something that its group does not say.
_TEXTUAL: Final = frozenset({ChangeGroup.WORDING, ChangeGroup.SERIALISATION, ChangeGroup.HINTS_ADDED, ChangeGroup.NAME})
_MAX_SIGNALS: Final = 5


@dataclass(frozen=True, slots=True)
class DefinitionSet:
    """The definitions of one source, with the canonical texts behind their digests."""

    tools: Sequence[Tool]
    texts: DefinitionTexts


@dataclass(frozen=True, slots=True)
class TextReaders:
    """What reads the texts of definitions: by itself each, and a changed one against what it was."""

    signals: Signals
    additions: Additions


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences between two sets; `equal` counts equal definitions, `pairs` are those that differ, before and after."""

    drift: tuple[Drift, ...]
    equal: int
    pairs: tuple[tuple[Tool, Tool], ...]


def compare_definitions(before: DefinitionSet, after: DefinitionSet, readers: TextReaders) -> Compared:
    """Compare the definitions of a source. Digests decide what is equal; what differs is told field by field."""
    was, now = ({tool.id: tool for tool in side.tools} for side in (before, after))
    common = [(tool, now[tool.id]) for tool in before.tools if tool.id in now]
    changed = [(b, a) for b, a in common if b.digest != a.digest]
    if not changed and was.keys() == now.keys():
        return Compared((), len(common), ())
    parts = KnownParts(before.texts), KnownParts(after.texts)
    comparison = Comparison(*parts)
    gone = [(t, tree_of(t, parts[0])) for t in before.tools if t.id not in now]
    new = [(t, tree_of(t, parts[1])) for t in after.tools if t.id not in was]
    renamed = renamed_pairs(gone, new)
    matched = {id(tool) for pair in renamed for tool in pair}
    found = [_changed(pair, comparison, readers) for pair in changed]
    taken_over = _taken_over(changed, [tool for tool, _ in gone if id(tool) not in matched], parts)
    records = [
        *(record for listed in found for record in listed),
        *taken_over,
        *(record for pair in renamed for record in _renamed(*pair, comparison, readers)),
        *(_alone(DriftKind.REMOVED, tool) for tool, _ in gone if id(tool) not in matched),
        *(_alone(DriftKind.NEW, tool) for tool, _ in new if id(tool) not in matched),
    ]
    return Compared(tuple(_of_sources(records, after.texts.source)), len(common) - len(changed), (*changed, *renamed))


def _alone(kind: DriftKind, tool: Tool) -> Drift:
    call = shown(tool.call)
    before, after = (call, None) if kind is DriftKind.REMOVED else (None, call)
    field = "tool" if tool.kind is CapabilityKind.TOOL else tool.kind.label
    return Drift(kind, tool.id, shown(tool.name), field, before, after, substance=True, group=ChangeGroup.CONTRACT)


def _changed(pair: tuple[Tool, Tool], comparison: Comparison, readers: TextReaders, was: str = "") -> list[Drift]:
    before, after = pair
    differences = [each for each in comparison.differences(before, after) if not (was and _is_name(each))]
    return [_record(each, after, was) for each in _with_signals(differences, before, after, comparison, readers)]


def _is_name(each: FieldDifference) -> bool:
    """Whether a difference of a renamed or moved capability is its name or place, which is told already."""
    return each.group is ChangeGroup.NAME or each.field in {*IDENTITY, "definition"}


def _record(each: FieldDifference, tool: Tool, was: str = "") -> Drift:
    kind = DriftKind.RENAMED if each.group is ChangeGroup.NAME and not was else DriftKind.CHANGED
    return Drift(
        kind, tool.id, shown(tool.name), shown(each.field), shown(each.before), shown(each.after),
        substance=each.group not in WITHOUT_SUBSTANCE, group=each.group, direction=each.direction,
        why=each.why or _white_space(each), was=was,
    )  # fmt: skip


def _white_space(each: FieldDifference) -> str:
    texts = isinstance(each.before, str) and isinstance(each.after, str)
    return "white space only" if texts and each.before.split() == each.after.split() else ""


def _with_signals(
    differences: list[FieldDifference], before: Tool, after: Tool, comparison: Comparison, readers: TextReaders
) -> Iterator[FieldDifference]:
    """Yield the differences, those that bring in something new marked as such; then what no difference shows."""
    signals = readers.signals
    old, new = comparison.strings(before, after=False), comparison.strings(after, after=True)
    known: set[str] = set().union(*(signals(text, before.name) for text in old - new))
    brought = {text: said for text in new - old if (said := signals(text, after.name) - known)}
    if brought:  # what the rest of the definition has already is not brought in
        known = known.union(*(signals(text, before.name) for text in old & new))
        brought = {text: said - known for text, said in brought.items() if said - known}
    told: set[str] = set()
    earlier, resolver = comparison.resolver(after=False), comparison.resolver(after=True)
    for each in differences:
        within = resolver.strings(each.after) & brought.keys() if brought else set()
        sentences = sorted({sentence for text in within for sentence in brought[text]})
        told |= within
        if each.group in _TEXTUAL:
            was, now = earlier.strings(each.before), resolver.strings(each.after)
            sentences += readers.additions(was - now, now - was, old, before.name)
        if sentences:
            group = ChangeGroup.TEXT_SIGNAL if each.group in _TEXTUAL else each.group
            yield replace(each, group=group, why="; ".join(shown(s) for s in sentences[:_MAX_SIGNALS]))
        else:
            yield each
    for text in sorted(brought.keys() - told):
        why = "; ".join(sorted(shown(s) for s in brought[text])[:_MAX_SIGNALS])
        yield FieldDifference("text", None, text, ChangeGroup.TEXT_SIGNAL, why=why)


def _renamed(before: Tool, after: Tool, comparison: Comparison, readers: TextReaders) -> Iterator[Drift]:
    """Yield that a capability has another name or place, and what else differs of it."""
    moved = bool(before.path or after.path) and before.path != after.path
    kind, field = (DriftKind.MOVED, "path" if after.method else "uri") if moved else (DriftKind.RENAMED, "name")
    was, now = (before.path, after.path) if moved else (before.name, after.name)
    slash = moved and was.rstrip("/") == now.rstrip("/")
    rest = [] if before.digest == after.digest else _changed((before, after), comparison, readers, before.id)
    why = "a slash at the end" if slash else "" if rest else "the definition is equal"
    yield Drift(
        kind, after.id, shown(after.name), field, shown(was), shown(now), substance=not slash, group=ChangeGroup.NAME,
        why=why, was=before.id,
    )  # fmt: skip
    yield from rest


def _taken_over(
    changed: Sequence[tuple[Tool, Tool]], gone: Sequence[Tool], parts: tuple[KnownParts, KnownParts]
) -> Iterator[Drift]:
    """Yield the names that have the definition of another capability now: their decision was not on it."""
    if not changed:
        return
    candidates = [*gone, *(before for before, _ in changed)]
    by_print: dict[str, list[Tool]] = defaultdict(list)
    for tool in candidates:
        by_print[definition_key(tool, tree_of(tool, parts[0]))].append(tool)
    for before, after in changed:
        others = [t for t in by_print.get(definition_key(after, tree_of(after, parts[1])), ()) if t.id != before.id]
        if others and definition_key(before, tree_of(before, parts[0])) != definition_key(
            after, tree_of(after, parts[1])
        ):
            other = others[0]
            yield Drift(
                DriftKind.RENAMED, after.id, shown(after.name), "name", shown(other.name), shown(after.name), substance=True,
                group=ChangeGroup.CONTRACT, why="this name has the definition of another capability now", was=other.id,
            )  # fmt: skip


def _of_sources(records: list[Drift], source: SourceId) -> Iterator[Drift]:
    """Yield the records; one line for a difference that all tools of a source share."""
    shared: dict[str, list[Drift]] = defaultdict(list)
    for each in records:
        if each.kind is DriftKind.CHANGED and each.field.startswith(_OF_SOURCE):
            shared[canonical_text([each.field, each.before, each.after])].append(each)
    folded = {id(each) for listed in shared.values() if len(listed) > 1 for each in listed}
    for listed in shared.values():
        if len(listed) > 1:
            tools: tuple[Any, ...] = tuple(ToolId(each.tool) for each in listed)
            yield replace(listed[0], tool=source, name=shown(source), tools=tools)
    yield from (each for each in records if id(each) not in folded)
