from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    label = "certificates"
    verbose_name = "Phiếu"

    def ready(self) -> None:
        from certificates import checks  # noqa: F401 - registers what must be in place before a start
