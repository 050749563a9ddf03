"""Addresses of the people of an office. A request is named by its public code; never by a number or a name."""

from django.urls import path

from requests import approver_views, calendar_views, clerk_views, complaint_views, free_search_views, looked_views
from requests.clerk_views import after_issue, payments

urlpatterns = [
    path("clerk/", clerk_views.queue, name="clerk_queue"),
    path("clerk/find/", clerk_views.find, name="clerk_find"),
    path("found-after/", after_issue.found_after_issue, name="found_after_issue"),
    path("found-after/<str:code>/", after_issue.found_after_issue_task, name="found_after_issue_task"),
    path("late/", clerk_views.late_notices, name="late_notices"),
    path("clerk/<str:code>/late/", clerk_views.late_notice, name="late_notice"),
    path("clerk/<str:code>/messages/", clerk_views.told, name="clerk_told"),
    path("payments/", payments.to_reconcile, name="clerk_payments"),
    path("payments/<slug:entry_code>/", payments.entry, name="clerk_payment_entry"),
    path("payments/<slug:entry_code>/<slug:act>/", payments.entry, name="clerk_payment_entry_act"),
    path("clerk/<str:code>/payment/", payments.request_payment, name="clerk_payment"),
    path("clerk/<str:code>/payment/refund/", payments.refund, name="clerk_refund"),
    path("clerk/<str:code>/payment/change/", payments.change_fee, name="clerk_change_fee"),
    path("clerk/<str:code>/", clerk_views.request_page, name="clerk_request"),
    path("clerk/<str:code>/attachments/", clerk_views.attachment_previews, name="clerk_attachment_previews"),
    path("clerk/<str:code>/attachments/<str:attachment>/", clerk_views.attachment, name="clerk_attachment"),
    path("clerk/<str:code>/decisions/", clerk_views.kept_decisions, name="kept_decisions"),
    path(
        "clerk/<str:code>/decisions/<slug:digest>/<int:position>/",
        clerk_views.kept_comparison,
        name="kept_comparison",
    ),
    path("clerk/<str:code>/<str:act_name>/", clerk_views.request_page, name="clerk_act"),
    path("revocation/<str:code>/", clerk_views.revocation, name="revocation"),
    path("complaints/", complaint_views.complaints, name="complaints"),
    path("complaints/<str:code>/", complaint_views.complaint, name="complaint_request"),
    path("search/", free_search_views.searches, name="free_searches"),
    path("search/new/", free_search_views.new_search, name="new_free_search"),
    path("search/<str:search_code>/", free_search_views.search, name="free_search"),
    path("looks/", looked_views.odd_looks, name="odd_looks"),
    path("calendar/", calendar_views.year_page, name="calendar"),
    path("calendar/day/", calendar_views.day_page, name="calendar_day"),
    path("calendar/hours/", calendar_views.hours_page, name="calendar_hours"),
    path("approver/", approver_views.queue, name="approver_queue"),
    path("approver/<str:code>/", approver_views.request_page, name="approver_request"),
    path("approver/<str:code>/between/", approver_views.between, name="approver_between"),
    path("approver/<str:code>/draft.pdf", approver_views.draft_pdf, name="approver_draft"),
    path("approver/<str:code>/draft.png", approver_views.draft_picture, name="approver_draft_picture"),
    path("approver/<str:code>/approve/", approver_views.approve, name="approver_approve"),
    path("approver/<str:code>/return/", approver_views.return_to_clerk, name="approver_return"),
]
