"""`{% load session_times %}`: how long a session lasts, for the sentences that say so."""

from __future__ import annotations

from django import template

from screening.intake.session import IDLE

register = template.Library()


@register.simple_tag
def idle_minutes() -> int:
    """After how many minutes without a page the form of a patient is closed."""
    return int(IDLE.total_seconds() // 60)
