"""Addresses of sending. A message is named by its key, a case by its reference."""

from django.urls import path

from screening.manage.sending import person_views, views

urlpatterns = [
    path("manage/sending/", views.sending, name="sending"),
    path("manage/sending/hold/", views.hold, name="sending-hold"),
    path("manage/sending/release/", views.release, name="sending-release"),
    path("manage/sending/<uuid:reminder>/", views.message, name="sending-message"),
    path("manage/sending/<uuid:reminder>/cancel/", views.cancel, name="sending-cancel"),
    path("manage/sending/<uuid:reminder>/again/", views.again, name="sending-again"),
    path("cases/<str:reference>/sending/", person_views.of_case, name="case-sending"),
    path("cases/<str:reference>/sending/stop/", person_views.suppress, name="case-suppress"),
    path("cases/<str:reference>/sending/stop/<int:suppression>/", person_views.end, name="case-suppress-end"),
    path(
        "cases/<str:reference>/sending/use/<str:channel>/", person_views.use_again, name="case-address-again"
    ),
]
