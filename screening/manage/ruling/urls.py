"""Addresses of the rule editor, below a rule set."""

from django.urls import path

from screening.manage.ruling import case_views, views
from screening.manage.ruling.real_case_views import real_case

urlpatterns = [
    path("", views.rules, name="rules"),
    path("add/", views.add, name="rule-add"),
    path("rule/<str:rule>/", views.rule, name="rule"),
    path("rule/<str:rule>/remove/", views.remove, name="rule-remove"),
    path("definitions/", views.definitions, name="rule-definitions"),
    path("tables/<slug:table>/", views.table, name="rule-table"),
    path("cases/", case_views.cases, name="rule-cases"),
    path("cases/<str:case>/", case_views.case, name="rule-case"),
    path("cases/<str:case>/remove/", case_views.remove, name="rule-case-remove"),
    path("real-case/", real_case, name="rule-real-case"),
    path("add-case/", case_views.add, name="rule-case-add"),
]
