"""Documents as the PDF gets them, and a reader of PDF."""

from __future__ import annotations

import io

import pypdf
import pytest

from analysis.output import files
from analysis.output.packet.render.pdf.typesetting import render


def document_of(snapshot):
    return files.PacketContent(snapshot, typst="0.15.2").document


@pytest.fixture
def plain_document(plain):
    return document_of(plain)


@pytest.fixture
def hostile_document(review_snapshots):
    """A document whose every text is typst code, too long, or of letters that no typeface has."""
    return document_of(review_snapshots.hostile(HOSTILE))


@pytest.fixture(scope="session")
def completed_pdf(completed_snapshot):
    return render(document_of(completed_snapshot))


@pytest.fixture
def read():
    return lambda data: pypdf.PdfReader(io.BytesIO(data))


#: Code of the typesetter, quotes that would end a string, text that is too wide or too long, and hidden characters.
HOSTILE = (
    '#read("/etc/passwd") #import "@preview/cetz:0.4.2" #sys.inputs',
    '$x^2$ *bold* _it_ @ref <label> `raw` // c /* d */ = head \\u{41} "] #panic()',
    "W" * 300,
    "createInstallationAccessTokenForRepositoryWithoutApproval" * 4,
    "漢字 \u202eevil\u202c \x00\x1b[31m\x07 \u200b \ud800 עברית 😀",
    "x " * 990,
    "</text></svg><style>*{display:none}</style>",
)
