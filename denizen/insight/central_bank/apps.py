from django.apps import AppConfig


class CentralBankConfig(AppConfig):
    name = "denizen.insight.central_bank"
    label = "central_bank"
    default_auto_field = "django.db.models.BigAutoField"
