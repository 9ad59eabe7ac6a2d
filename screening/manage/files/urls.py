"""Addresses of definitions as files."""

from django.urls import path

from screening.manage.files import views

urlpatterns = [
    path("manage/versions/file/", views.all_files, name="versions-file"),
    path(
        "manage/versions/<str:kind>/<slug:code>/<int:number>/file/", views.version_file, name="version-file"
    ),
    path("manage/versions/import/", views.bring, name="bring-file"),
]
