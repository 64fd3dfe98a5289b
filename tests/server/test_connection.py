from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from models.errors import NotReachable, OutsideWorldFailed
from office.connection import address, connect, is_external, prepare_namespace
from office.service import server
from office.service.running import Process, Running, recall, remember
from office.service.status import status
from office.settings import Settings
from tests.ports import free_port
from tests.server.conftest import STAND_IN

pytestmark = pytest.mark.server


async def test_where_nothing_was_started_the_way_to_start_is_named(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path)
    assert not is_external()
    assert address(settings) == ""
    with pytest.raises(NotReachable, match="No Temporal server was started") as caught:
        await connect(settings)
    assert caught.value.possible[0] == "umn up"


async def test_a_server_that_ended_is_not_knocked_at(tmp_path: Path) -> None:
    ended = Process.of(os.getpid()).model_copy(update={"mark": "another-start/1"})
    remember(tmp_path, Running(address="127.0.0.1:1", server=ended))
    with pytest.raises(NotReachable, match="has ended"):
        await connect(Settings(var=tmp_path))


async def test_a_named_temporal_that_does_not_listen_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{port}")
    assert is_external()
    with pytest.raises(NotReachable, match=f"127.0.0.1:{port} cannot be reached: nothing listens") as caught:
        await connect(Settings(var=tmp_path))
    assert "TEMPORAL_ADDRESS" in " ".join(caught.value.possible)


async def test_a_named_temporal_that_never_answers_is_given_up_soon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(NotReachable):
            await connect(Settings(var=tmp_path))
        assert time.monotonic() - began < 8


def test_a_profile_that_does_not_exist_is_not_taken_for_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_PROFILE", "nowhere")
    with pytest.raises(NotReachable, match="nowhere"):
        is_external()


def test_an_empty_variable_names_no_temporal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "")
    assert not is_external()


def test_a_profile_of_a_file_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = tmp_path / "temporal.toml"
    profiles.write_text('[profile.default]\naddress = "temporal.invalid:7233"\nnamespace = "umn"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(profiles))
    assert is_external()
    assert address(Settings(var=tmp_path)) == "temporal.invalid:7233"


async def test_a_namespace_that_does_not_exist_is_named_with_the_way_to_create_it(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", address(office))
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "nowhere")
    client = await connect(office)
    with pytest.raises(NotReachable, match="nowhere") as caught:
        await prepare_namespace(client)
    assert "namespace create" in caught.value.possible[0]


def test_with_a_named_temporal_only_worker_and_postman_are_started_here(
    office: Settings, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = recall(office.var)
    assert elsewhere is not None
    assert elsewhere.server is not None
    monkeypatch.setenv("TEMPORAL_ADDRESS", elsewhere.address)

    running = server.up(settings, worker=STAND_IN)

    assert "starting no server" in capsys.readouterr().err
    assert running.server is None
    told = status(settings)
    assert told["temporal"]["kind"] == "external"
    assert told["problems"] == []
    assert server.down(settings) == ["postman", "worker"]
    assert elsewhere.server.alive


def test_a_folder_with_its_own_server_does_not_follow_another_one(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    with pytest.raises(OutsideWorldFailed, match="Cases do not move"):
        server.up(office, worker=STAND_IN)
