"""Addresses of the clinician's room. A case is named by its reference, never by a number of ours."""

from django.urls import path

from screening.review import case_views, paper_views, patient_views, views, way_back_views
from screening.review.decision import views as decision_views
from screening.review.letters import views as letter_views

urlpatterns = [
    path("", views.home, name="staff-home"),
    path("worklist/", views.worklist, name="worklist"),
    path("worklist/signs/", views.worklist_signs, name="worklist-signs"),
    path("search/", views.search, name="search"),
    path("shortcuts/", views.shortcuts, name="shortcuts"),
    path("locked/", way_back_views.locked, name="locked-links"),
    path("cases/<str:reference>/", case_views.case, name="case"),
    path("cases/<str:reference>/way-back/", way_back_views.way_back, name="case-way-back"),
    path("cases/<str:reference>/claim/", case_views.claim, name="case-claim"),
    path("cases/<str:reference>/release/", case_views.release, name="case-release"),
    path("cases/<str:reference>/clear/", case_views.clear, name="case-clear"),
    path("cases/<str:reference>/ask/", case_views.ask, name="case-ask"),
    path("cases/<str:reference>/note/", case_views.note, name="case-note"),
    path("cases/<str:reference>/message/", patient_views.message, name="case-message"),
    path("cases/<str:reference>/read/", patient_views.settle_news, name="case-news"),
    path("cases/<str:reference>/look/", patient_views.look, name="case-look"),
    path("cases/<str:reference>/decide/", decision_views.decide, name="case-decide"),
    path("cases/<str:reference>/second/", decision_views.second, name="case-second"),
    path("cases/<str:reference>/third/", decision_views.third, name="case-third"),
    path("cases/<str:reference>/letters/<int:number>/", letter_views.letter, name="case-letter"),
    path("cases/<str:reference>/letters/<int:number>/pdf/", letter_views.letter_pdf, name="case-letter-pdf"),
    path("cases/<str:reference>/print/", paper_views.case_print, name="case-print"),
    path("cases/<str:reference>/pdf/", paper_views.case_pdf, name="case-pdf"),
    path("cases/<str:reference>/documents/<uuid:document>/", paper_views.document, name="case-document"),
    path(
        "cases/<str:reference>/documents/<uuid:document>/show/",
        paper_views.document_shown,
        name="case-document-shown",
    ),
]
