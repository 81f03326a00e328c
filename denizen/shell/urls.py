"""Addresses of the shell."""

from __future__ import annotations

from django.urls import path

from denizen.shell import views

urlpatterns = [
    path("theme/", views.theme, name="theme"),
]
