"""Every address, chapter by chapter. Private unless a view says otherwise."""

from django.conf import settings
from django.urls import include, path

from clinic import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("accounts.urls")),  # allauth's pages by name, not all of them
    path("", include("screening.intake.urls")),
    path("", include("screening.review.room.urls")),
    path("", include("screening.review.appointments.urls")),
    path("staff/", include("screening.review.urls")),
    path("staff/", include("screening.review.desk.urls")),
    path("staff/", include("screening.review.figures.urls")),
    path("staff/", include("screening.followup.figures.urls")),
    path("staff/", include("screening.manage.urls")),
    path("staff/", include("screening.manage.sending.urls")),
    path("", include("screening.followup.urls")),
    path("", include("screening.followup.room.urls")),
]

handler403 = "clinic.errors.refused"
handler404 = "clinic.errors.missing"
handler500 = "clinic.errors.broken"

if settings.DEMO:
    urlpatterns += [path("demo/", include("clinic.demo.urls"))]
