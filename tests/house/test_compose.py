from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from office.service.embedded import LIMITS
from office.settings import Settings
from workflows.search import ALL

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
JOBS = {"temporal-schema", "temporal-namespace"}
SHELL = sorted((PROJECT / "deployment").rglob("*.sh"))


def variables(service: dict[str, Any]) -> dict[str, str]:
    return dict(service.get("environment", {}))


def files_of(service: dict[str, Any]) -> list[Path]:
    """What a service takes from this folder."""
    return [PROJECT / mount.split(":")[0] for mount in service.get("volumes", []) if mount.startswith("./")]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_to_a_version(name: str) -> None:
    image = SERVICES[name]["image"]
    assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+(\.\d+)?[\w.-]*", image), image


def test_the_image_that_is_built_here_starts_from_a_pinned_one_and_not_as_root() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    bases = [line for line in lines if line.startswith("FROM ")]
    assert bases
    assert all(re.match(r"FROM python:3\.11\.\d+-slim-\w+", base) for base in bases)
    assert any("--require-hashes" in line for line in lines)
    assert "USER umn" in lines


def test_the_image_has_the_client_of_the_database_for_backups() -> None:
    server = SERVICES["postgres"]["image"].partition(":")[2].partition(".")[0]
    assert f"postgresql-client-{server} " in (PROJECT / "Dockerfile").read_text()


def test_the_server_of_the_containers_has_the_limits_of_the_embedded_one() -> None:
    told = yaml.safe_load((PROJECT / "deployment/temporal/dynamic-config.yaml").read_text())
    assert told == {n: [{"value": v}] for n, v in LIMITS.items()}


