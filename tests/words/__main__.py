"""`make words`: the texts that patients read, hardest first."""

from __future__ import annotations

import os
import sys

import django

SHOWN = 40


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.words.given import is_given
    from tests.words.reading import readings
    from tests.words.test_reading_age import AGE, average

    found = readings()
    easy = sum(one.age <= AGE for _place, one in found)
    print(f"{len(found)} texts of a sentence or more; {easy} of them can be read at {AGE} or younger.")
    print(
        f"All of them together: {average(found):.1f}. The hardest, * for words that are not ours to change:\n"
    )
    for place, one in found[:SHOWN]:
        print(f"{one.age:5.1f} {'*' if is_given(place) else ' '} {place}\n        {one.text[:160]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
