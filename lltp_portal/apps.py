from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "lltp_portal"
    verbose_name = "Cổng Lý lịch tư pháp"

    def ready(self) -> None:
        from lltp_portal import checks  # noqa: F401, PLC0415 - registers what must be in place before a start
