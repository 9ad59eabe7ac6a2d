"""Addresses of these doors. A session opens one form only, so none names a person or a case."""

from django.urls import path

from screening.followup.room import form_views, views

urlpatterns = [
    path("room/contact/", views.contact, name="patient-contact"),
    path("room/forms/", form_views.forms, name="patient-forms"),
    path("room/copy/", views.copy, name="patient-copy"),
    path("room/copy.json", views.copy_as_json, name="patient-copy-json"),
]
