"""The review as PDF (`review.pdf`): typst sets one fixed template; PDF/UA-1, A4, the same bytes for the same review.

typst is the optional extra `pdf`. It runs inside this process with one string as its input: the document as JSON. It can
read an empty folder, and no package; its typefaces are those next to the template, and none of the machine.
"""

from __future__ import annotations

import json
import tempfile
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any, Final

from analysis.errors import ClearanceError, UsageError
from analysis.output.packet.render.pdf.lettering import Lettering, covered_characters
from analysis.output.packet.render.pdf.page_data import page_data
from analysis.output.packet.render.pdf.print_style import print_style

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

#: Name of the file in a packet.
REVIEW_PDF: Final = "review.pdf"
_RENDER: Final = "analysis.output.packet.render"
_TEMPLATE: Final = "review.typ"
#: The typeface whose letters a text may have; the semibold face has the same.
_TEXT_FACE: Final = "SourceSans3-Regular.otf"
#: Tagged for readers of the screen, with every picture said in words; typst refuses what does not meet it.
_STANDARD: Final = "ua-1"


def typst_version() -> str:
    """Return the version of typst that is installed. Raises `UsageError` when the extra is missing."""
    try:
        import typst  # noqa: PLC0415 - an extra that most installations do not have
    except ImportError:
        raise UsageError(
            "the PDF cannot be made: typst is not installed",
            remedy="pipx install 'mcp-clearance[pdf]', or pip install 'typst>=0.15.2,<0.16'",
        ) from None
    return metadata.version(typst.__name__)


def render(doc: dict[str, Any]) -> bytes:
    """Return a review document as PDF. Raises `UsageError` without typst, `ClearanceError` if it refuses the document."""
    version = typst_version()
    import typst  # noqa: PLC0415 - 30 MB of machine code, loaded for a PDF only

    own = resources.files(_RENDER)
    template = own.joinpath("pdf", _TEMPLATE).read_bytes()
    style = print_style(own.joinpath("review.css").read_text(encoding="utf-8"))
    faces = own.joinpath("pdf", "fonts")
    data = page_data(doc, style, _lettering(faces))
    with tempfile.TemporaryDirectory() as empty, resources.as_file(faces) as fonts:
        compiler = typst.Compiler(
            template,
            root=empty,
            font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts]),
            sys_inputs={"document": json.dumps(data)},
            package_path=empty,
            package_cache_path=empty,
        )
        try:
            made = compiler.compile(pdf_standards=[_STANDARD])
        except typst.TypstError as error:
            raise ClearanceError(
                "the PDF cannot be made",
                why=f"typst {version}: {error}",
                remedy="export without --pdf, and report this: review.html can be printed",
            ) from None
    assert isinstance(made, bytes)  # a list of pages comes of pictures only
    return made


def _lettering(faces: Traversable) -> Lettering:
    return Lettering(covered_characters(faces.joinpath(_TEXT_FACE).read_bytes()))
