from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "records.register"
    label = "register"
    verbose_name = "Cơ sở dữ liệu lý lịch tư pháp"
