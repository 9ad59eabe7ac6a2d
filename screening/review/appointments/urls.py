"""Addresses of appointments: on a case for staff, in the room for the patient."""

from django.urls import path

from screening.review.appointments import views

CASE = "staff/cases/<str:reference>/appointments/"

urlpatterns = [
    path(f"{CASE}", views.book, name="case-book"),
    path(f"{CASE}start/", views.start, name="case-start"),
    path(f"{CASE}<uuid:appointment>/move/", views.move, name="case-appointment-move"),
    path(f"{CASE}<uuid:appointment>/cancel/", views.cancel, name="case-appointment-cancel"),
    path(f"{CASE}<uuid:appointment>/missed/", views.miss, name="case-appointment-missed"),
    path(f"{CASE}<uuid:appointment>/calendar/", views.calendar, name="case-appointment-calendar"),
    path("room/appointments/<int:number>/", views.own_calendar, name="patient-calendar"),
]
