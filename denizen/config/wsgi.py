"""The synchronous application: all pages and the API."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denizen.config.settings")
if settings.SECRET_KEY == settings.NO_SECRET:
    raise ImproperlyConfigured("Set DENIZEN_SECRET_KEY: without it anybody could sign sessions and tickets.")
application = get_wsgi_application()
