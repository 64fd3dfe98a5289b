"""The published site in a real browser: read, sorted, searched, printed, and looked at by axe."""

from __future__ import annotations

import io
import re
import shutil
import threading
import unicodedata
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from register.site import NAMES
from tests.site.conftest import PROGRAMMES

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)
PROJECT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
)
FIRST = "#authorised ~ table tbody tr:first-child th"

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed; `make browser` does it as root on Debian"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page whose console stays empty; a blocked script, style or request would speak there."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert said == []


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """The site as a web server serves it that sends what docs/deployment.md asks for."""
    documented = (PROJECT / "docs" / "deployment.md").read_text()
    headers = dict(re.findall(r"^\| `([A-Z][\w-]+)` \| `([^`]+)` \|", documented, re.MULTILINE))
    assert {"Content-Security-Policy", "X-Content-Type-Options", "Cache-Control"} <= set(headers)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: Any) -> None: ...

        def end_headers(self) -> None:
            for header, value in headers.items():
                self.send_header(header, value)
            super().end_headers()

        def do_GET(self) -> None:
            if self.path == "/favicon.ico":
                self.send_response(204)
                self.end_headers()
            else:
                super().do_GET()

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def names(page: Any) -> list[str]:
    return [row.inner_text() for row in page.locator("tbody tr:visible th").all()]


LOOKED_AT = (
    ("nl/index.html", "light", 1200),
    ("fr/index.html", "dark", 380),
    ("en/changes.html", "light", 380),
    ("de/changes.html", "dark", 1200),
    ("de/programmes/CUP-2026-001.html", "light", 380),
    ("fr/programmes/MNP-2026-001.html", "dark", 1200),
    ("en/programmes/MNP-2026-002.html", "light", 1200),
    ("index.html", "dark", 380),
    ("404.html", "light", 380),
)
"""Every sort of page, every language, light and dark, wide and narrow; each costs half a second."""


def test_axe_finds_nothing(page, served):
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    for here, scheme, width in LOOKED_AT:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{served}/{here}")
        for wrong in axe.run(page).response["violations"]:
            found.append((here, wrong["id"], [node["target"] for node in wrong["nodes"]][:2]))
    assert found == []


def test_lists_are_sorted_by_a_click_and_by_the_keyboard(page, served):
    page.goto(f"{served}/nl/index.html")
    head = page.locator("#authorised ~ table thead")
    head.get_by_role("button", name="Handelsnaam").click()
    assert names(page)[0:4] == [
        '<script>alert(1)</script> & "quoted" {{ 7*7 }} \'',
        "ábelixa",
        "Voorbeeldra",
        "Zomaar",
    ]
    assert head.locator("th").first.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button", name="Laatste update").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert head.locator("th").last.get_attribute("aria-sort") == "descending"
    assert page.locator(FIRST).inner_text().startswith("<script>")
    said = "Goedgekeurde programma’s: gesorteerd op Laatste update, aflopend."
    assert page.locator("#sorted").text_content() == said
    assert page.locator("#found").inner_text() == "6 programma’s van de 6"


def test_a_search_finds_words_in_any_case_and_without_accents(page, served):
    page.goto(f"{served}/fr/index.html")
    page.get_by_label("Chercher dans le nom").fill("ABELIXA ziekte")
    page.get_by_text("1 programme sur 6").wait_for()
    assert names(page) == ["ábelixa"]
    assert page.locator("section:visible h2").all_inner_texts() == ["Programmes approuvés"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("cup-2026-010", "1 programme of 6"),
        ("CUP\u20112026\u2011010", "1 programme of 6"),
        ("ziekte", "3 programmes of 6"),
        ("shown in Dutch", "No programme was found."),
        ("2026-04", "No programme was found."),
    ],
)
def test_a_search_looks_at_what_a_programme_is_and_says_how_many_it_found(page, served, wanted, said):
    page.goto(f"{served}/en/index.html")
    page.get_by_label("Search in").fill(wanted)
    page.get_by_text(said, exact=True).wait_for()
    assert (
        page.locator("table:visible").count() == page.locator("table:visible:has(tbody tr:visible)").count()
    )


def test_letters_are_found_as_they_are_typed(page, served):
    """The folding of the search itself, on what the programmes of these tests do not hold."""
    page.goto(f"{served}/fr/index.html")
    page.evaluate("document.querySelector('tbody th a').textContent = 'Œdème ß m² l’état «x» CAR\u2011T'")
    page.add_script_tag(url=f"{served}/lists.js")
    for typed in ("oedeme", "ss", "m2", "l'etat", '"x"', "car-t"):
        page.get_by_label("Chercher dans le nom").fill(typed)
        page.wait_for_timeout(200)
        assert page.locator("tbody tr:visible").count() >= 1, typed


def test_the_language_is_switched_on_the_same_page(page, served):
    page.goto(f"{served}/nl/programmes/CUP-2026-001.html")
    for language in ("fr", "en", "de", "nl"):
        page.get_by_role("link", name=NAMES[language], exact=True).click()
        assert page.url == f"{served}/{language}/programmes/CUP-2026-001.html"
        assert page.locator("html").get_attribute("lang") == language


def test_the_keyboard_reaches_the_content_first(page, served):
    page.goto(f"{served}/en/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Go to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_without_javascript_every_programme_is_read_and_nothing_pretends_to_work(browser, served):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}/nl/index.html")
    assert len(names(page)) == len(PROGRAMMES)
    assert page.get_by_role("searchbox").count() == page.get_by_role("button").count() == 0
    context.close()


def test_it_works_from_a_folder_without_a_server(page, site):
    page.goto((site / "nl" / "index.html").as_uri())
    assert page.get_by_role("searchbox").is_visible()


def test_the_head_of_a_list_is_printed_on_every_sheet(page, served):
    from pypdf import PdfReader

    page.goto(f"{served}/nl/index.html")
    page.evaluate(
        """() => { const body = document.querySelector("tbody");
        for (let n = 0; n < 90; n++) body.append(body.rows[n % 3].cloneNode(true)); }"""
    )
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
    assert len(sheets) > 2
    assert [
        n for n, text in enumerate(sheets[:-1]) if not {"Handelsnaam", "Indicatie"} <= set(text.split())
    ] == []


@pytest.mark.parametrize("width", [360, 720, 1280])
def test_no_page_is_wider_than_its_window(page, served, width):
    page.set_viewport_size({"width": width, "height": 900})
    for here, _, _ in LOOKED_AT:
        page.goto(f"{served}/{here}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, here


def test_it_is_printed_without_what_only_a_screen_needs(page, served):
    from pypdf import PdfReader

    page.goto(f"{served}/nl/index.html")
    sheets = PdfReader(io.BytesIO(page.pdf())).pages
    printed = unicodedata.normalize("NFKC", "".join(sheet.extract_text() for sheet in sheets))
    assert "Goedgekeurde programma" in printed
    assert all(name in printed for _, name, *_ in PROGRAMMES[:5])
    assert "Français" not in printed
    assert "Zoek in naam" not in printed
