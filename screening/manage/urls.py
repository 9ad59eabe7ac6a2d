"""Addresses of the administrator's workshop."""

from django.urls import include, path

from screening.manage import draft_views, language_views, views
from screening.manage.people import views as people

VERSION = "manage/versions/<str:kind>/<slug:code>/<int:number>/"

urlpatterns = [
    path("", include("screening.manage.files.urls")),
    path("", include("screening.manage.clinic_settings.urls")),
    path("", include("screening.manage.retention.urls")),
    path("manage/", views.home, name="manage-home"),
    path("manage/versions/", views.versions, name="versions"),
    path("manage/versions/new/", draft_views.library, name="version-library"),
    path(VERSION, views.version, name="version"),
    path(f"{VERSION}draft/", draft_views.start, name="version-draft"),
    path(f"{VERSION}discard/", draft_views.discard, name="version-discard"),
    path(f"{VERSION}before/", include("screening.manage.publication.urls")),
    path(f"{VERSION}rules/", include("screening.manage.ruling.urls")),
    path(f"{VERSION}publish/", views.publish, name="version-publish"),
    path(VERSION, include("screening.manage.editor.urls")),
    path(VERSION, include("screening.manage.plans.urls")),
    path(f"{VERSION}languages/<slug:language>/", language_views.language, name="language"),
    path(f"{VERSION}languages/<slug:language>/file/", language_views.file, name="language-file"),
    path(f"{VERSION}languages/<slug:language>/add/", language_views.add, name="language-add"),
    path(f"{VERSION}languages/<slug:language>/approve/", language_views.approve, name="language-approve"),
    path(f"{VERSION}languages/<slug:language>/offer/", language_views.offer, name="language-offer"),
    path("manage/people/", people.people, name="people"),
    path("manage/people/invite/", people.invite, name="people-invite"),
    path("manage/people/<int:member>/", people.person, name="person"),
    path("manage/trail/", views.trail, name="trail"),
]
