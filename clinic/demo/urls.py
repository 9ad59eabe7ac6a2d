"""Addresses that only a demo has."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from clinic.demo import pages
from screening import gallery

urlpatterns = [
    path("", pages.welcome, name="demo"),
    path("sign-ins/", pages.sign_ins, name="demo-sign-ins"),
    path("outbox/", pages.outbox, name="demo-outbox"),
    path("components/", login_not_required(gallery.components), name="demo-components"),
]
