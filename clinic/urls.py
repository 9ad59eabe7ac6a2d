from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("accounts/", include("accounts.urls")),
    path("", include("screening.intake.urls")),
    path("staff/", include("screening.review.urls")),
    path("staff/", include("screening.manage.urls")),
    path("", include("screening.followup.urls")),
]
