"""Addresses of requests. Nouns, the public code, then the verb; the primary key never leaves the house."""

from django.urls import path

from requests import views

urlpatterns = [
    path("", views.my_requests, name="my_requests"),
    path("start/", views.start, name="start_request"),
    path("continue/", views.go_on, name="continue_request"),
    path("data/", views.own_data, name="own_data"),
    path("data/readers/", views.own_readers, name="own_readers"),
    path("data/export/", views.export_own_data, name="export_own_data"),
    path("messages/", views.inbox, name="inbox"),
    path("messages/read/", views.inbox_read, name="inbox_read"),
    path("messages/choice/", views.message_choice, name="message_choice"),
    path("<str:code>/", views.detail, name="request_detail"),
    path("<str:code>/fill/papers/", views.attachments, name="request_attachments"),
    path("<str:code>/attachments/", views.attachment_previews, name="request_attachment_previews"),
    path("<str:code>/attachments/<str:attachment>/", views.attachment, name="request_attachment"),
    path("<str:code>/attachments/<str:attachment>/remove/", views.remove_attachment, name="request_remove_attachment"),
    path("<str:code>/fill/<slug:slug>/", views.page, name="request_page"),
    path("<str:code>/fill/<slug:slug>/<int:position>/", views.row, name="request_row"),
    path("<str:code>/fill/<slug:slug>/<int:position>/remove/", views.remove_row, name="request_remove_row"),
    path("<str:code>/resume/", views.resume, name="request_resume"),
    path("<str:code>/check/", views.check, name="request_check"),
    path("<str:code>/submit/", views.submit, name="request_submit"),
    path("<str:code>/sent/", views.sent, name="request_sent"),
    path("<str:code>/supplement/", views.supplement, name="request_supplement"),
    path("<str:code>/supplement/<int:position>/", views.supplement_item, name="request_supplement_item"),
    path("<str:code>/withdraw/", views.withdraw, name="request_withdraw"),
    path("<str:code>/readers/", views.readers, name="request_readers"),
    path("<str:code>/complaint/", views.complaint, name="request_complaint"),
    path("<str:code>/correction/", views.correction, name="request_correction"),
    path("<str:code>/delete/", views.delete, name="request_delete"),
    path("<str:code>/pay/", views.pay, name="request_pay"),
    path("<str:code>/pay/online/", views.pay_online, name="request_pay_online"),
    path("<str:code>/pay/return/<slug:reference>/", views.pay_return, name="request_pay_return"),
    path("<str:code>/pay/transfer/", views.pay_transfer, name="request_pay_transfer"),
    path("<str:code>/papers/<int:seq>/", views.paper, name="request_paper"),
    path("<str:code>/papers/letter/", views.confirm_processing, name="request_letter"),
    path("<str:code>/certificate/", views.certificate, name="request_certificate"),
]
