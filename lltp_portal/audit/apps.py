from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "lltp_portal.audit"
    label = "audit"
    verbose_name = "Nhật ký"
