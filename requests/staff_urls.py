"""Addresses of the people of an office. A request is named by its public code; never by a number or a name."""

from django.urls import path

from requests import approver_views, calendar_views, clerk_views, complaint_views, register_views
from requests.clerk_views import payments

urlpatterns = [
    path("register/", register_views.papers, name="incoming_papers"),
    path("register/enter/", register_views.enter, name="enter_incoming"),
    path("register/papers/<slug:paper>/", register_views.paper_page, name="incoming_paper"),
    path("register/papers/<slug:paper>/document/", register_views.paper_document, name="incoming_document"),
    path("register/acts/", register_views.acts_list, name="register_acts"),
    path("register/acts/<slug:act>/", register_views.act_page, name="register_act"),
    path("register/issues/", register_views.issues, name="register_issues"),
    path("register/issues/<slug:issue>/", register_views.issue_page, name="register_issue"),
    path("register/issues/<slug:issue>/split/", register_views.split_page, name="register_split"),
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
