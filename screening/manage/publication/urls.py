"""Addresses of the page before publication, below a version."""

from django.urls import path

from screening.manage.publication import views

urlpatterns = [
    path("", views.before, name="version-before"),
    path("effect/", views.effect, name="version-effect"),
    path("effect/<int:change>/", views.change, name="version-effect-change"),
]
