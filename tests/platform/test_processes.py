"""The demo's processes: told to stop, waited for, and none left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from clinic.demo.processes import Process, stop_all

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


def _start(code: str, tmp_path: Path, patience: float = 10) -> Process:
    process = Process("one", [sys.executable, "-c", code], tmp_path / "one.log", patience)
    process.start(os.environ, tmp_path)
    until = time.monotonic() + 10
    while "up" not in process.log.read_text():
        assert time.monotonic() < until
        os.sched_yield()
    return process


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_process_that_listens_stops_by_itself(tmp_path: Path) -> None:
    process = _start(SLEEPER, tmp_path)
    assert stop_all([process]) == []
    assert process.ended == -15


def test_a_process_that_does_not_listen_is_ended_and_named(tmp_path: Path) -> None:
    process = _start(STUBBORN, tmp_path, patience=0.2)
    assert stop_all([process]) == ["one"]
    assert process.ended == -9


def test_children_of_a_process_go_with_it(tmp_path: Path) -> None:
    child = f"import subprocess, sys, time; c = subprocess.Popen([sys.executable, '-c', {STUBBORN!r}])"
    process = _start(f"{child}; print('child', c.pid, flush=True); time.sleep(60)", tmp_path)
    words = process.log.read_text().split()
    until = time.monotonic() + 5
    while "child" not in words and time.monotonic() < until:
        words = process.log.read_text().split()
    pid = int(words[words.index("child") + 1])
    stop_all([process])
    until = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < until:
        os.sched_yield()
    assert not _alive(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
def test_when_the_runner_is_killed_its_processes_stop_too(tmp_path: Path) -> None:
    runner = textwrap.dedent(f"""
        import os, sys, time
        from pathlib import Path
        from clinic.demo.processes import Process
        process = Process("one", [sys.executable, "-c", {SLEEPER!r}], Path({str(tmp_path)!r}) / "one.log")
        process.start(os.environ, Path({str(tmp_path)!r}))
        print(process.running.pid, flush=True)
        time.sleep(60)
    """)
    parent = subprocess.Popen([sys.executable, "-c", runner], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    assert _alive(pid)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while _alive(pid) and time.monotonic() < until:
        os.sched_yield()
    assert not _alive(pid)
