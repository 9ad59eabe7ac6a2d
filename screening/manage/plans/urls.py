"""Addresses of follow-up's steps and texts, below the page of a version."""

from django.urls import path

from screening.manage.plans import views

urlpatterns = [
    path("steps/", views.steps, name="schedule-steps"),
    path("steps/window/", views.window, name="schedule-window"),
    path("steps/add/", views.add, name="schedule-step-add"),
    path("steps/step/<str:step>/", views.step, name="schedule-step"),
    path("steps/step/<str:step>/remove/", views.remove, name="schedule-step-remove"),
    path("texts/", views.texts, name="version-texts"),
    path("texts/<slug:part>/<int:place>/", views.text, name="version-text"),
]
