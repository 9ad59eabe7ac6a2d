from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("screening.intake.urls")),
    path("staff/", include("screening.review.urls")),
    path("staff/", include("screening.manage.urls")),
    path("", include("screening.followup.urls")),
]
