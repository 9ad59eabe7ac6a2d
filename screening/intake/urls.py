"""Addresses of this chapter. None of them says anything about a person."""

from django.urls import URLPattern, path

from screening.intake.views import entering, entries, finish, links, pages, public, safety

urlpatterns: list[URLPattern] = [
    path("", public.home, name="intake-home"),
    path("clinic/<slug:slug>/", public.clinic, name="intake-clinic"),
    path("clinic/<slug:slug>/privacy/", public.privacy, name="intake-privacy"),
    path("clinic/<slug:slug>/accessibility/", public.accessibility, name="intake-accessibility"),
    path("clinic/<slug:slug>/language/", public.choose_language, name="intake-language"),
    path("clinic/<slug:slug>/start/", public.start, name="intake-start"),
    path("go/<str:token>/", links.go, name="intake-go"),
    path("code/", links.code, name="intake-code"),
    path("staff/enter/", entering.enter, name="enter-form"),
    path("staff/enter/<str:reference>/", entering.resume, name="enter-resume"),
    path("form/", pages.sections, name="intake-form"),
    path("form/advice/", safety.advice, name="intake-advice"),
    path("form/check/", finish.check, name="intake-check"),
    path("form/submit/", finish.submit, name="intake-submit"),
    path("form/sent/", finish.sent, name="intake-sent"),
    path("form/stay/", links.stay, name="intake-stay"),
    path("form/link/", links.link, name="intake-link"),
    path("form/code/", links.write_down, name="intake-write-down"),
    path("form/leave/", links.leave, name="intake-leave"),
    path("form/file/<uuid:document_id>/remove/", pages.remove_file, name="intake-file-remove"),
    path("form/<slug:page_id>/", pages.page, name="intake-page"),
    path("form/<slug:page_id>/add/", entries.add, name="intake-entry-add"),
    path("form/<slug:page_id>/<int:number>/", entries.change, name="intake-entry"),
    path("form/<slug:page_id>/<int:number>/remove/", entries.remove, name="intake-entry-remove"),
]
