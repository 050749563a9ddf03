"""How django-allauth behaves here: sign-up makes citizens only."""

from allauth.account.adapter import DefaultAccountAdapter

from lltp_portal.accounts.sign_in_forms import ERROR_MESSAGES
from lltp_portal.audit.models import AuditEvent


class AccountAdapter(DefaultAccountAdapter):
    def post_login(self, request, user, **kwargs):
        """Sign-ins are in the log."""
        AuditEvent.objects.record("sign_in", actor=user)
        return super().post_login(request, user, **kwargs)

    def authentication_failed(self, request, **credentials):
        """So are attempts that failed; never what was typed."""
        AuditEvent.objects.record("sign_in_failed")
        super().authentication_failed(request, **credentials)

    error_messages = {**DefaultAccountAdapter.error_messages, **ERROR_MESSAGES}

    def save_user(self, request, user, form, commit=True):
        user = super().save_user(request, user, form, commit=False)
        user.full_name = form.cleaned_data["full_name"]
        user.email = user.email.lower()
        if commit:
            user.save()
        return user
