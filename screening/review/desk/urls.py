"""Addresses of the work on cases."""

from django.urls import path

from screening.review.desk.views import people, work

urlpatterns = [
    path("tasks/", work.tasks, name="tasks"),
    path("tasks/<uuid:task>/done/", work.finish, name="task-done"),
    path("cases/<str:reference>/hand-over/", work.hand_over, name="case-hand-over"),
    path("cases/<str:reference>/take-over/", work.take_over, name="case-take-over"),
    path("cases/<str:reference>/same-person/", people.same_person, name="case-same-person"),
    path("cases/<str:reference>/call/", work.call, name="case-call"),
    path("cases/<str:reference>/task/", work.task, name="case-task"),
]
