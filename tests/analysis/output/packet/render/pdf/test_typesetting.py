"""review.pdf: the same bytes for the same review, tagged, from text that never is code, within the pages of the print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pypdf
import pytest

from analysis.errors import ClearanceError, UsageError
from analysis.output.header import inventory_digest
from analysis.output.packet.render.pdf import typesetting
from analysis.output.packet.render.pdf.typesetting import render, typst_version

ROOT = Path(__file__).parents[6]
RENDER_FILE = """
import json, sys
from pathlib import Path
from analysis.output.packet.render.pdf.typesetting import render
Path(sys.argv[2]).write_bytes(render(json.loads(Path(sys.argv[1]).read_text())))
"""


def words_of(page):
    return " ".join(page.extract_text().split())


def elements(node, kind):
    """Yield the elements of a kind from the structure of a document."""
    node = node.get_object()
    if isinstance(node, pypdf.generic.ArrayObject):
        for child in node:
            yield from elements(child, kind)
    elif isinstance(node, pypdf.generic.DictionaryObject):
        if node.get("/S") == kind:
            yield node
        if "/K" in node:
            yield from elements(node["/K"], kind)


def test_it_is_tagged_in_english_and_named_after_the_review(completed_pdf, read):
    document = read(completed_pdf)
    root = document.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - an object of the reader
    assert document.metadata["/Title"].startswith("Tool access review: ")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()


def test_pictures_have_words_and_tables_have_heads(completed_pdf, read):
    tree = read(completed_pdf).trailer["/Root"]["/StructTreeRoot"]
    figures = list(elements(tree, "/Figure"))
    assert len(figures) > 6
    assert all(figure["/Alt"].strip() for figure in figures)
    heads = list(elements(tree, "/TH"))
    assert len(heads) > 40
    assert len(list(elements(tree, "/THead"))) == len(list(elements(tree, "/Table")))


def test_the_only_typefaces_are_our_own(completed_pdf, read):
    fonts = {
        font.get_object()["/BaseFont"].partition("+")[2]
        for page in read(completed_pdf).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {name.partition("-")[0] for name in fonts} == {"SourceSans3", "SourceCodePro"}


def test_a_final_document_says_so_and_has_the_pages_of_the_print(completed_pdf, read):
    pages = [words_of(page) for page in read(completed_pdf).pages]
    assert all("DRAFT" not in page for page in pages[1:])
    assert all(f"FINAL {number} / {len(pages)}" in page for number, page in enumerate(pages, 1))
    appendix = next(number for number, page in enumerate(pages) if "A Files and words" in page and number > 1)
    assert appendix <= 8
    assert pages[1].startswith("Contents")


def test_the_contents_have_the_page_of_each_chapter(completed_pdf, read):
    pages = [words_of(page) for page in read(completed_pdf).pages]
    for chapter in ("Decisions by group", "Sign-offs", "Files and words"):
        number = int(pages[1].partition(f"{chapter} ")[2].split()[0])
        assert chapter in pages[number - 1].replace(f"{chapter} {number}", "", number == 2)


def test_what_is_copied_from_the_page_is_what_was_reviewed(completed_pdf, completed_snapshot, read):
    text = "".join(page.extract_text() for page in read(completed_pdf).pages)
    assert inventory_digest(completed_snapshot) in text
    assert "/payments/{paymentId}/refunds" in text
    assert "\u200b" not in text


def test_a_draft_says_so_on_every_page(plain_document, read):
    plain_document["status"] = "DRAFT"
    pages = list(read(render(plain_document)).pages)
    assert len(pages) > 3
    # Once across the page, once at its foot.
    assert all(words_of(page).count("DRAFT") >= 2 and "DRAFT, allows nothing" in words_of(page) for page in pages)


@pytest.mark.repeats
@pytest.mark.parametrize(
    "environment",
    [{"TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8"}, {"TZ": "America/Lima", "PYTHONHASHSEED": "7", "LC_ALL": "C"}],
    ids=["tokyo", "lima"],
)
def test_the_bytes_are_equal_in_another_process_place_and_language(plain_document, tmp_path, environment):
    source, made = tmp_path / "document.json", tmp_path / "made.pdf"
    source.write_text(json.dumps(plain_document))
    command = [sys.executable, "-c", RENDER_FILE, str(source), str(made)]
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment, check=True)
    assert made.read_bytes() == render(plain_document)


def test_its_date_is_that_of_the_review(plain_document, read):
    plain_document["as_of"] = "2031-02-03T04:05:06Z"
    assert read(render(plain_document)).metadata["/CreationDate"] == "D:20310203000000Z"


@pytest.mark.repeats
def test_code_of_the_typesetter_is_printed_as_it_is(hostile_document, read):
    shown = "".join("".join(page.extract_text().split()) for page in read(render(hostile_document)).pages)
    for piece in (
        '#read("/etc/passwd")',
        '#import"@preview/cetz:0.4.2"',
        "$x^2$*bold*_it_@ref<label>`raw`",
        "#panic()",
    ):
        assert piece in shown
    assert "root:x:0" not in shown
    assert "⟨U+202E⟩evil⟨U+202C⟩" in shown
    assert "⟨U+6F22⟩" in shown


@pytest.mark.repeats
def test_no_text_leaves_the_page(hostile_document, read):
    for page in read(render(hostile_document)).pages:
        found = []

        def place(text, page, line, _font, _size, found=found):
            x, y = line[4:]
            if text.strip():
                found.append((page[0] * x + page[2] * y + page[4], page[1] * x + page[3] * y + page[5]))

        page.extract_text(visitor_text=place)
        assert found
        assert all(0 < x < 595 and 0 < y < 842 for x, y in found)


def test_the_template_reads_nothing_but_its_one_input():
    template = resources.files("analysis.output.packet.render.pdf").joinpath("review.typ").read_text(encoding="utf-8")
    code = "\n".join(line for line in template.splitlines() if not line.startswith("//"))
    for call in ("#import", "#include", "read(", "eval(", "plugin(", "csv(", "yaml(", "toml(", "xml(", "today("):
        assert call not in code
    assert code.count("json(") == 1


def test_typst_can_read_an_empty_folder_only(plain_document, tmp_path, monkeypatch):
    template = tmp_path / "hostile.typ"
    monkeypatch.setattr(typesetting, "_TEMPLATE", str(template))
    for path, why in (("/etc/passwd", "file not found"), ("../../etc/passwd", "escape the project root")):
        template.write_text(f'#set document(title: "x")\n#read("{path}")')
        with pytest.raises(ClearanceError, match="the PDF cannot be made") as refused:
            render(plain_document)
        assert refused.value.why.startswith("typst 0.15.")
        assert why in refused.value.why
    template.write_text('#set document(title: "x")')
    assert render(plain_document).startswith(b"%PDF")


def test_without_typst_the_error_says_how_to_install_it(plain_document, monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    for call in (typst_version, lambda: render(plain_document)):
        with pytest.raises(UsageError) as refused:
            call()
        assert "mcp-clearance[pdf]" in refused.value.remedy
