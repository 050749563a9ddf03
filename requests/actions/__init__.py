"""What people and the machine do with a request: one function an act, the only place that opens a transaction."""

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
from requests.actions.issuing import deliver, fetch_signed_pdf, prepare_certificate, retry_parked, sign_certificate
from requests.actions.lateness import sign_late_notice, warn_before_lateness
from requests.actions.looked import tell_who_looked
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
from requests.actions.searching import ask_for_renewal, renew_old_answers, search
from requests.actions.sending import choose_messages, mark_read, send_message

__all__ = [
    "answer_supplement",
    "approve",
    "ask_for_renewal",
    "ask_supplement",
    "choose_messages",
    "consult",
    "create_draft",
    "decide_candidate",
    "delete_draft",
    "deliver",
    "drop_old_drafts",
    "fetch_signed_pdf",
    "finish_consulting",
    "mark_read",
    "open_supplement",
    "prepare_certificate",
    "receive",
    "record_payment",
    "refuse",
    "renew_old_answers",
    "retry_parked",
    "return_to_clerk",
    "save_declaration",
    "search",
    "search_again",
    "send_message",
    "sign_certificate",
    "sign_late_notice",
    "stop",
    "submit",
    "tell_who_looked",
    "verify",
    "warn_before_lateness",
    "withdraw",
]
