"""What a system that watches the office reads: figures, where worker and postman show theirs, and alerts."""

from __future__ import annotations

import re
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from activities.register import RegisterEntries
from models.messages import catalogue
from office.connection import connect
from office.service.launching import wait_for
from register import reconciliations
from register.reconciliations import Reconciliation
from tests.cli.desk import PROJECT, Desk, eventually, office
from tests.cli.test_due import TODAY, entry, fixed
from tests.ports import free_port

ALERTS = PROJECT / "deployment" / "prometheus" / "alerts.yml"
LINE = re.compile(r'umn_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+]+')


def test_the_figures_are_told_in_the_form_of_prometheus(
    nowhere: Desk, register: RegisterEntries, tmp_path: Path
) -> None:
    register.enter(entry("CUP-2026-001", fixed("decision", TODAY - timedelta(days=3))))
    register.enter(entry("CUP-2026-002", fixed("decision", TODAY + timedelta(days=3))))
    began = (datetime.now(UTC) - timedelta(hours=7)).isoformat(timespec="seconds")
    reconciliations.keep(
        nowhere.settings.register_url, Reconciliation(began, began, False, {}, findings=(), many=4)
    )

    told = nowhere.asks("metrics").ended(0).out
    assert 'umn_open_cases{procedure="CUP",kind="application"} 2\n' in told
    assert 'umn_overdue{desk="desk"} 1\n' in told
    assert 'umn_letters{state="not_made"} 0\n' in told
    assert 'umn_movements{state="parked"} 0\n' in told
    assert "umn_comparison_findings 4\n" in told
    age = re.search(r"^umn_comparison_age_seconds (.*)$", told, re.MULTILINE)
    assert age
    assert 7 * 3600 <= float(age[1]) < 8 * 3600
    assert "umn_head_age_seconds" not in told  # no head was made yet
    said = [line for line in told.splitlines() if not line.startswith("# ")]
    assert [line for line in said if not LINE.fullmatch(line)] == []
    assert "CUP-2026" not in told

    into = tmp_path / "umn.prom"
    nowhere.asks("metrics", "--out", str(into)).ended(0)
    names = [line.split(" ")[0] for line in said]
    assert [line.split(" ")[0] for line in into.read_text().splitlines() if line[0] != "#"] == names
    assert nowhere.does("metrics")[0] == {
        "name": "umn_open_cases",
        "procedure": "CUP",
        "kind": "application",
        "value": 2,
    }


def test_where_no_register_answers_nothing_is_told_as_if_it_were_nothing(
    nowhere: Desk, tmp_path: Path
) -> None:
    into = tmp_path / "umn.prom"
    into.write_text("as it was\n")
    nowhere.asks("metrics", "--out", str(into)).ended(5)
    assert into.read_text() == "as it was\n"


def test_every_alert_rests_on_a_figure_that_is_told() -> None:
    (group,) = yaml.safe_load(ALERTS.read_text())["groups"]
    known = {f"umn_{key.partition('.')[2].replace('-', '_')}" for key in catalogue("en") if "metrics." in key}
    asked = {name for rule in group["rules"] for name in re.findall(r"\bumn_\w+", rule["expr"])}
    assert asked
    assert asked <= known
    names = [rule["alert"] for rule in group["rules"]]
    assert len(names) == len({*names})
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in group["rules"])


def test_worker_and_postman_show_what_they_measure_where_a_setting_says_so(tmp_path: Path) -> None:
    ports = [free_port(), free_port()]
    shown = [f"127.0.0.1:{port}" for port in ports]
    with office(tmp_path / "var", metrics_worker=shown[0], metrics_postman=shown[1]) as desk:
        for at, queue in zip(shown, (desk.settings.task_queue, desk.settings.letters_queue), strict=True):
            eventually(lambda at=at, queue=queue: f'task_queue="{queue}"' in measured(at))
        assert wait_for(connect(desk.settings)).namespace


def measured(at: str) -> str:
    with urllib.request.urlopen(f"http://{at}/metrics") as answer:
        return str(answer.read().decode())
