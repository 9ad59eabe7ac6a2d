"""A private PostgreSQL: made once, found again, mended after a crash, and stopped only by us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from clinic import binaries as finder
from clinic.binaries import NoServer
from clinic.postgres import QUICK, PrivateServer, _pid_in, private_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateServer]:
    binaries = finder.find_binaries()
    assert binaries, "tests run on PostgreSQL"
    made = PrivateServer(tmp_path_factory.mktemp("own") / "post gres", binaries, QUICK)
    yield made
    made.stop()


def _ask(server: PrivateServer, statement: str) -> object:
    with psycopg.connect(server.address()) as connection:
        row = connection.execute(statement).fetchone()  # type: ignore[call-overload]
        return row[0] if row else None


def _pid(server: PrivateServer) -> int:
    pid = _pid_in(server.data / "postmaster.pid")
    assert pid
    return pid


def test_it_is_made_found_again_and_stopped(server: PrivateServer) -> None:
    assert server.start() is True
    first = _pid(server)
    assert server.start() is False, "a server that runs is used as it is"
    assert _pid(server) == first
    assert _ask(server, "SELECT current_user") == "threshold"
    server.stop()
    assert not server.is_running()


def test_it_answers_on_a_socket_that_nobody_else_may_reach(server: PrivateServer) -> None:
    server.start()
    assert _ask(server, "SHOW listen_addresses") == ""
    assert server.socket_folder.stat().st_mode & 0o077 == 0


def test_it_starts_after_a_crash(server: PrivateServer) -> None:
    server.start()
    os.kill(_pid(server), signal.SIGKILL)
    until = time.monotonic() + 10
    while server.is_running() and time.monotonic() < until:
        os.sched_yield()
    assert (server.data / "postmaster.pid").exists(), "the crash left its lock behind"
    assert server.start() is True
    assert _ask(server, "SELECT 1") == 1


def test_a_lock_whose_number_went_to_another_process_is_no_server_of_ours(server: PrivateServer) -> None:
    server.start()
    server.stop()
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        (server.data / "postmaster.pid").write_text(f"{other.pid}\n{server.data}\n0\n5432\n\n\n")
        assert not server.is_running()
        server.stop()
        assert server.start() is True
        assert other.poll() is None, "a process that we did not start lives on"
    finally:
        other.kill()
        other.wait()


def test_a_folder_too_deep_for_a_socket_gets_one_elsewhere(server: PrivateServer, tmp_path: Path) -> None:
    deep = PrivateServer(tmp_path / ("d" * 60) / ("e" * 60), server.binaries, QUICK)
    assert len(os.fsencode(deep.socket_folder)) < 90
    assert deep.start() is True
    try:
        assert _ask(deep, "SELECT 1") == 1
        assert deep.socket_folder.stat().st_mode & 0o077 == 0
    finally:
        deep.stop()


def test_a_demo_keeps_what_was_committed_and_a_test_need_not(server: PrivateServer, tmp_path: Path) -> None:
    server.start()
    assert _ask(server, "SHOW fsync") == "off"
    assert "fsync" not in PrivateServer(tmp_path, server.binaries).settings


def test_the_command_gets_the_address_and_its_exit_code_comes_back(tmp_path: Path) -> None:
    code = "import os, sys; sys.exit(7 if 'host=' in os.environ['DATABASE_URL'] else 1)"
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ended = subprocess.run(
        [sys.executable, "-m", "clinic.postgres", "run", "--test", "--", sys.executable, "-c", code],
        env={**environment, "VAR_DIR": str(tmp_path)},
        check=False,
    )
    assert ended.returncode == 7
    assert not (tmp_path / "test-postgres" / "15" / "data" / "postmaster.pid").exists()


def test_without_any_server_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.postgres.find_binaries", lambda choice: None)
    with pytest.raises(NoServer, match=r"apt-get install postgresql.*DATABASE_URL"):
        private_server()


def test_an_old_installation_is_not_suitable(tmp_path: Path) -> None:
    for name in finder.NEEDED:
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.11'\n")
        (tmp_path / name).chmod(0o755)
    assert finder._suitable(tmp_path) is None
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 16.2 (Debian)'\n")
    assert finder._suitable(tmp_path) == finder.Binaries(tmp_path, 16)
