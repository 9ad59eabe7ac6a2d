"""Addresses of the administrator's workshop."""

from django.urls import path

from screening.manage import views

urlpatterns = [
    path("manage/", views.home, name="manage-home"),
    path("manage/versions/", views.versions, name="versions"),
    path("manage/versions/<str:kind>/<slug:code>/<int:number>/", views.version, name="version"),
    path(
        "manage/versions/<str:kind>/<slug:code>/<int:number>/publish/", views.publish, name="version-publish"
    ),
    path("manage/people/", views.people, name="people"),
    path("manage/sending/", views.sending, name="sending"),
    path("manage/trail/", views.trail, name="trail"),
]
