#!/usr/bin/env python
"""Django's command line for Threshold."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line

from clinic.env import SettingsProblem

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    try:
        settings.BASE_DIR  # noqa: B018 - reads the settings, so that a gap is told in a sentence
    except SettingsProblem as problem:
        sys.exit(str(problem))
    execute_from_command_line(sys.argv)