def test_server_and_tools_of_temporal_have_one_version() -> None:
    versions = {
        SERVICES[name]["image"].split(":")[1]
        for name in ("temporal", "temporal-schema", "temporal-namespace")
    }
    assert len(versions) == 1


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_watched_or_is_a_job_that_ends(name: str) -> None:
    service = SERVICES[name]
    if name in JOBS:
        assert service["restart"].startswith("on-failure")
    elif "tools" not in service.get("profiles", ()):
        assert service["healthcheck"]["test"][0] == "CMD"
        assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_waits_for_what_it_needs(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        awaited = "service_completed_successfully" if needed in JOBS else "service_healthy"
        assert how["condition"] == awaited, f"{name} → {needed}"


@pytest.mark.parametrize("name", SERVICES)
def test_every_umn_variable_is_a_setting(name: str) -> None:
    ours = {key for key in variables(SERVICES[name]) if key.startswith("UMN_")}
    assert ours <= {f"UMN_{field.upper()}" for field in Settings.__dataclass_fields__}


def test_worker_postman_and_command_line_are_set_alike() -> None:
    worker, postman, umn = SERVICES["worker"], SERVICES["postman"], SERVICES["umn"]
    for key in ("image", "environment", "volumes", "secrets"):
        assert worker[key] == umn[key]
        if key != "environment":
            assert postman[key] == worker[key]
    assert variables(worker).items() <= variables(postman).items()


def test_only_the_postman_knows_the_mail_server() -> None:
    knows = {name for name, service in SERVICES.items() if "UMN_SMTP_HOST" in variables(service)}
    assert knows == {"postman"}
    assert SERVICES["postman"]["command"] == ["python", "worker.py", "postman"]


@pytest.mark.parametrize("name", ["worker", "postman"])
def test_each_worker_is_watched_by_the_file_that_it_writes(name: str) -> None:
    assert f"/var/lib/umn/{name}.ready" in " ".join(SERVICES[name]["healthcheck"]["test"])


def test_the_register_is_published_into_a_volume_that_the_image_gives_to_its_user() -> None:
    worker = SERVICES["worker"]
    mounts = {target: volume for volume, target in (mount.split(":")[:2] for mount in worker["volumes"])}
    folder = Path(variables(worker)["UMN_PUBLISH_TO"])
    assert mounts[str(folder.parent)] == "published"
    assert mounts[variables(worker)["UMN_VAR"]] != "published"  # whoever serves it sees nothing else
    made = f"install -d -o umn -g umn -m 0755 {folder.parent}"
    assert made in (PROJECT / "Dockerfile").read_text()


def test_the_worker_finds_its_database_with_the_password_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    password = tmp_path / "password"
    password.write_text("p@ss:word/\n")
    for key, value in variables(SERVICES["worker"]).items():
        monkeypatch.setenv(key, value)
    monkeypatch.setenv("UMN_DATABASE_PASSWORD_FILE", str(password))
    assert Settings.read().register_url == "postgresql://umn:p%40ss%3Aword%2F@postgres:5432/umn"


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_are_files_and_stand_nowhere_else(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
    for key, value in variables(service).items():
        if re.search("PASSWORD|PWD|SECRET|TOKEN|API_KEY", key):
            assert key.endswith("_FILE"), key
            assert value.removeprefix("/run/secrets/") in service["secrets"], key
        assert not re.search(r"://[^/@]*:[^/@]*@", value), f"{key} holds a password"


def test_every_secret_is_a_file_that_the_documented_command_makes() -> None:
    made = (PROJECT / "deployment" / "make-secrets.sh").read_text()
    for name, secret in COMPOSE["secrets"].items():
        assert secret == {"file": f"./deployment/secrets/{name}.txt"}
        assert name in made


def test_every_password_that_a_script_reads_is_handed_to_its_service() -> None:
    for name, service in SERVICES.items():
        text = (
            " ".join(map(str, service.get("entrypoint", [])))
            if name != "postgres"
            else "create-databases.sql"
        )
        for folder in files_of(service):
            for file in folder.iterdir():
                if file.name in text:
                    wanted = set(re.findall(r"/run/secrets/(\w+)", file.read_text()))
                    assert wanted <= set(service.get("secrets", ())), f"{name}: {file.name}"


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_open_to_this_machine_only(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert port.startswith("127.0.0.1:"), port


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_mounts_is_there(name: str) -> None:
    for path in files_of(SERVICES[name]):
        assert path.is_dir()
    named = {mount.split(":")[0] for mount in SERVICES[name].get("volumes", []) if not mount.startswith("./")}
    assert named <= set(COMPOSE["volumes"])


def test_the_namespace_job_registers_the_search_attributes_that_cases_use() -> None:
    script = (PROJECT / "deployment" / "temporal" / "namespace.sh").read_text()
    written = set(re.findall(r"\b(\w+)=(Keyword|Datetime)\b", script))
    assert written == {(key.name, key.indexed_value_type.name.capitalize()) for key in ALL}


@pytest.mark.parametrize("script", SHELL, ids=lambda path: path.name)
def test_every_shell_script_can_be_read_by_a_shell(script: Path) -> None:
    subprocess.run(["sh", "-n", str(script)], check=True)


def test_made_secrets_differ_and_are_never_made_again(tmp_path: Path) -> None:
    script = tmp_path / "make-secrets.sh"
    script.write_text((PROJECT / "deployment" / "make-secrets.sh").read_text())
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    made = {path: path.read_text() for path in (tmp_path / "secrets").glob("*.txt")}
    assert {path.stem for path in made} == set(COMPOSE["secrets"])
    assert len(set(made.values())) == len(made)
    assert all(re.fullmatch("[0-9a-f]{48}", text) for text in made.values())
    assert os.stat(tmp_path / "secrets").st_mode & 0o077 == 0
    subprocess.run(["sh", str(script)], check=True, capture_output=True)
    assert {path: path.read_text() for path in made} == made


@pytest.mark.parametrize("kept_out", [".git", ".venv", "var", "deployment", ".env*"])
def test_data_and_secrets_never_get_into_the_image(kept_out: str) -> None:
    assert kept_out in (PROJECT / ".dockerignore").read_text().splitlines()
