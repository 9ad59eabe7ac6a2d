"""A page of ours as a PDF, where WeasyPrint is installed. It is an extra: without it a page is printed."""

from __future__ import annotations

import functools
import logging
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

KINDS = {".css": "text/css", ".svg": "image/svg+xml"}


class NoPaper(RuntimeError):
    """WeasyPrint is not installed, or lacks its libraries. Ask `can_make_pdf` first."""


@functools.cache
def can_make_pdf() -> bool:
    """Whether WeasyPrint and the libraries it draws with can be loaded."""
    if find_spec("weasyprint") is None:
        return False
    try:
        import weasyprint  # noqa: F401
    except OSError:  # the package is there, Pango is not
        return False
    return True


def pdf_of(html: str) -> bytes:
    """The page as PDF, its text tagged for screen readers. Only our own static files are read.

    Raises NoPaper where it cannot be made.
    """
    if not can_make_pdf():
        raise NoPaper
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it tells every rule of a style sheet it skips
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Ours(URLFetcher):  # type: ignore[misc]
        """Nothing is fetched over a network and no other file is read, whatever stands in a page."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            name = urlsplit(url).path.removeprefix(settings.STATIC_URL)
            kind = KINDS.get(Path(name).suffix, "application/octet-stream")
            return URLFetcherResponse(url, _static(name), {"Content-Type": kind})

    made: bytes = HTML(string=html, base_url="threshold:/", url_fetcher=Ours()).write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return made


def _static(name: str) -> bytes:
    """One of our static files, by the name it has in a page. Raises ValueError
    or SuspiciousFileOperation for anything else.
    """
    path = finders.find(name)
    if path is not None:
        return Path(str(path)).read_bytes()
    if not staticfiles_storage.exists(name):
        raise ValueError("A page on paper may read nothing but our own static files.")
    with staticfiles_storage.open(name) as file:
        return bytes(file.read())
