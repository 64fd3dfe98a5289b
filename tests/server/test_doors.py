"""Who else is on the machine: a web page in its browser, and a copy of the data folder."""

from __future__ import annotations

import http.server
import json
import shutil
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import OutsideWorldFailed
from office.connection import connect
from office.service import server
from office.service.running import Running, file_of, recall
from office.service.status import status
from office.settings import Settings
from tests.server.conftest import STAND_IN

pytestmark = pytest.mark.server

CHROMIUM = next((path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None)

Start = Callable[[Settings], Running]


def posted(port: int, path: str, host: str) -> int:
    """What the server answers to what a web page can send without asking: a status code."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/namespaces/default/{path}",
        data=json.dumps({"reason": "a web page"}).encode(),
        headers={"Content-Type": "text/plain", "Host": host, "Origin": f"http://{host}"},
    )
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


async def test_no_host_reaches_a_case_by_http_and_our_own_way_is_unharmed(
    office: Settings, start: Start
) -> None:
    running = start(office)
    assert running.ports is not None
    client = await connect(office)
    case = await client.start_workflow("LyingOpen", id="CUP-2026-301", task_queue=office.task_queue)
    for host in ("127.0.0.1", f"127.0.0.1:{running.ports.http}", "localhost", "evil.example", "invalid"):
        assert posted(running.ports.http, "workflows/CUP-2026-301/terminate", host) == 403, host
        assert posted(running.ports.http, "workflows/CUP-2026-301/update/close", host) == 403, host
    assert await case.execute_update("close") == "closing"
    assert await case.result() == "closed"


@pytest.fixture
def web_page() -> Iterator[Callable[[str], str]]:
    """Serves a page from another origin. Gives: its address, for the script that it runs."""
    script = ""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<html><body>hello<script>{script}</script></body></html>".encode())

        def log_message(self, *said: object) -> None:
            """Says nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()

        def page(runs: str) -> str:
            nonlocal script
            script = runs
            return f"http://localhost:{served.server_port}/"

        yield page
        served.shutdown()


@pytest.mark.skipif(
    CHROMIUM is None, reason="chromium is not installed; `make browser` does it as root on Debian"
)
async def test_a_web_page_in_a_browser_of_the_machine_ends_no_case(
    office: Settings, start: Start, web_page: Callable[[str], str]
) -> None:
    from playwright.async_api import async_playwright

    ports = start(office).ports
    assert ports is not None
    client = await connect(office)
    case = await client.start_workflow("LyingOpen", id="CUP-2026-302", task_queue=office.task_queue)
    tries = "const told = [];" + "".join(
        f"fetch('http://127.0.0.1:{port}/api/v1/namespaces/default/workflows/CUP-2026-302/terminate',"
        "{method:'POST',mode:'no-cors',headers:{'Content-Type':'text/plain'},body:'{}'})"
        ".then(() => told.push('sent'), () => told.push('blocked'));"
        for port in (ports.http, ports.ui)
    )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page()
        await page.goto(web_page(tries))
        await page.wait_for_function("told.length === 2")
        await browser.close()
    assert await case.execute_update("close") == "closing"


def copied(settings: Settings, to: Path) -> Settings:
    """The data folder as a backup or a careless hand copies it while all runs."""
    shutil.copytree(settings.var, to, ignore_dangling_symlinks=True)
    return Settings(var=to, task_queue=settings.task_queue)


async def test_a_copy_of_the_data_folder_neither_acts_in_the_live_office_nor_stops_it(
    office: Settings, start: Start, tmp_path: Path
) -> None:
    live = start(office)
    copy = copied(office, tmp_path / "copy")
    for ask in (
        lambda: server.up(copy, worker=STAND_IN),
        lambda: server.down(copy),
        lambda: recall(copy.var),
    ):
        with pytest.raises(OutsideWorldFailed, match=r"is a copy of .* whose office runs") as refused:
            ask()
        assert str(office.var) in refused.value.possible[0]
    with pytest.raises(OutsideWorldFailed, match="is a copy"):
        await connect(copy)
    told = status(copy)
    assert "is a copy" in told["problems"][0]["sentence"]
    assert not told["temporal"]["answers"]
    assert recall(office.var) == live
    assert status(office)["problems"] == []


def test_a_copy_can_be_made_an_office_of_its_own(office: Settings, start: Start, tmp_path: Path) -> None:
    live = start(office)
    copy = copied(office, tmp_path / "copy")
    file_of(copy.var).unlink()
    try:
        own = start(copy)
        assert own.address != live.address
        assert server.down(copy) == ["postman", "worker", "server"]
    finally:
        server.down(copy)
    assert status(office)["problems"] == []


def test_a_folder_that_was_moved_while_nothing_ran_just_works(
    settings: Settings, start: Start, tmp_path: Path
) -> None:
    before = start(settings)
    server.down(settings)
    moved = Settings(var=settings.var.rename(tmp_path / "moved"), task_queue=settings.task_queue)
    try:
        after = start(moved)
        assert status(moved)["problems"] == []
        assert before.server != after.server
    finally:
        server.down(moved)


def test_a_folder_that_was_moved_under_its_office_still_stops_it(
    settings: Settings, start: Start, tmp_path: Path
) -> None:
    start(settings)
    moved = Settings(var=settings.var.rename(tmp_path / "moved"), task_queue=settings.task_queue)
    assert server.down(moved) == ["postman", "worker", "server"]


def test_no_door_of_the_server_opens_to_other_machines(office: Settings, start: Start) -> None:
    ports = start(office).ports
    assert ports is not None
    ours = {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for other in ours - {"127.0.0.1", "127.0.1.1"}:
        for port in ports.model_dump().values():
            with pytest.raises(OSError), socket.create_connection((other, port), timeout=2):  # noqa: PT011
                pass


def test_an_office_without_ui_opens_no_door_for_it(settings: Settings, start: Start) -> None:
    closed = replace(settings, ui=False)
    running = start(closed)
    assert running.ui == ""
    assert running.ports is not None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", running.ports.ui), timeout=5)
    assert status(closed)["problems"] == []
