"""The files of a packet: the one list that export, manifest, verification, documents and the next export go by.

To add a file, add a line to `FILES`. The files of an export target follow from `allowlist.TARGETS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeAlias

from analysis.output import allowlist
from analysis.output.allowlist.canonical import ALLOWLIST, canonical, record_pieces
from analysis.output.allowlist.target import ExportSettings, TargetInput
from analysis.output.packet.auditor import GUIDE, PROGRAM, auditor_file
from analysis.output.packet.csv_files import (
    CONTROLS_CSV,
    FINDINGS_CSV,
    TOOLS_CSV,
    controls_csv,
    findings_csv,
    tools_csv,
)
from analysis.output.packet.definitions_file import DEFINITIONS, definitions
from analysis.output.packet.document.review_document import POLICY, REVIEW_JSON, document
from analysis.output.packet.event_log import EVENTS, events
from analysis.output.packet.folder import MANIFEST, SIGNOFF_PAGE, SIGNOFFS, SUMS
from analysis.output.packet.manifest import manifest, sums
from analysis.output.packet.proofs_file import PROOFS, proofs
from analysis.output.packet.recipe import RECIPE, recipe
from analysis.output.packet.render import html, markdown
from analysis.output.packet.render.pdf import typesetting
from analysis.output.packet.render.pdf.typesetting import REVIEW_PDF

if TYPE_CHECKING:
    from analysis.model import ReviewSnapshot
    from analysis.output.allowlist.target import ExportTarget, TargetExport


#: Name of the file that git reads.
GIT_ATTRIBUTES = ".gitattributes"


@dataclass(frozen=True)
class PacketContent:
    """What the files of one packet are made from: the review, and what was requested with it.

    `typst` is the version of typst that sets the PDF, and empty for a packet without one. `given` has the bytes of files
    that are taken as they are instead of being made: see `PacketFile.recomputed`.
    """

    review: ReviewSnapshot
    targets: tuple[ExportTarget, ...] = ()
    typst: str = ""
    given: Mapping[str, bytes] = field(default_factory=dict)
    settings: ExportSettings = field(default_factory=ExportSettings)

    @cached_property
    def files(self) -> tuple[PacketFile, ...]:
        """The files of this packet, including those added to it later."""
        listed = (*FILES, *(file for target in self.targets for file in self._target_files(target)), *BINDING)
        return tuple(file for file in listed if file.included is None or file.included(self))

    @cached_property
    def document(self) -> dict[str, Any]:
        """The review document as data."""
        return document(self.review, tuple((file.name, file.title, file.recomputed) for file in self.files))

    @cached_property
    def allowlist(self) -> dict[str, Any]:
        """The canonical allowlist, with what the targets of this packet leave out of it."""
        left_out = [
            {"target": target.name, "tool": each.tool, "reason": each.reason}
            for target in self.targets
            for each in self.exports[target.name].left_out
        ]
        return self._canonical | {"unrepresentable": left_out}

    @cached_property
    def exports(self) -> dict[str, TargetExport]:
        """The export of each target, by name."""
        documents = {str(record.id): record.files for record in self.review.records}
        given = TargetInput(self._canonical, documents, self.settings)
        return {target.name: target.render(given) for target in self.targets}

    def _target_files(self, target: ExportTarget) -> Iterator[PacketFile]:
        for name in sorted(self.exports[target.name].files):
            yield PacketFile(f"{_target_folder(target)}/{name}", _target_title(target), _target_maker(target, name))

    @cached_property
    def _canonical(self) -> dict[str, Any]:
        return canonical(self.review)


Make: TypeAlias = Callable[[PacketContent, Mapping[str, str]], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class PacketFile:
    """One file of a packet; in `name`, `*` matches any characters.

    `make` yields its bytes in pieces, from the content and the SHA-256 of each file made before it; without it, the file
    is added to the finished packet, and no manifest lists it. `included` says which packets hold it; without it, every packet does. A
    `fixed` file is the same in every packet of a version. A file that is not `recomputed` needs a program that a verifier
    may lack: its digest is checked, and nothing follows from its contents.
    """

    name: str
    title: str
    make: Make | None = None
    included: Callable[[PacketContent], bool] | None = None
    fixed: bool = False
    recomputed: bool = True

    @property
    def always(self) -> bool:
        """Whether every packet of this version is exported with it."""
        return self.make is not None and self.included is None


#: What a packet says, in the order in which it is listed and made.
FILES: tuple[PacketFile, ...] = (
    PacketFile("review.md", "The review for people, as Markdown", lambda c, _: (markdown.render(c.document).encode(),)),
    PacketFile(
        "review.html", "The same as one page for a browser", lambda c, _: map(str.encode, html.render(c.document))
    ),
    PacketFile(
        REVIEW_PDF,
        "The same for print and archive",
        lambda c, _: (typesetting.render(c.document),),
        included=lambda c: bool(c.typst),
        recomputed=False,
    ),
    PacketFile(REVIEW_JSON, "The same as data: whole texts, whole digests", lambda c, _: record_pieces(c.document)),
    PacketFile(
        TOOLS_CSV, "Every tool with class, decision and reason, for a spreadsheet", lambda c, _: tools_csv(c.document)
    ),
    PacketFile(FINDINGS_CSV, "Every finding with its disposition", lambda c, _: findings_csv(c.document)),
    PacketFile(CONTROLS_CSV, "Every question with answer and evidence", lambda c, _: controls_csv(c.document)),
    PacketFile(
        ALLOWLIST, "Every reviewed tool with its decision, default deny", lambda c, _: record_pieces(c.allowlist)
    ),
    PacketFile(EVENTS, "The whole audit trail, byte for byte", lambda c, _: events(c.review)),
    PacketFile(
        PROOFS,
        "Whose signatures prove events of the audit trail",
        lambda c, _: (proofs(c.review),),
        included=lambda c: bool(c.review.proofs),
    ),
    PacketFile(DEFINITIONS, "What was reviewed: the bytes of every source", lambda c, _: definitions(c.review)),
    PacketFile(
        RECIPE,
        "How the packet can be made again",
        lambda c, _: (recipe(c.review, [t.name for t in c.targets], c.settings.plain(), c.typst),),
    ),
    PacketFile(GUIDE, "How to verify this packet", lambda _, __: (auditor_file(GUIDE),), fixed=True),
    PacketFile(
        PROGRAM, "A verifier that needs Python and OpenSSH alone", lambda _, __: (auditor_file(PROGRAM),), fixed=True
    ),
    PacketFile(GIT_ATTRIBUTES, "Keeps git from changing line ends", lambda _, __: (b"* -text\n",), fixed=True),
    PacketFile(
        POLICY,
        "The organisation's policy, byte for byte",
        lambda c, _: (c.review.policy.text.encode(),) if c.review.policy else (),
        included=lambda c: c.review.policy is not None,
    ),
)
#: What binds it together: made after all other files, or added to the finished packet.
BINDING: tuple[PacketFile, ...] = (
    PacketFile(SUMS, "SHA-256 of each file above", lambda c, made: (sums(made, draft=c.review.draft),)),
    PacketFile(MANIFEST, "What a sign-off is about: all files above", lambda c, made: (manifest(c.review, made),)),
    PacketFile(f"{MANIFEST}.tsr", "A time stamp of the manifest, if one was obtained"),
    PacketFile(SIGNOFF_PAGE, "Who signed, as the sign-offs state; made again at each, and not signed"),
    PacketFile(f"{SIGNOFFS}/*.json", "Sign-offs, one for each role and person"),
    PacketFile(f"{SIGNOFFS}/*.json.sig", "Their signatures"),
    PacketFile(f"{SIGNOFFS}/*.json.sig.tsr", "Time stamps of the signatures, if they were obtained"),
)


def packet_files() -> tuple[PacketFile, ...]:
    """Return every file that a packet may hold."""
    return (*FILES, *map(_files_of_target, allowlist.TARGETS), *BINDING)


def make(content: PacketContent) -> dict[str, bytes]:
    """Return every file of a packet by name. Same content, same bytes."""
    return {name: b"".join(pieces) for name, pieces in in_pieces(content)}


def in_pieces(content: PacketContent) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the name of every file of a packet with its bytes in pieces, which are to be taken before the next file is.

    So a large packet is written without being held: the manifest needs the digests of the files before it alone.
    """
    made: dict[str, str] = {}
    for file in content.files:
        if file.make is not None:
            given, whole = content.given.get(file.name), hashlib.sha256()
            yield file.name, _hashed(file.make(content, made) if given is None else (given,), whole)
            made[file.name] = whole.hexdigest()


