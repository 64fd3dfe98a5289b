"""A mail server that takes everything and keeps nothing, in a process of its own as mail servers are.

`python -m benchmarks.mail_sink` says on which port it listens, and reads a letter piece by piece.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from activities.mail import MailServer

END = b"\r\n.\r\n"
"""After which a letter is whole."""

PROJECT = Path(__file__).resolve().parents[1]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """The server, while it is needed."""
    command = [sys.executable, "-m", "benchmarks.mail_sink"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield MailServer("127.0.0.1", int(process.stdout.readline()))
        finally:
            process.kill()


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection: every command is answered, and every letter taken."""
    writer.write(b"220 sink\r\n")
    while command := await reader.readline():
        verb = command[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            last = b""
            while not last.endswith(END) and (piece := await reader.read(1 << 20)):
                last = (last + piece)[-len(END) :]
        writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 taken\r\n")
        if verb == b"QUIT":
            break
    writer.close()


async def listen() -> None:
    """Takes letters until the process is ended."""
    server = await asyncio.start_server(take, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(listen())
