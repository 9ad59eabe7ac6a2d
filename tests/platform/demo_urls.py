"""The addresses of a demo."""

from django.urls import include, path

from clinic.urls import urlpatterns as shipped

urlpatterns = [*shipped, path("demo/", include("clinic.demo.urls"))]
