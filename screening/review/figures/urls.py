"""Addresses of the figures."""

from django.urls import path

from screening.review.figures import views

urlpatterns = [
    path("figures/", views.figures, name="figures"),
    path("figures/second-looks/", views.second_looks, name="second-looks"),
    path("figures/screened-out/", views.screened_out, name="screened-out"),
    path("figures/<slug:name>.csv", views.figures_csv, name="figures-csv"),
]
