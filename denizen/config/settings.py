"""Settings of a deployment. Everything that differs between two cities comes from ``DENIZEN_*`` in the environment.

``docs/how-to/settings.md`` lists every variable; a test compares the two.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PACKAGE = Path(__file__).resolve().parent.parent


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0") not in {"", "0", "false", "no"}


def database() -> dict[str, Any]:
    """The connection the supervisor chose (``DENIZEN_DATABASE``, JSON), else ``DATABASE_URL``, else a local socket."""
    chosen = os.environ.get("DENIZEN_DATABASE")
    if chosen:
        parameters = json.loads(chosen)
    else:
        url = urlsplit(os.environ.get("DATABASE_URL", "postgresql://denizen@/denizen"))
        parameters = {
            "HOST": url.hostname or "",
            "PORT": str(url.port or ""),
            "NAME": unquote(url.path.lstrip("/")) or "denizen",
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
        }
    pool = {"min_size": 1, "max_size": int(os.environ.get("DENIZEN_POOL_MAX", "10")), "timeout": 10}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # so that pages survive a restart of the database
        "TEST": {"NAME": os.environ.get("DENIZEN_TEST_NAME", "test_denizen")},
        **parameters,
        "OPTIONS": {"pool": pool, **parameters.get("OPTIONS", {})},
    }


DEBUG = flag("DENIZEN_DEBUG")
NO_SECRET = "not-secret: only for tests and building"
"""What signs where nothing is served: the applications refuse to start with it."""

SECRET_KEY = os.environ.get("DENIZEN_SECRET_KEY") or NO_SECRET
ALLOWED_HOSTS = os.environ.get("DENIZEN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("DENIZEN_ORIGINS", "").split(",") if origin]
BEHIND_TLS = flag("DENIZEN_TLS")

INSTALLED_APPS = [
    "denizen.portal",
    "denizen.insight.central_bank",
    "denizen.people.growth",
    "denizen.people.risk",
    "denizen.people.rulebook",
    "denizen.people.standing",
    "denizen.ground.ledger",
    "denizen.ground.identity",
    "denizen.ground.chronicle",
    "denizen.shell",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "ninja",
    "procrastinate.contrib.django",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

MIDDLEWARE = [
    "denizen.shell.middleware.ContentSecurityPolicy",  # first, so that files and refusals carry it as well
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "denizen.config.urls"
WSGI_APPLICATION = "denizen.config.wsgi.application"
DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [PACKAGE / room / "templates" for room in ("shell", "portal", "people/growth", "people/rulebook")]
        + [PACKAGE / "ground" / room / "templates" for room in ("identity", "ledger", "chronicle")]
        + [PACKAGE / "people" / "standing" / "templates"],
        "OPTIONS": {
            "environment": "denizen.shell.templating.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "denizen.shell.templating.page_context",
                "denizen.portal.navigation.places",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "denizen.ground.identity.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = os.environ.get("DENIZEN_EMAIL_VERIFICATION", "none")
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SIGNUP_FORM_CLASS = "denizen.ground.identity.forms.SignUpForm"
ACCOUNT_ADAPTER = "denizen.config.leaving.CityAdapter"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
EMAIL_BACKEND = os.environ.get("DENIZEN_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")

LANGUAGE_CODE = os.environ.get("DENIZEN_LANGUAGE", "zh-hans")
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = BEHIND_TLS
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
CITY_TIME_ZONE = os.environ.get("DENIZEN_TIME_ZONE", "Asia/Shanghai")
CITY_NAME = os.environ.get("DENIZEN_CITY_NAME", "栖湖城")
CITY_NAME_EN = os.environ.get("DENIZEN_CITY_NAME_EN", "Lakeside")

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("DENIZEN_STATIC_ROOT")  # unset: static files are served from their rooms
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = Path(os.environ.get("DENIZEN_MEDIA_ROOT", PACKAGE.parent / "media"))
ROOTS_FOLDER = Path(os.environ.get("DENIZEN_ROOTS_FOLDER", PACKAGE.parent / "roots"))

SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_HTTPONLY = True  # pages hand the token on themselves
SECURE_HSTS_SECONDS = 30 * 86_400 if BEHIND_TLS else 0
CSRF_FAILURE_VIEW = "denizen.shell.views.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
API_CALLS_PER_MINUTE = int(os.environ.get("DENIZEN_API_CALLS_PER_MINUTE", "600"))
APPROVALS_MAX = int(os.environ.get("DENIZEN_APPROVALS_MAX", "2"))  # signatures a change of the rules may take
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique without case, by a constraint over lower(email)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Addresses stand in messages, and a caller can make them as long as he likes.
    "formatters": {"short": {"format": "%(message).1000s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "short"}},
    "root": {"handlers": ["console"], "level": os.environ.get("DENIZEN_LOG_LEVEL", "WARNING")},
    # A visitor at a wrong or closed door is no news for whoever runs the city, and needs no traceback.
    "loggers": {"django.request": {"level": "ERROR"}},
}
