"""Addresses of the boards, under /board/."""

from django.urls import path

from dashboards import (
    delegation_views,
    incoming_views,
    inquiry_views,
    late_views,
    law_views,
    time_views,
    views,
    waiting_views,
)

urlpatterns = [
    path("", views.board, name="board"),
    path("untold/", late_views.untold, name="untold"),
    path("list/", views.listing, name="board_list"),
    path("payments/", views.payments, name="board_payments"),
    path("incoming/", incoming_views.incoming, name="board_incoming"),
    path("law/", law_views.law, name="law"),
    path("law/office/", law_views.office_rules, name="office_rules"),
    path("law/office/add/", law_views.add_rule, name="add_local_rule"),
    path("law/sources/", inquiry_views.sources, name="board_sources"),
    path("law/sources/switch/", inquiry_views.switch, name="switch_source"),
    path("inquiries/", inquiry_views.overdue, name="board_inquiries"),
    path("time/", time_views.time_spent, name="board_time"),
    path("delegations/", delegation_views.delegations, name="delegations"),
    path("delegations/<slug:office>/switch/", delegation_views.switch_delegation, name="switch_delegation"),
    path("waiting/", waiting_views.waiting_rows, name="waiting_rows"),
    path("waiting/stop/", waiting_views.stop_issuing, name="stop_issuing"),
    path("waiting/resume/", waiting_views.resume_issuing, name="resume_issuing"),
    path("waiting/<str:code>/<slug:kind>/retry/", waiting_views.retry, name="retry_parked"),
]
