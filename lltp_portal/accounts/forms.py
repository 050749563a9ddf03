"""What a citizen types to open an account."""

import unicodedata

from django import forms
from django.utils.translation import gettext_lazy


class SignUpForm(forms.Form):
    full_name = forms.CharField(
        label=gettext_lazy("Họ và tên"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Nhập họ và tên, ví dụ Nguyễn Văn An.")},
    )
    field_order = ("full_name", "email", "password1")

    def clean_full_name(self) -> str:
        return unicodedata.normalize("NFC", self.cleaned_data["full_name"]).strip()

    def signup(self, request, user) -> None:
        """Called by django-allauth after the account is kept; the adapter has stored the name already."""
