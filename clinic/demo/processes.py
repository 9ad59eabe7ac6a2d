"""Starts processes, watches them, and stops every one of them in order."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PARENT_GONE = 1  # PR_SET_PDEATHSIG of Linux


@dataclass
class Process:
    """One of our processes, in a group of its own so that Ctrl-C reaches it through us alone."""

    name: str
    command: Sequence[str]
    log: Path
    patience: float = 35.0  # a worker may finish what it sends: 30 seconds, and a little more
    running: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self, environment: Mapping[str, str], folder: Path) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    @property
    def ended(self) -> int | None:
        return self.running.poll() if self.running else None

    def ask_to_stop(self) -> None:
        if self.running and self.running.poll() is None:
            self.running.send_signal(signal.SIGTERM)

    def stop(self) -> bool:
        """True when it went by itself. Its whole group goes, also what it left behind."""
        if not self.running:
            return True
        self.ask_to_stop()
        try:
            self.running.wait(self.patience)
            went = True
        except subprocess.TimeoutExpired:
            went = False
        if not went or _group_lives(self.running.pid):
            os.killpg(self.running.pid, signal.SIGKILL)
            self.running.wait()
        return went


def _end_with_parent() -> None:
    """When this runner is killed, its processes are told to stop: none is left behind with the port."""
    ctypes.CDLL(None).prctl(PARENT_GONE, signal.SIGTERM)


def _group_lives(group: int) -> bool:
    for _ in range(20):
        try:
            os.killpg(group, 0)
        except (ProcessLookupError, PermissionError):
            return False
        time.sleep(0.05)
    return True


def stop_all(processes: Sequence[Process]) -> list[str]:
    """Asks all at once, then waits for each. Gives the names of those that had to be killed."""
    for process in processes:
        process.ask_to_stop()
    return [process.name for process in processes if not process.stop()]
