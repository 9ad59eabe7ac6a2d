"""A page as text, however its lines were broken."""

from __future__ import annotations

import re
from typing import Any


def text_of(response: Any) -> str:
    """With its tags."""
    return re.sub(r"\s+", " ", response.content.decode())


def words_of(response: Any) -> str:
    """What is read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
