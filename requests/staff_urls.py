"""Addresses of the people of an office. A request is named by its public code; never by a number or a name."""

from django.urls import path

from requests import approver_views, calendar_views, clerk_views, complaint_views
from requests.clerk_views import inquiries, payments

urlpatterns = [
    path("clerk/", clerk_views.queue, name="clerk_queue"),
    path("clerk/find/", clerk_views.find, name="clerk_find"),
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
    path("inquiries/", inquiries.listing, name="clerk_inquiries"),
    path("clerk/<str:code>/inquiries/<int:seq>/", inquiries.inquiry, name="clerk_inquiry"),
    path("clerk/<str:code>/inquiries/<int:seq>/document/", inquiries.document, name="clerk_inquiry_document"),
    path("clerk/<str:code>/inquiries/<int:seq>/<str:act_name>/", inquiries.inquiry, name="clerk_inquiry_act"),
    path("clerk/<str:code>/agencies/<str:act_name>/", inquiries.about_request, name="clerk_agencies_act"),
    path("clerk/<str:code>/<str:act_name>/", clerk_views.request_page, name="clerk_act"),
    path("revocation/<str:code>/", clerk_views.revocation, name="revocation"),
    path("complaints/", complaint_views.complaints, name="complaints"),
    path("complaints/<str:code>/", complaint_views.complaint, name="complaint_request"),
    path("calendar/", calendar_views.year_page, name="calendar"),
    path("calendar/day/", calendar_views.day_page, name="calendar_day"),
    path("calendar/hours/", calendar_views.hours_page, name="calendar_hours"),
    path("approver/", approver_views.queue, name="approver_queue"),
    path("approver/<str:code>/", approver_views.request_page, name="approver_request"),
    path("approver/<str:code>/draft.pdf", approver_views.draft_pdf, name="approver_draft"),
    path("approver/<str:code>/draft.png", approver_views.draft_picture, name="approver_draft_picture"),
    path("approver/<str:code>/approve/", approver_views.approve, name="approver_approve"),
    path("approver/<str:code>/return/", approver_views.return_to_clerk, name="approver_return"),
]
