"""Addresses of the figures of follow-up."""

from django.urls import path

from screening.followup.figures import views

urlpatterns = [
    path("figures/follow-up/", views.figures, name="follow-up-figures"),
    path("figures/follow-up/<slug:name>.csv", views.figures_csv, name="follow-up-figures-csv"),
]
