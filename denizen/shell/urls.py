"""Addresses of the shell."""

from __future__ import annotations

from django.urls import path

from denizen.shell import views

urlpatterns = [
    path("style/<slug:digest>.css", views.style, name="stylesheet"),
    path("theme/", views.theme, name="theme"),
    path("patterns/", views.patterns, name="patterns"),
    path("patterns/resident/", views.resident_pattern, name="resident_pattern"),
    path("patterns/desk/", views.desk_pattern, name="desk_pattern"),
]
