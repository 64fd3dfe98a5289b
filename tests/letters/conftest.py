from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from activities.documents import Documents
from register.database import engine, migrate
from register.documents import DocumentStore
from tests.letters.letter_desk import ADDRESSES, MAIL_FROM, LetterDesk, Postman
from tests.ports import free_port


@pytest.fixture(scope="session")
def made_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register in which nothing is yet, made once and then copied."""
    file = tmp_path_factory.mktemp("made") / "register.db"
    migrate(f"sqlite:///{file}")
    engine(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture
def desk(made_register: Path, tmp_path: Path) -> LetterDesk:
    url = f"sqlite:///{shutil.copyfile(made_register, tmp_path / 'register.db')}"
    folder = tmp_path / "documents"
    store = DocumentStore(folder)
    documents = Documents(url, store, "Test Agency for Medicines", MAIL_FROM, ADDRESSES)
    return LetterDesk(url, folder, store, tmp_path / "outbox", documents)


@pytest.fixture
def postman() -> Iterator[Postman]:
    postman = Postman(port=free_port())
    controller = Controller(postman, hostname="127.0.0.1", port=postman.port)
    controller.start()
    yield postman
    controller.stop()
