#!/usr/bin/env python
"""Django's command line for Threshold."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import OperationalError

from clinic.env import gaps_in_sentences

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")
    with gaps_in_sentences():
        settings.BASE_DIR  # noqa: B018 - reads the settings, so that a gap is told in a sentence
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as problem:  # its first line names servers and limits; the others may quote a row
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"The database did not answer as it should: {str(problem).partition(chr(10))[0]}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
