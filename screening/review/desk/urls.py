"""Addresses of the work on cases."""

from django.urls import path

from screening.review.desk import views

urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/<uuid:task>/done/", views.finish, name="task-done"),
    path("cases/<str:reference>/hand-over/", views.hand_over, name="case-hand-over"),
    path("cases/<str:reference>/take-over/", views.take_over, name="case-take-over"),
    path("cases/<str:reference>/call/", views.call, name="case-call"),
    path("cases/<str:reference>/task/", views.task, name="case-task"),
]
