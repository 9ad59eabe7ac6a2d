"""Addresses of the questionnaire editor, below the page of a version."""

from django.urls import path

from screening.manage.editor import views
from screening.manage.editor.library import views as library
from screening.manage.editor.preview import views as preview

urlpatterns = [
    path("edit/", views.outline, name="editor"),
    path("edit/arrange/", views.arrange, name="editor-arrange"),
    path("edit/preview/", preview.preview, name="editor-preview"),
    path("edit/screen/", preview.screen, name="editor-screen"),
    path("edit/copy/", library.copy, name="editor-copy"),
    path("edit/add/<slug:part>/", views.add, name="editor-add"),
    path("edit/remove/<slug:part>/<str:key>/", views.remove, name="editor-remove"),
    path("edit/part/<slug:part>/<str:key>/", views.part, name="editor-part"),
]
