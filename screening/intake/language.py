"""In which language a person reads: chosen on the first page, then kept with the form they begin.

What a browser prefers decides nothing: a form half in one language would be worse than none. The empty
string stands for the language that everything was written in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import get_language_info

from accounts.models import Site
from screening.questionnaires.selectors import languages_offered


@dataclass(frozen=True)
class Choice:
    """One language on the first page, by its own name."""

    code: str
    name: str
    current: bool


def chosen(request: HttpRequest) -> str:
    """What was chosen in this browser, if it is a language of this installation."""
    code = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return code if code != settings.LANGUAGE_CODE and code in dict(settings.LANGUAGES) else ""


def offered(site: Site) -> list[str]:
    return [code for code in languages_offered(site=site) if code in dict(settings.LANGUAGES)]


def speak(request: HttpRequest, site: Site) -> str:
    """Go on in the language that was chosen, where this clinic offers it; in its own elsewhere."""
    code = chosen(request)
    if code and code in offered(site):
        return code
    translation.activate(settings.LANGUAGE_CODE)
    return ""


def speak_as(code: str | None) -> None:
    """Go on in the language of somebody's form; None, where no form is known, leaves what was chosen."""
    if code is not None:
        translation.activate(code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def choices(site: Site, current: str) -> list[Choice]:
    """Nothing to choose where there is one language."""
    others = offered(site)
    if not others:
        return []
    codes = ["", *others]
    return [Choice(code, own_name(code or settings.LANGUAGE_CODE), code == current) for code in codes]


def remember(response: HttpResponse, code: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code or settings.LANGUAGE_CODE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,  # type: ignore[arg-type]  # any text, say the stubs
    )


def in_language(pieces: Iterator[str], code: str | None) -> Iterator[str]:
    """What is sent piece by piece, each made in this language: the request's own has ended by then."""
    while True:
        with translation.override(code):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def own_name(code: str) -> str:
    """A language as those who speak it write it."""
    named = str(dict(settings.LANGUAGES).get(code, code))
    if named != code:
        return named
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def name_for_staff(code: str) -> str:
    """The same for those who speak another: "Arabic (العربيّة)", in signs that keep its order to itself."""
    own = own_name(code)
    try:
        info = get_language_info(code)
    except KeyError:
        return own
    if info["code"] != code:  # Django knows only what it is a kind of
        return own
    return f"{info['name_translated']} (\N{FIRST STRONG ISOLATE}{own}\N{POP DIRECTIONAL ISOLATE})"
