"""`make demo`: database, content, web, worker and beat; Ctrl-C stops all of it."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from clinic.binaries import NoServer
from clinic.demo.processes import Process, stop_all
from clinic.postgres import BASE_DIR, PrivateServer, private_server
from clinic.secrets import new_secrets

PYTHON = sys.executable
PATIENCE = 60  # seconds until the first page must answer
# It may take its time, and what it sends to made-up people is nothing to read on the screen.
PREPARING = {"DATABASE_STATEMENT_TIMEOUT": "0", "DATABASE_LOCK_TIMEOUT": "0", "LOG_LEVEL": "WARNING"}


class Stop(Exception):
    """Somebody asked us to end."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m clinic.demo", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget everything first: data, people, mail")
    parser.add_argument("--once", action="store_true", help="stop as soon as the first page has answered")
    given = parser.parse_args()
    os.chdir(BASE_DIR)
    var = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        with only_one(var / "demo"):
            return run(var, int(os.environ.get("DEMO_PORT") or 8000), reset=given.reset, once=given.once)
    except Stop:
        return 0
    except NoServer as problem:
        say(str(problem))
        return 2


def run(var: Path, port: int, *, reset: bool, once: bool) -> int:
    started = time.monotonic()
    refuse_taken_port(port)
    server = None if os.environ.get("DATABASE_URL") else private_server()
    processes: list[Process] = []
    try:
        if reset:
            forget(var, server)
        if server:
            server.start()
        environment = environment_of(var, port, server)
        subprocess.run([PYTHON, "-m", "clinic.demo.prepare"], env={**environment, **PREPARING}, check=True)
        for process in processes_of(var, port):  # web first: the page is what somebody waits for
            process.start(environment, BASE_DIR)
            processes.append(process)
            if process.name == "web":
                wait_for_page(port, process)
        show(var, port, time.monotonic() - started)
        return 0 if once else watch(processes)
    except subprocess.CalledProcessError as problem:
        say(f"This step failed: {' '.join(map(str, problem.cmd[1:]))}")
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
        stop(processes, server)


def environment_of(var: Path, port: int, server: PrivateServer | None) -> dict[str, str]:
    """What the processes see. The secrets are made once and kept where only their owner reads."""
    kept = var / "demo" / "env"
    if not kept.is_file():
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.writelines(f"{name}={value}\n" for name, value in new_secrets().items())
    own = dict(line.split("=", 1) for line in kept.read_text().splitlines() if "=" in line)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "DJANGO_SETTINGS_MODULE": "clinic.settings",
        **os.environ,
        **own,
        "THRESHOLD_DEMO": "1",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "VAR_DIR": str(var),
        "BROKER_URL": "filesystem://",
        "DATABASE_URL": server.address() if server else os.environ["DATABASE_URL"],
        "PYTHONUNBUFFERED": "1",
    }


def processes_of(var: Path, port: int) -> list[Process]:
    tool = Path(PYTHON).parent
    celery = [str(tool / "celery"), "--app", "clinic.celery"]
    logs = var / "demo" / "log"
    return [
        Process(
            "web",
            [
                *(str(tool / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
                *("--workers", "1", "--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "20"),
                "clinic.wsgi:application",
            ],
            logs / "web.log",
        ),
        Process(
            "worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"], logs / "worker.log"
        ),
        Process("beat", [*celery, "beat", "--schedule", str(var / "demo" / "beat")], logs / "beat.log"),
    ]


def wait_for_page(port: int, web: Process) -> None:
    say("Waiting for the first page …")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        refuse_ended([web])
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as problem:
            if problem.code != 503:
                raise
        except OSError:
            pass
        time.sleep(0.1)
    say(f"The page did not answer in {PATIENCE} seconds.\n{tail(web.log)}")
    sys.exit(1)


def watch(processes: list[Process]) -> int:
    try:
        while True:
            refuse_ended(processes)
            time.sleep(0.5)
    except Stop:
        say("\nStopping …")
        return 0


def refuse_ended(processes: list[Process]) -> None:
    for process in processes:
        if process.ended is not None:
            say(f"{process.name} ended by itself. The end of {process.log}:\n{tail(process.log)}")
            sys.exit(1)


def show(var: Path, port: int, seconds: float) -> None:
    home = f"http://127.0.0.1:{port}"
    lines = [
        "",
        f"Threshold is ready after {seconds:.0f} seconds.",
        f"  Everything      {home}/demo/",
        f"  As a patient    {home}/",
        f"  As staff        {home}/accounts/login/   (codes: {home}/demo/sign-ins/)",
        f"  Mail            {home}/demo/outbox/",
        "",
    ]
    people = var / "demo" / "sign-ins.json"
    lines.extend(
        f"  {person['role']:<24} {person['email']:<36} {person['password']}"
        for person in (json.loads(people.read_text()) if people.is_file() else [])
    )
    say("\n".join([*lines, "", "Ctrl-C stops everything. `make demo-reset` starts anew."]))


def stop(processes: list[Process], server: PrivateServer | None) -> None:
    for name in stop_all(processes):
        say(f"{name} did not stop by itself and was ended.")
    if server:
        server.stop()


def forget(var: Path, server: PrivateServer | None) -> None:
    """Only what a demo made; a database that somebody else gave us stays as it is."""
    if server is None:
        say("DATABASE_URL names a database of yours: --reset empties a private one only.")
        sys.exit(2)
    server.stop()
    for name in ("postgres", "broker", "outbox", "documents"):
        shutil.rmtree(var / name, ignore_errors=True)
    for name in ("env", "seeded", "sign-ins.json", "beat", "log"):
        path = var / "demo" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def refuse_taken_port(port: int) -> None:
    with socket.socket() as knock:
        knock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            knock.bind(("127.0.0.1", port))
        except OSError:
            say(f"Port {port} is taken. Choose another: DEMO_PORT={port + 1} make demo")
            sys.exit(2)


@contextmanager
def only_one(folder: Path) -> Iterator[IO[str]]:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("A demo of this folder is running already.")
            sys.exit(2)
        yield lock


def tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.is_file() else ""


def say(words: str) -> None:
    print(words, flush=True)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Stop


if __name__ == "__main__":
    sys.exit(main())
