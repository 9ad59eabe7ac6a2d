"""Address of the clinic's settings."""

from django.urls import path

from screening.manage.clinic_settings.views import clinic_settings

urlpatterns = [path("manage/settings/", clinic_settings, name="clinic-settings")]
