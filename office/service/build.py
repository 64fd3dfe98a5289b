"""Which build this is: its version, and a digest of all that decides what a worker does.

Two workers of different builds on one task queue take turns at the same cases: a case that one of them
has led is then led on by other code. So each says its build, and `umn status` tells when they differ.
"""

from __future__ import annotations

import hashlib
import os
import socket
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

DECIDES = (
    "models",
    "jurisdictions",
    "procedures",
    "workflows",
    "activities",
    "register",
    "templates",
    "worker.py",
    "requirements.lock",
)
"""What decides how a case goes on and what is written, made and sent: our code, and the libraries."""


def version(root: Path = ROOT) -> tuple[str, str]:
    """The name and the version of the project."""
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    return project["name"], project["version"]


def build_id(root: Path = ROOT) -> str:
    """Version and content, such as 0.1.0+3f9a21c04b7e: the same on every machine with the same files."""
    told = hashlib.sha256()
    for name in DECIDES:
        top = root / name
        files = sorted(top.rglob("*")) if top.is_dir() else [top]
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                content = hashlib.sha256(file.read_bytes()).hexdigest()
                told.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    return f"{version(root)[1]}+{told.hexdigest()[:12]}"


def identity(build: str) -> str:
    """Who a worker is, as Temporal shows it: process, machine and build."""
    return f"{os.getpid()}@{socket.gethostname()} {build}"
