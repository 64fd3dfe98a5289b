"""The way to Temporal: the embedded server of the data folder, or the one that a profile names.

Profiles and `TEMPORAL_*` variables are read as every Temporal tool reads them; where they name
nothing, the embedded server that `umn up` started is meant.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from models.errors import InputRefused, NotReachable
from models.messages import Message, worded
from office.service.running import recall
from office.settings import Settings

if TYPE_CHECKING:
    from temporalio.client import Client
    from temporalio.envconfig import ClientConfigProfile

PATIENCE = 5.0
"""Seconds after which a Temporal that has not answered counts as unreachable."""

USUAL_ADDRESS = "localhost:7233"
"""What every Temporal tool means when a profile names no address."""

log = logging.getLogger(__name__)


def is_external() -> bool:
    """Whether a profile or a `TEMPORAL_*` variable says which Temporal to use.

    Raises:
        NotReachable: the profile or its file cannot be read.
    """
    return _profile() is not None


def address(settings: Settings) -> str:
    """Host and port of Temporal; empty when an embedded server is meant and was never started."""
    profile = _profile()
    if profile is not None:
        return profile.address or USUAL_ADDRESS
    running = recall(settings.var)
    return running.address if running and running.server else ""


async def connect(settings: Settings, by: str = "umn", metrics_at: str = "") -> Client:
    """Connects to Temporal, and says within five seconds when that cannot be done.

    `by` is who asks: with the name of the machine, every event of what is done then says it. A worker shows
    what it measures of itself at an address of its own, `metrics_at`, where one is set.

    Raises:
        NotReachable: nothing answers; says what was tried and what can be done.
        InputRefused: nothing can be shown at that address.
    """
    _prepare_the_sdk(metrics_at)
    profile = _profile()
    if profile is None:
        running = recall(settings.var)
        if running is None or running.server is None:
            raise NotReachable(
                "temporal.not-started",
                folder=settings.var.absolute(),
                possible=("umn up", worded("possible.elsewhere")),
            )
        if not running.server.alive:
            raise NotReachable(
                "temporal.ended",
                folder=settings.var.absolute(),
                pid=running.server.pid,
                since=running.server.since,
                possible=("umn up", worded("possible.elsewhere")),
            )
        here = {"target_host": running.address}
        return await _knock(here, by, ("umn status", worded("possible.down-then-up")))
    try:
        named = dict(profile.to_client_connect_config())
    except OSError as error:
        raise NotReachable(
            "temporal.certificate",
            why=str(error),
            possible=(worded("possible.look-at-tls"),),
        ) from error
    named["target_host"] = named.get("target_host") or USUAL_ADDRESS
    return await _knock(named, by, (worded("possible.look-at-address"),))


async def prepare_namespace(client: Client) -> None:
    """Registers the search attributes that are missing; where that is not permitted, warns.

    Idempotent: by name of the attribute.

    Raises:
        NotReachable: the namespace does not exist, or Temporal does not answer.
    """
    from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
    from temporalio.service import RPCError, RPCStatusCode

    from workflows.search import ALL

    patience = timedelta(seconds=PATIENCE)
    missing = {key.name: int(key.indexed_value_type) for key in ALL}
    try:
        there = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=client.namespace), timeout=patience
        )
        missing = {name: kind for name, kind in missing.items() if name not in there.custom_attributes}
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(
                    namespace=client.namespace,
                    search_attributes=missing,  # type: ignore[arg-type]  # enums are numbers on the wire
                ),
                timeout=patience,
            )
    except RPCError as error:
        if error.status is RPCStatusCode.ALREADY_EXISTS:
            return
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NotReachable(
                "temporal.no-namespace",
                address=client.service_client.config.target_host,
                namespace=client.namespace,
                possible=(
                    f"temporal operator namespace create -n {client.namespace} --retention 720000h",
                    worded("possible.another-namespace"),
                ),
            ) from error
        if error.status in (RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED):
            raise NotReachable(
                "temporal.stopped-answering", why=error.message, possible=("umn status",)
            ) from error
        log.warning(
            "The search attributes of namespace %s could not be registered (%s). Cases need them: ask "
            "whoever runs that Temporal for %s.",
            client.namespace,
            error.message,
            ", ".join(f"{key.name} ({key.indexed_value_type.name.capitalize()})" for key in ALL),
        )


def _profile() -> ClientConfigProfile | None:
    """What profiles and variables say, or nothing when they are silent."""
    from temporalio.envconfig import ClientConfigProfile

    try:
        profile = ClientConfigProfile.load()
    except Exception as error:  # the SDK's own ConfigError is private and has no narrower parent
        raise NotReachable(
            "temporal.profile-unreadable",
            why=str(error),
            possible=(worded("possible.look-at-profile"),),
        ) from error
    # An empty variable is how a script unsets one; it names nothing.
    said = profile.address, profile.namespace, profile.api_key, profile.tls, profile.grpc_meta
    return profile if any(said) else None


async def _knock(named: dict[str, object], by: str, possible: tuple[str, ...]) -> Client:
    import socket

    from temporalio.client import Client

    from office.service.payloads import CONVERTER

    named["identity"] = f"{by}@{socket.gethostname()}"
    try:
        return await asyncio.wait_for(
            Client.connect(data_converter=CONVERTER, **named),  # type: ignore[arg-type]
            PATIENCE,
        )
    except TimeoutError as error:
        raise NotReachable(
            "temporal.no-answer", address=named["target_host"], seconds=PATIENCE, possible=possible
        ) from error
    except (RuntimeError, ValueError) as error:
        raise NotReachable(
            "temporal.not-reached", address=named["target_host"], why=_shortly(error), possible=possible
        ) from error


@cache
def _prepare_the_sdk(metrics_at: str) -> None:
    """Its core writes warnings to standard output, where only results may stand; and it may show metrics."""
    from temporalio.runtime import (
        LoggingConfig,
        PrometheusConfig,
        Runtime,
        TelemetryConfig,
        TelemetryFilter,
    )

    quiet = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    shown = PrometheusConfig(bind_address=metrics_at) if metrics_at else None
    try:
        runtime = Runtime(telemetry=TelemetryConfig(logging=quiet, metrics=shown))
    except ValueError as error:
        raise InputRefused("setting.metrics", at=metrics_at, why=error) from None
    Runtime.set_default(runtime, error_if_already_set=False)


def _shortly(error: Exception) -> str | Message:
    """The part of a transport error that a person can use."""
    text = str(error)
    for sign, words in (
        ("ConnectionRefused", Message("temporal.nothing-listens")),
        ("dns", Message("temporal.no-machine")),
        ("certificate", Message("temporal.no-certificate")),
        ("Unauthenticated", Message("temporal.no-credentials")),
        ("PermissionDenied", Message("temporal.not-let-in")),
    ):
        if sign in text:
            return words
    return text.rpartition("connect: ")[2][:200]
