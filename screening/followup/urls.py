"""Addresses of this chapter."""

from django.urls import path

from screening.followup import views

urlpatterns = [
    path("stop/<str:token>/", views.stop, name="reminders-stop"),
]
