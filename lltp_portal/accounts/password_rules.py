"""Django's password validators, saying in Vietnamese what is wrong and what to do."""

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy


class _InOurWords:
    message = ""

    def validate(self, password, user=None):
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(self.message, code=error.code) from None


class MinimumLength(_InOurWords, password_validation.MinimumLengthValidator):
    message = gettext_lazy("Mật khẩu cần ít nhất 8 ký tự. Hãy chọn mật khẩu dài hơn.")


class NotCommon(_InOurWords, password_validation.CommonPasswordValidator):
    message = gettext_lazy("Mật khẩu này quá nhiều người dùng, dễ bị đoán. Hãy chọn mật khẩu khác.")


class NotLikeTheUser(_InOurWords, password_validation.UserAttributeSimilarityValidator):
    message = gettext_lazy("Mật khẩu quá giống tên hoặc thư điện tử của bạn. Hãy chọn mật khẩu khác.")


class NotOnlyDigits(_InOurWords, password_validation.NumericPasswordValidator):
    message = gettext_lazy("Mật khẩu không được chỉ gồm chữ số. Hãy thêm chữ cái.")
