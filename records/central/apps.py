from django.apps import AppConfig


class CentralConfig(AppConfig):
    """Asking for others and asking others: who is delegated to, what they asked, and whether the far side answers."""

    name = "records.central"
    label = "delegation"
    verbose_name = "Ủy quyền tra cứu"

    def ready(self) -> None:
        from records.central import checks  # noqa: F401, PLC0415 - registers what must be in place before a start
