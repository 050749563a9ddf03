"""The citizen's messages: what they were told, and what they want sent outside the portal."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lltp_portal.forms_look import mistakes
from requests import actions
from requests.models import Message, MessageChoice

PER_PAGE = 20
ALL, ESSENTIAL = "all", "essential"


class MessageChoiceForm(forms.Form):
    wanted = forms.ChoiceField(
        label=gettext_lazy("Bạn muốn nhận thư và tin nhắn khi nào?"),
        choices=[
            (ALL, gettext_lazy("Mỗi khi hồ sơ có cập nhật")),
            (ESSENTIAL, gettext_lazy("Chỉ khi hồ sơ có thể trả muộn và khi có kết quả")),
        ],
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Tin về việc trả muộn và về kết quả luôn được gửi."),
        error_messages={
            "required": gettext_lazy("Chọn khi nào bạn muốn nhận thư và tin nhắn."),
            "invalid_choice": gettext_lazy("Chọn lại: lựa chọn này không có trong danh sách."),
        },
    )


@require_safe
def inbox(request):
    """Everything this reader was told, newest first. Looking marks nothing as read: a GET changes nothing."""
    found = Message.objects.inbox_of(request.user).select_related("request").newest_first()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    unread = Message.objects.inbox_of(request.user).unread().count()
    return render(request, "requests/inbox.html", {"page": page, "unread": unread})


@require_POST
def inbox_read(request):
    actions.mark_read(by=request.user)
    return redirect("inbox")


@require_http_methods(["GET", "HEAD", "POST"])
def message_choice(request):
    """What is sent outside the portal, beside lateness and result."""
    choice = MessageChoice.objects.filter(pk=request.user.pk).first()
    chosen = ESSENTIAL if choice and choice.only_essential else ALL
    form = MessageChoiceForm(initial={"wanted": chosen}, use_required_attribute=False)
    if request.method == "POST":
        form = MessageChoiceForm(request.POST, use_required_attribute=False)
        if form.is_valid():
            actions.choose_messages(by=request.user, only_essential=form.cleaned_data["wanted"] == ESSENTIAL)
            messages.success(request, _("Đã lưu lựa chọn của bạn."))
            return redirect("message_choice")
    context = {"form": form, "mistakes": mistakes(form) if form.is_bound else []}
    return render(request, "requests/message_choice.html", context, status=400 if form.is_bound else 200)
