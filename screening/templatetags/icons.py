"""Shapes that stand beside words. Drawn in the text's own colour, hidden from screen readers."""

from functools import cache

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# Python rather than a template: a worklist shows a few hundred of these.
PATHS = {
    "tick": "M4.5 12.5l5 5L20 7",
    "cross": "M6 6l12 12M18 6L6 18",
    "dash": "M5 12h14",
    "question": "M8.5 9a3.6 3.6 0 1 1 5.3 3.2c-1.1.6-1.8 1.3-1.8 2.6M12 19v.01",
    "alert": "M12 3.5L2.5 20h19zM12 10v4.5M12 17.3v.01",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5V12l3 2",
    "phone": (
        "M6.5 3.5h3l1.5 4-2 1.5a11 11 0 0 0 6 6l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16.5 16.5 0 0 1 4.5 5.7"
        "a2 2 0 0 1 2-2.2z"
    ),
    "arrow-right": "M4 12h15M13 6l6 6-6 6",
    "arrow-left": "M20 12H5M11 6l-6 6 6 6",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21",
    "user": "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 21a7.5 7.5 0 0 1 15 0",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "document": "M6 3h8l4 4v14H6zM9.5 12h5M9.5 16h5",
    "info": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.7v.01",
}


@cache
def shape(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{}"/></svg>',
        PATHS[name],
    )


def labelled(kind: str, text: str | Promise, icon: str = "") -> SafeString:
    """A word with its shape and colour: the word first, for those who see or hear only that."""
    drawn = shape(icon) if icon else mark_safe("")
    return format_html('<strong class="tag tag--{}">{}<span>{}</span></strong>', kind, drawn, text)
