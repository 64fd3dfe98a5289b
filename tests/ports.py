"""Ports of this machine at which tests listen, or at which nobody does."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port at which nobody listens now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def held_port(port: int = 0) -> socket.socket:
    """Holds a port, any or this one, until it is closed: nobody answers there, and no other process can."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    return held
