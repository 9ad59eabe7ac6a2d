"""Addresses of the questionnaire editor, below the page of a version."""

from django.urls import path

from screening.manage.editor import views

urlpatterns = [
    path("edit/", views.outline, name="editor"),
    path("edit/arrange/", views.arrange, name="editor-arrange"),
    path("edit/add/<slug:part>/", views.add, name="editor-add"),
    path("edit/remove/<slug:part>/<str:key>/", views.remove, name="editor-remove"),
    path("edit/part/<slug:part>/<str:key>/", views.part, name="editor-part"),
]
