"""HTTP of the rule editor: the table of rules, a page for each, the definitions, the reference tables."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import permission_required, refuse_unless
from accounts.permissions import Permission
from screening.manage import policies
from screening.manage.presenters import EFFECTS
from screening.manage.ruling import checking, parts
from screening.manage.ruling.forms import DefinitionsForm, RuleForm
from screening.manage.ruling.parts import Part
from screening.manage.ruling.presenters import RuleRow, as_text
from screening.manage.ruling.saving import ChangedMeanwhile, save_part
from screening.manage.ruling.table_form import TableForm
from screening.manage.views import version_or_404
from screening.questionnaires.models import DefinitionVersion, Kind
from screening.questionnaires.services import NotADraft, Unstorable


def rules_or_404(request: HttpRequest, kind: str, code: str, number: int) -> DefinitionVersion:
    version = version_or_404(request, kind, code, number)
    if version.kind != Kind.RULESET:
        raise Http404
    return version


def draft_or_refuse(request: HttpRequest, kind: str, code: str, number: int) -> DefinitionVersion:
    version = rules_or_404(request, kind, code, number)
    refuse_unless(policies.may_change(request.membership, version))
    return version


@require_GET
@permission_required(Permission.VIEW_DEFINITION)
def rules(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    """The table of rules; `effect` keeps those of one effect."""
    version = rules_or_404(request, kind, code, number)
    readings, found = checking.readings(version), parts.rules_in(version.content)
    chosen = request.GET.get("effect", "")
    counts = [(name, title, sum(r.get("effect") == name for r in found)) for name, title in EFFECTS.items()]
    context = {
        "version": version,
        "rows": [RuleRow.of(r, readings) for r in found if chosen in ("", r.get("effect"))],
        "effects": [row for row in counts if row[2]],
        "chosen": chosen,
        "total": len(found),
        "tables": [(name, t.get("title") or name, len(parts.rows_of(t))) for name, t in _tables(version)],
        "may_change": policies.may_change(request.membership, version),
    }
    return render(request, "manage/ruling/rules.html", context)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def add(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    version = draft_or_refuse(request, kind, code, number)
    return _rule(request, version, parts.rule(""), None)


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def rule(request: HttpRequest, kind: str, code: str, number: int, rule: str) -> HttpResponse:
    version = draft_or_refuse(request, kind, code, number)
    part = parts.rule(rule)
    return _rule(request, version, part, there(version, part, or_gone=request.method == "POST"))


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def remove(request: HttpRequest, kind: str, code: str, number: int, rule: str) -> HttpResponse:
    """Asks once. The rule is shown, so that one knows what goes."""
    version = draft_or_refuse(request, kind, code, number)
    part = parts.rule(rule)
    context = {"rule": rule, "row": RuleRow.of(there(version, part), {})}
    return removed(request, version, part, context, "manage/ruling/remove.html", _("The rule is removed."))


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def definitions(request: HttpRequest, kind: str, code: str, number: int) -> HttpResponse:
    version = draft_or_refuse(request, kind, code, number)
    part = parts.definitions()
    data = request.POST if request.method == "POST" else None
    form = DefinitionsForm(data, initial={"definitions": part.read(version.content)})
    context = {"version": version, "form": form, "seen": part.seen(version.content)}
    context["names"] = checking.names_of(version)
    name = "manage/ruling/definitions.html"
    if data is None:
        return render(request, name, context)
    if form.is_valid():
        typed = form.cleaned_data["definitions"]
        for sentence in checking.errors_in(version, part.put(version.content, typed), "definitions"):
            form.add_error("definitions", sentence)
    if form.errors:
        return again(request, version, context, name)
    return stored(request, version, part, form.cleaned_data["definitions"], context, name, _("Saved."))


@require_http_methods(["GET", "POST"])
@permission_required(Permission.DRAFT_DEFINITION)
def table(request: HttpRequest, kind: str, code: str, number: int, table: str) -> HttpResponse:
    version = draft_or_refuse(request, kind, code, number)
    part = parts.table(table)
    form = TableForm(there(version, part), request.POST if request.method == "POST" else None)
    context = {"version": version, "form": form, "name": table, "seen": part.seen(version.content)}
    name = "manage/ruling/table.html"
    if not form.is_bound:
        return render(request, name, context)
    if not form.is_valid():
        return again(request, version, context, name)
    return stored(request, version, part, form.changed(), context, name, _("Saved."))


def _rule(request: HttpRequest, version: DefinitionVersion, part: Part, known: Any) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    codes = {str(each.get("code")) for each in parts.rules_in(version.content)}
    own = str(known["code"]) if known else ""
    form = RuleForm(
        data,
        rule=known,
        taken=frozenset(codes - {own}),
        criteria=_criteria(version),
        options=checking.answers_of(version),
        drafted=checking.drafted_questions(version),
    )
    context: dict[str, Any] = {
        "version": version,
        "form": form,
        "rule": own,
        "seen": part.seen(version.content),
        "names": checking.names_of(version),
        "reading": checking.readings(version).get(own, "") if known else "",
    }
    name = "manage/ruling/rule.html"
    if data is None:
        return render(request, name, context)
    if form.is_valid():
        _check_rule(version, part, form)
    if form.errors:
        return again(request, version, context, name)
    return stored(request, version, part, form.rule(), context, name, _("The rule is saved."))


def _check_rule(version: DefinitionVersion, part: Part, form: RuleForm) -> None:
    """What the whole rule set says of this rule, by line and column, beside what it concerns."""
    typed = form.rule()
    field = "when" if isinstance(typed["when"], str) else "question"
    for sentence in checking.errors_in(version, part.put(version.content, typed), f"rule {typed['code']}"):
        form.add_error(field if "olumn " in sentence else None, sentence)


def there(version: DefinitionVersion, part: Part, *, or_gone: bool = False) -> Any:
    """What a part says. Nobody finds one that is not there; who saves one that is gone sees both."""
    known = part.read(version.content)
    if known is None and not or_gone:
        raise Http404
    return known


def removed(
    request: HttpRequest,
    version: DefinitionVersion,
    part: Part,
    context: dict[str, Any],
    template: str,
    said: str,
    *,
    back: str = "rules",
) -> HttpResponse:
    """Asks once."""
    context |= {"version": version, "seen": part.seen(version.content)}
    if request.method == "GET":
        return render(request, template, context)
    return stored(request, version, part, None, context, template, said, back=back)


def stored(
    request: HttpRequest,
    version: DefinitionVersion,
    part: Part,
    value: Any,
    context: dict[str, Any],
    template: str,
    said: str,
    *,
    back: str = "rules",
) -> HttpResponse:
    """Back to the list of such parts; or the same page with what somebody else wrote meanwhile beside it."""
    seen = request.POST.get("seen", "")
    try:
        save_part(version, part, value, seen=seen, by=request.actor, at=timezone.now())
    except ChangedMeanwhile as changed:
        now = part.read(changed.version.content)
        context |= {
            "theirs": as_text(now),
            "seen": part.seen(changed.version.content),
            "version": changed.version,
        }
        return render(request, template, context, status=409)
    except NotADraft as refused:
        raise PermissionDenied(str(refused)) from refused
    except Unstorable as refused:
        form = context.get("form")
        if isinstance(form, forms.Form):
            form.add_error(None, str(refused))
        return again(request, version, context, template)
    messages.success(request, said)
    return redirect(reverse(back, args=[version.kind, version.code, version.number]))


def again(
    request: HttpRequest, version: DefinitionVersion, context: dict[str, Any], template: str
) -> HttpResponse:
    """What was typed, with what is wrong about it. It is still about the part as it was first seen."""
    context["seen"] = request.POST.get("seen", "")
    return render(request, template, context, status=422)


def _criteria(version: DefinitionVersion) -> list[tuple[str, str]]:
    found = version.content.get("criteria")
    rows = found if isinstance(found, list) else []
    return [(str(row.get("id")), str(row.get("title"))) for row in rows if isinstance(row, dict)]


def _tables(version: DefinitionVersion) -> list[tuple[str, dict[str, Any]]]:
    return [*parts.tables_in(version.content).items()]
