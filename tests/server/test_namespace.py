from __future__ import annotations

import os
import subprocess
from datetime import timedelta

import pytest

from office.connection import address, connect
from office.service import server
from office.service.embedded import find_binary
from office.settings import Settings
from workflows.search import ALL

pytestmark = pytest.mark.server

SCRIPT = server.PROJECT / "deployment" / "temporal" / "namespace.sh"


async def test_the_namespace_job_of_the_compose_file_makes_all_that_is_needed_and_may_run_again(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
    from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest

    monkeypatch.setenv("TEMPORAL_ADDRESS", address(office))
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "umn")
    monkeypatch.setenv("PATH", str(find_binary(Settings.read()).parent), prepend=os.pathsep)
    for _ in range(2):
        subprocess.run(["sh", str(SCRIPT)], check=True, capture_output=True, timeout=60)

    client = await connect(office)
    namespace = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="umn"))
    assert namespace.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=30_000)
    known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="umn"))
    assert {key.name: int(key.indexed_value_type) for key in ALL}.items() <= known.custom_attributes.items()
