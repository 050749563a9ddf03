from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lltp_portal.accounts"
    label = "accounts"
    verbose_name = "Tài khoản và cơ quan"
