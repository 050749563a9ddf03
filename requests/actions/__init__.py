"""What people and the machine do with a request: one function an act, the only place that opens a transaction."""

from requests.actions.attaching import attach, detach, open_attachment, show_at_counter
from requests.actions.attaching import scan as scan_attachment
from requests.actions.beginning import begin
from requests.actions.deciding import approve, decide_candidate, return_to_clerk, verify
from requests.actions.filing import (
    answer_supplement,
    create_draft,
    delete_draft,
    drop_old_drafts,
    open_supplement,
    save_declaration,
    submit,
    withdraw,
)
from requests.actions.handing_over import move_to_offices_in_force
from requests.actions.issuing import deliver, fetch_signed_pdf, prepare_certificate, retry_parked, sign_certificate
from requests.actions.local_rules import add_local_rule
from requests.actions.office import (
    ask_supplement,
    consult,
    finish_consulting,
    receive,
    record_payment,
    refuse,
    search_again,
    stop,
)
from requests.actions.papering import confirm_processing, may_confirm_processing, read_paper
from requests.actions.recomputing import change_day, change_hours, follow_nation, recompute_due
from requests.actions.searching import ask_for_renewal, renew_old_answers, search

__all__ = [
    "add_local_rule",
    "answer_supplement",
    "approve",
    "ask_for_renewal",
    "ask_supplement",
    "attach",
    "begin",
    "change_day",
    "change_hours",
    "confirm_processing",
    "consult",
    "create_draft",
    "decide_candidate",
    "delete_draft",
    "deliver",
    "detach",
    "drop_old_drafts",
    "fetch_signed_pdf",
    "finish_consulting",
    "follow_nation",
    "may_confirm_processing",
    "move_to_offices_in_force",
    "open_attachment",
    "open_supplement",
    "prepare_certificate",
    "read_paper",
    "receive",
    "recompute_due",
    "record_payment",
    "refuse",
    "renew_old_answers",
    "retry_parked",
    "return_to_clerk",
    "save_declaration",
    "scan_attachment",
    "search",
    "search_again",
    "show_at_counter",
    "sign_certificate",
    "stop",
    "submit",
    "verify",
    "withdraw",
]
