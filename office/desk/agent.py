"""Asks an agent of OpenSSH to sign: it holds a person's key, behind a passphrase or on a token."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

from models.errors import NotReachable
from models.signing import KIND, Purpose, blob_of, public_of, raw_of, to_sign, written

if TYPE_CHECKING:
    from collections.abc import Iterator

SOCKET = "SSH_AUTH_SOCK"
"""The variable by which every programme finds the agent."""

PATIENCE = 60.0
"""Seconds: a person may be asked for a passphrase, or to touch a token."""

_LIST, _LISTED, _SIGN, _SIGNED = 11, 12, 13, 14
_LARGEST = 256 * 1024


class AgentKey:
    """A key that an agent holds. `public` is its other half."""

    def __init__(self, public: str) -> None:
        self.public = public

    def sign(self, purpose: Purpose, message: bytes) -> str:
        """Has the agent sign a message for a purpose. Raises: NotReachable when it does not."""
        asked = bytes([_SIGN]) + _string(blob_of(raw_of(self.public))) + _string(to_sign(purpose, message))
        with _agent() as agent:
            answer = _ask(agent, asked + bytes(4))
        if not answer or answer[0] != _SIGNED:
            raise NotReachable("key.agent-refuses")
        kind, signature = _strings(_strings(answer[1:], 1)[0], 2)
        if kind != KIND.encode():
            raise NotReachable("key.agent-refuses")
        return written(signature)


def held() -> list[AgentKey]:
    """The Ed25519 keys of the agent that this shell knows; none where there is no agent."""
    if not os.environ.get(SOCKET):
        return []
    try:
        with _agent() as agent:
            answer = _ask(agent, bytes([_LIST]))
    except NotReachable:
        return []
    if len(answer) < 5 or answer[0] != _LISTED:
        return []
    told = _strings(answer[5:], 2 * int.from_bytes(answer[1:5], "big"))
    return [AgentKey(public_of(blob[-32:])) for blob in told[::2] if blob == blob_of(blob[-32:])]


@contextmanager
def _agent() -> Iterator[socket.socket]:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as agent:
            agent.settimeout(PATIENCE)
            agent.connect(os.environ.get(SOCKET, ""))
            yield agent
    except OSError as error:
        raise NotReachable("key.no-agent", why=error.strerror or str(error)) from None


def _ask(agent: socket.socket, asked: bytes) -> bytes:
    agent.sendall(_string(asked))
    length = int.from_bytes(_read(agent, 4), "big")
    return _read(agent, min(length, _LARGEST))


def _read(agent: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        piece = agent.recv(length - len(found))
        if not piece:
            raise ConnectionAbortedError
        found += piece
    return found


def _string(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _strings(told: bytes, many: int) -> list[bytes]:
    """So many strings, one after the other; what is cut off is told as far as it goes."""
    found = []
    for _ in range(many):
        if len(told) < 4:
            break
        length = int.from_bytes(told[:4], "big")
        found.append(told[4 : 4 + length])
        told = told[4 + length :]
    return found
