"""Addresses of old records."""

from django.urls import path

from screening.manage.retention import views

urlpatterns = [
    path("manage/records/", views.records, name="old-records"),
    path("manage/records/<int:disposal>/", views.record_page, name="old-record"),
]
