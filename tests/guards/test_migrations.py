"""Migrations are one straight line, and say what the models say."""

from __future__ import annotations

import itertools
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.guards.source import APPS
from tests.platform.production import ROOT

OURS = [app for app in APPS if (ROOT / app / "migrations").is_dir()]


def test_the_scan_finds_our_apps() -> None:
    assert OURS == ["accounts", "audit", "screening"]


@pytest.mark.parametrize("app", OURS)
def test_migrations_are_numbered_without_a_gap_and_each_follows_the_one_before(app: str) -> None:
    loader = MigrationLoader(None)
    names = sorted(name for label, name in loader.disk_migrations if label == app)
    numbers = [int(re.match(r"\d{4}", name)[0]) for name in names]  # type: ignore[index]
    assert numbers == list(range(1, len(names) + 1)), f"rename the migrations of {app}: one line, no gap"
    for before, after in itertools.pairwise(names):
        follows = loader.disk_migrations[app, after].dependencies
        assert (app, before) in follows, f"{after} has to follow {before}"
    assert loader.graph.leaf_nodes(app) == [(app, names[-1])]


@pytest.mark.django_db
def test_the_models_are_what_the_migrations_make() -> None:
    out = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out, verbosity=1)
    except SystemExit:
        pytest.fail(f"run manage.py makemigrations and read what it made:\n{out.getvalue()}")


@pytest.mark.django_db
def test_every_trigger_a_model_promises_is_in_the_database() -> None:
    """A promise in Python protects nothing: the database has to have it, and switched on."""
    from django.apps import apps

    promised = {
        trigger.get_pgid(model)
        for app in OURS
        for model in apps.get_app_config(app).get_models()
        for trigger in getattr(model._meta, "triggers", [])
    }
    assert len(promised) > 8, "the scan found too few triggers to prove anything"
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        there = {name for (name,) in cursor.fetchall()}
    assert promised <= there
