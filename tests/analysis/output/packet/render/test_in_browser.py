"""review.html in Chromium: its policy holds, nothing is cut on a phone, and it prints in few pages. Skipped without Chromium."""

import re

import pytest

from analysis.output import files
from tests.browser import PROGRAM, open_page

pytestmark = pytest.mark.skipif(not PROGRAM, reason="Chromium is not installed")

PHONE = 390
#: Elements that reach over the right edge of the screen.
CUT = f"""[...document.querySelectorAll('body *')].filter(each => {{
  const box = each.getBoundingClientRect();
  return box.width && box.right > {PHONE} + 1 && !each.closest('.watermark, .unseen, thead');
}}).map(each => each.tagName + ' ' + each.className)"""
OPEN_ALL = "document.querySelectorAll('details').forEach(each => { each.open = true })"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with open_page(tmp_path_factory.mktemp("profile")) as page:
        yield page


@pytest.fixture
def written(tmp_path):
    """Write the page of a review and return its path."""

    def write(snapshot):
        path = tmp_path / "review.html"
        path.write_bytes(files.make(files.PacketContent(snapshot))["review.html"])
        return path

    return write


def test_nothing_is_cut_on_a_phone(browser, written, completed_snapshot, plain, hostile):
    for snapshot in (completed_snapshot, plain, hostile):
        browser.show(written(snapshot), PHONE)
        browser.value(OPEN_ALL)
        assert browser.value("document.documentElement.scrollWidth") == PHONE
        assert browser.value(CUT) == []


def test_a_script_in_the_page_would_not_run(browser, written, plain):
    path = written(plain)
    path.write_text(path.read_text().replace("</body>", "<script>document.title = 'run'</script></body>"))
    browser.show(path)
    assert browser.value("document.title").startswith("Tool access review: ")


def test_the_style_is_in_force_under_its_policy(browser, written, plain):
    path = written(plain)
    browser.show(path)
    assert browser.value("getComputedStyle(document.querySelector('.three')).display") == "grid"
    light = browser.value("getComputedStyle(document.documentElement).backgroundColor")
    browser.show(path, dark=True)
    assert browser.value("getComputedStyle(document.documentElement).backgroundColor") != light


def test_the_completed_sample_prints_on_eight_pages_and_its_appendix(browser, written, completed_snapshot):
    browser.show(written(completed_snapshot))
    pages = len(re.findall(rb"/Type\s*/Page\b", browser.pdf()))
    assert 6 <= pages <= 9