def _hashed(pieces: Iterable[bytes], whole: hashlib._Hash) -> Iterator[bytes]:
    for piece in pieces:
        whole.update(piece)
        yield piece


def by_digest(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of some files that are not computed again: their digests alone are checked."""
    taken = {file.name for file in packet_files() if not file.recomputed}
    return tuple(name for name in names if name in taken)


#: What every packet holds, of whichever version. A packet of this version is computed again, which shows any other gap.
REQUIRED: tuple[str, ...] = (REVIEW_JSON, ALLOWLIST, EVENTS, SUMS)


def added_later(name: str) -> bool:
    """Whether a file is one that is added to the finished packet."""
    return any(file.make is None and fnmatchcase(name, file.name) for file in packet_files())


def is_packet_file(name: str) -> bool:
    """Whether a file is one that a packet may hold; an export replaces it, and touches no other."""
    return any(fnmatchcase(name, file.name) for file in packet_files())


def folder_names() -> set[str]:
    """Return the folders inside a packet."""
    return {str(above) for file in packet_files() for above in PurePosixPath(file.name).parents} - {"."}


def _target_folder(target: ExportTarget) -> str:
    return f"targets/{target.name}"


def _target_title(target: ExportTarget) -> str:
    return f"The allowlist for {target.title}"


def _target_maker(target: ExportTarget, name: str) -> Make:
    return lambda content, _: (content.exports[target.name].files[name],)


def _files_of_target(target: ExportTarget) -> PacketFile:
    """Return the files of a target as one entry of the list: which there are depends on the review."""
    return PacketFile(f"{_target_folder(target)}/*", _target_title(target), lambda _, __: (), lambda _: False)
