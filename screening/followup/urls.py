"""Addresses of this chapter."""

from django.urls import path

from screening.followup import callback_views, views

urlpatterns = [
    path("stop/<str:token>/", views.stop, name="reminders-stop"),
    path("notify/delivered/", callback_views.delivered, name="notify-delivered"),
    path("notify/received/", callback_views.received, name="notify-received"),
]
