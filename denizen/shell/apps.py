from django.apps import AppConfig

from denizen.shell.catalogues import compile_catalogues


class ShellConfig(AppConfig):
    name = "denizen.shell"
    label = "shell"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Catalogues older than their source are compiled before the first page; else this only compares times."""
        compile_catalogues()
