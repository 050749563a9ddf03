"""django-allauth's forms in our words: a label above, no placeholder, errors that name the field and the remedy."""

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WRONG_SIGN_IN = gettext_lazy("Thư điện tử hoặc mật khẩu không đúng. Hãy xem lại cả hai, hoặc đặt mật khẩu mới.")
# What django-allauth says by itself, in Vietnamese; it ships no such translation.
ERROR_MESSAGES = {
    "account_inactive": gettext_lazy("Tài khoản này đang bị ngừng. Hãy gọi số trợ giúp ở cuối trang."),
    "cannot_remove_primary_email": gettext_lazy("Không thể xóa địa chỉ đang dùng để đăng nhập."),
    "duplicate_email": gettext_lazy("Địa chỉ này đã có trong tài khoản của bạn."),
    "email_password_mismatch": WRONG_SIGN_IN,
    "email_taken": gettext_lazy("Địa chỉ này đã có tài khoản. Hãy đăng nhập, hoặc đặt mật khẩu mới."),
    "enter_current_password": gettext_lazy("Mật khẩu hiện nay không đúng. Hãy nhập lại."),
    "incorrect_code": gettext_lazy("Mã không đúng. Hãy nhập lại mã trong thư."),
    "incorrect_password": gettext_lazy("Mật khẩu không đúng. Hãy nhập lại."),
    "invalid_login": WRONG_SIGN_IN,
    "invalid_or_expired_key": gettext_lazy("Đường dẫn không đúng hoặc đã quá hạn. Hãy nhận đường dẫn mới."),
    "invalid_password_reset": gettext_lazy("Đường dẫn đặt mật khẩu không còn dùng được. Hãy nhận đường dẫn mới."),
    "max_email_addresses": gettext_lazy("Một tài khoản có nhiều nhất %d địa chỉ."),
    "rate_limited": gettext_lazy("Bạn đã thử quá nhiều lần. Hãy đợi 5 phút rồi thử lại."),
    "same_as_current": gettext_lazy("Mật khẩu mới phải khác mật khẩu hiện nay."),
    "too_many_login_attempts": gettext_lazy(
        "Bạn đã nhập sai quá nhiều lần. Hãy đợi 5 phút rồi thử lại, hoặc đặt mật khẩu mới."
    ),
    "unknown_email": gettext_lazy("Địa chỉ này chưa có tài khoản nào. Hãy xem lại địa chỉ."),
    "unverified_primary_email": gettext_lazy("Hãy xác nhận địa chỉ thư điện tử trước."),
}
EMAIL = (
    gettext_lazy("Thư điện tử"),
    "",
    {
        "required": gettext_lazy("Nhập thư điện tử, ví dụ ten@vi-du.example."),
        "invalid": gettext_lazy("Nhập thư điện tử có dạng ten@vi-du.example."),
    },
)
PASSWORD = (gettext_lazy("Mật khẩu"), "", {"required": gettext_lazy("Nhập mật khẩu.")})
NEW_PASSWORD = (
    gettext_lazy("Mật khẩu mới"),
    gettext_lazy("Ít nhất 8 ký tự, không chỉ gồm chữ số."),
    {"required": gettext_lazy("Nhập mật khẩu mới.")},
)
REPEATED = (gettext_lazy("Nhập lại mật khẩu mới"), "", {"required": gettext_lazy("Nhập lại mật khẩu mới một lần nữa.")})


class _InOurWords:
    """`words`: field name → label, hint, error messages."""

    words: dict[str, tuple[str, str, dict[str, str]]] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, hint, errors) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.error_messages.update(errors)
            field.widget.attrs.pop("placeholder", None)


class _TypedTwice(_InOurWords):
    def clean(self):
        typed = super().clean()
        if self.data.get("password1") != self.data.get("password2") and "password1" not in self.errors:
            self.errors.pop("password2", None)
            self.add_error("password2", _("Hai lần nhập mật khẩu mới khác nhau. Hãy nhập lại cho giống."))
        return typed


class LoginForm(_InOurWords, allauth_forms.LoginForm):
    words = {"login": EMAIL, "password": PASSWORD}


class SignupForm(_InOurWords, allauth_forms.SignupForm):
    words = {"email": EMAIL, "password1": (gettext_lazy("Mật khẩu"), NEW_PASSWORD[1], PASSWORD[2])}


class AddEmailForm(_InOurWords, allauth_forms.AddEmailForm):
    words = {"email": EMAIL}


class ChangePasswordForm(_TypedTwice, allauth_forms.ChangePasswordForm):
    words = {
        "oldpassword": (gettext_lazy("Mật khẩu hiện nay"), "", {"required": gettext_lazy("Nhập mật khẩu hiện nay.")}),
        "password1": NEW_PASSWORD,
        "password2": REPEATED,
    }


class SetPasswordForm(_TypedTwice, allauth_forms.SetPasswordForm):
    words = {"password1": NEW_PASSWORD, "password2": REPEATED}


class ResetPasswordForm(_InOurWords, allauth_forms.ResetPasswordForm):
    words = {"email": EMAIL}


class ResetPasswordKeyForm(_TypedTwice, allauth_forms.ResetPasswordKeyForm):
    words = {"password1": NEW_PASSWORD, "password2": REPEATED}


class ReauthenticateForm(_InOurWords, allauth_forms.ReauthenticateForm):
    words = {"password": PASSWORD}
