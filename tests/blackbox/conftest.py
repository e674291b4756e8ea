"""Fixtures: an installation per test, on SQLite and on PostgreSQL, with people whose messages go to recorders."""

from __future__ import annotations

import os
import pathlib
import uuid
from collections.abc import Iterator

import psycopg
import pytest

import packs
import settings
from harness import ROOT, Decurion
from recorders import HttpRecorder, SmtpRecorder
from tls import TlsFront


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "contacts(*channels): how every person of the test's pack is reached, in that order")
    config.addinivalue_line("markers", "database(name): only on that database")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        marker = metafunc.definition.get_closest_marker("database")
        metafunc.parametrize("database", marker.args if marker else ["sqlite", "postgres"], indirect=True)


@pytest.fixture(scope="session")
def binary() -> pathlib.Path:
    path = pathlib.Path(os.environ.get("DECURION_BIN", ROOT / "target/debug/decurion"))
    assert path.exists(), f"{path} is missing: build it, or name it in DECURION_BIN"
    return path


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """None for SQLite; for PostgreSQL the URL of a database made for this test."""
    if request.param == "sqlite":
        yield None
        return
    server = os.environ.get("DECURION_TEST_POSTGRES")
    assert server, "DECURION_TEST_POSTGRES is not set: run through scripts/test-blackbox.sh or scripts/postgres.sh run"
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield server.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def recorder() -> Iterator[HttpRecorder]:
    server = HttpRecorder()
    yield server
    server.close()


@pytest.fixture
def mail() -> Iterator[SmtpRecorder]:
    server = SmtpRecorder()
    yield server
    server.close()


@pytest.fixture
def decurion(
    binary: pathlib.Path, database: str | None, recorder: HttpRecorder, mail: SmtpRecorder, request, tmp_path: pathlib.Path
) -> Iterator[Decurion]:
    """A running server. Everybody is reached by webhook, unless the test's `contacts` marker says otherwise."""
    marker = request.node.get_closest_marker("contacts")
    channels = marker.args if marker else ("webhook",)
    pack = packs.ten_with_contacts(tmp_path / "pack", channels, recorder.url)
    installation = Decurion(binary, tmp_path, pack, database)
    installation.environment = settings.environment(mail.port, recorder.url, tmp_path)
    installation.init()
    installation.serve()
    yield installation
    failed = getattr(request.node, "failed_call", False)
    installation.kill()
    if failed:
        print(f"---- the server's last words\n{installation.tail()}")


@pytest.fixture
def front(decurion: Decurion, tmp_path: pathlib.Path) -> Iterator[TlsFront]:
    made = TlsFront(tmp_path, decurion.port)
    yield made
    made.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):  # noqa: ANN201
    report = yield
    if report.when == "call" and report.failed:
        item.failed_call = True
    return report
