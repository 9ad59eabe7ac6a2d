"""HTTP of the words in other languages: read them, bring a file of them, approve them, offer them."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import permission_required, refuse_unless
from accounts.permissions import Permission
from screening.intake.language import name_for_staff
from screening.manage import languages, policies
from screening.manage.forms import COLUMNS, TranslationFileForm
from screening.manage.views import version_or_404
from screening.questionnaires.models import DefinitionVersion, Kind, Translation
from screening.questionnaires.selectors import translation_before
from screening.questionnaires.services import add_translations, approve_translations, offer_translation
from screening.review.figures.inert import as_csv


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def language(request: HttpRequest, kind: str, code: str, number: int, language: str) -> HttpResponse:
    version = _version(request, kind, code, number, language)
    return _show(request, version, language, _form(version))


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def file(request: HttpRequest, kind: str, code: str, number: int, language: str) -> HttpResponse:
    """Every text with the words it has, as a table that a translator can fill in and send back."""
    version = _version(request, kind, code, number, language)
    rows = [
        (row.place.name, row.place.source, "" if row.state == languages.STALE else row.words)
        for unit in languages.units_of(version, _begun_with(version, language))
        for row in unit.rows
    ]
    # The mark in front, or spreadsheets read it in their own old alphabet.
    response = HttpResponse("\ufeff" + as_csv(COLUMNS, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-{number}-{language}.csv"'
    return response


@require_POST
@permission_required(Permission.VIEW_DEFINITION)
def add(request: HttpRequest, kind: str, code: str, number: int, language: str) -> HttpResponse:
    version = _version(request, kind, code, number, language)
    refuse_unless(policies.may_translate(request.membership, version))
    form = _form(version, request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, version, language, form, status=422)
    add_translations(
        version=version,
        language=language,
        texts=form.cleaned_data["file"],
        by=request.actor,
        at=timezone.now(),
    )
    messages.success(request, _("The words are kept. Safety wording is shown once it is approved."))
    return redirect("language", kind, code, number, language)


@require_POST
@permission_required(Permission.VIEW_DEFINITION)
def approve(request: HttpRequest, kind: str, code: str, number: int, language: str) -> HttpResponse:
    """Approve the rows that somebody ticked as read, by their numbers: their words cannot have changed since.

    A tick has the numbers of all that is read together: a form has nearly a hundred such parts.
    """
    version = _version(request, kind, code, number, language)
    translation = _translation(version, language)
    ticked = ",".join(request.POST.getlist("text")).split(",")
    shown = {int(typed) for typed in ticked if typed.isascii() and typed.isdigit() and len(typed) < 19}
    units = languages.units_of(version, translation)
    rows = [row for unit in units for row in unit.rows if row.pk in shown and row.state == languages.WAITING]
    refuse_unless(policies.may_approve_words(request.membership, {row.writer for row in rows}))
    if ticked == [""]:
        messages.warning(request, _("Tick the words that you have read."))
        return redirect("language", kind, code, number, language)
    if translation is None or not rows:
        messages.warning(request, _("Those words changed meanwhile. Read them again below."))
        return redirect("language", kind, code, number, language)
    number_of = approve_translations(
        translation=translation,
        texts=[row.pk for row in rows if row.pk is not None],
        by=request.actor,
        at=timezone.now(),
    )
    said = ngettext("%(n)s text is approved.", "%(n)s texts are approved.", number_of) % {"n": number_of}
    messages.success(request, said)
    return redirect("language", kind, code, number, language)


@require_POST
@permission_required(Permission.VIEW_DEFINITION)
def offer(request: HttpRequest, kind: str, code: str, number: int, language: str) -> HttpResponse:
    version = _version(request, kind, code, number, language)
    if version.kind != Kind.QUESTIONNAIRE:
        raise Http404  # messages and sentences follow the language that a form was begun in
    refuse_unless(policies.may_offer(request.membership, version))
    translation = _translation(version, language)
    if translation is None:
        messages.warning(request, _("There are no words in this language yet."))
        return redirect("language", kind, code, number, language)
    offered = request.POST.get("offered") == "yes"
    offer_translation(translation=translation, offered=offered, by=request.actor, at=timezone.now())
    return redirect("language", kind, code, number, language)


def _version(request: HttpRequest, kind: str, code: str, number: int, language: str) -> DefinitionVersion:
    version = version_or_404(request, kind, code, number)
    if language not in languages.other_languages() or not languages.can_be_read(version):
        raise Http404
    return version


def _translation(version: DefinitionVersion, language: str) -> Translation | None:
    return version.translations.filter(language=language).first()


def _begun_with(version: DefinitionVersion, language: str) -> Translation | None:
    """Its own words, or while it has none those that it will begin with."""
    return _translation(version, language) or translation_before(version, language)


def _form(version: DefinitionVersion, data: object = None, files: object = None) -> TranslationFileForm:
    places = {row.place.name: row.place for unit in languages.units_of(version, None) for row in unit.rows}
    return TranslationFileForm(places, version.site, data, files)


def _show(
    request: HttpRequest,
    version: DefinitionVersion,
    language: str,
    form: TranslationFileForm,
    status: int = 200,
) -> HttpResponse:
    translation = _translation(version, language)
    units = languages.units_of(version, _begun_with(version, language))
    waiting = [
        (unit, policies.may_approve_words(request.membership, unit.writers).reason)
        for unit in (units if translation else [])  # what an earlier version says is approved there
        if unit.state == languages.WAITING
    ]
    context = {
        "version": version,
        "language": language,
        "name": name_for_staff(language),
        "is_form": version.kind == Kind.QUESTIONNAIRE,
        "offered": translation is not None and translation.offered,
        "form": form,
        "counts": languages.counts(units),
        "waiting": waiting,
        "may_approve_some": any(not refused for _unit, refused in waiting),
        "units": units,
        "may_add": policies.may_translate(request.membership, version),
        "may_offer": policies.may_offer(request.membership, version),
    }
    return render(request, "manage/language.html", context, status=status)
