"""Tables, style sheets, content: in one process, for a start costs more than the work once it is done."""

from __future__ import annotations

import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def prepare() -> None:
    # Content is made anew when it is not there: no commit needs to wait for the disk.
    settings.DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"
    django.setup()
    (settings.VAR_DIR / "outbox").mkdir(parents=True, exist_ok=True)
    print("Preparing the database …", flush=True)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp, mark = settings.VAR_DIR / "demo" / "seeded", seed_mark()
    if not stamp.is_file() or stamp.read_text() != mark:
        print("Loading questionnaires, rules and made-up people …", flush=True)
        call_command("seed_demo")
        stamp.write_text(mark)


def seed_mark() -> str:
    """Changes with the content and with the database it went into."""
    database = settings.DATABASES["default"]
    digest = hashlib.sha256(f"{database['HOST']}/{database['PORT']}/{database['NAME']}".encode())
    root: Path = settings.BASE_DIR
    for file in sorted((root / "seed").rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    prepare()
