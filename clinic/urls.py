"""Every address, chapter by chapter. Private unless a view says otherwise."""

from django.conf import settings
from django.urls import include, path

from clinic import health
from screening.review.urls import room_urlpatterns

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("accounts.urls")),  # allauth's pages by name, not all of them
    path("", include("screening.intake.urls")),
    path("", include(room_urlpatterns)),
    path("staff/", include("screening.review.urls")),
    path("staff/", include("screening.manage.urls")),
    path("", include("screening.followup.urls")),
]

if settings.DEMO:
    urlpatterns += [path("demo/", include("clinic.demo.urls"))]
