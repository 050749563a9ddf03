"""What people and the machine do with a request: one function an act, the only place that opens a transaction."""

from requests.actions.after_issue import ask_after_issue, decide_found_after_issue, watch_issued_before
from requests.actions.agency_answers import Document, add_conviction, decide_answer, record_answer
from requests.actions.asking import answer_item, ask_supplement, remind_of_supplements, stop_unanswered
from requests.actions.attaching import attach, detach, open_attachment, show_at_counter
from requests.actions.beginning import begin
from requests.actions.candidates import decide_between, decide_candidate
from requests.actions.complaining import answer_complaint, complain, remind_of_complaints, take_up_complaint
from requests.actions.concluding_without_paper import conclude_without_paper
from requests.actions.correcting import decide_fault, open_correction
from requests.actions.deciding import approve, return_to_clerk, verify
from requests.actions.earlier_clear import choose_earlier_clear
from requests.actions.fee_terms import change_fee, mind_unpaid
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
from requests.actions.flowing_back import flow_back
from requests.actions.free_searching import ask_free_search, put_free_search, rule_free_search
from requests.actions.handing_over import move_to_offices_in_force
from requests.actions.inquiring import ask_agency, close_inquiry, mind_inquiries, remind_agency
from requests.actions.issuing import (
    deliver,
    fetch_signed_pdf,
    prepare_certificate,
    print_for_handing_over,
    retry_parked,
    sign_certificate,
)
from requests.actions.lateness import sign_late_notice, warn_before_lateness
from requests.actions.local_rules import add_local_rule
from requests.actions.looked import tell_who_looked
from requests.actions.odd_looks import list_odd_looks
from requests.actions.office import (
    finish_consulting,
    receive,
    refuse,
    search_again,
    stop,
)
from requests.actions.papering import confirm_processing, may_confirm_processing, read_paper
from requests.actions.paying import (
    assign_entry,
    dismiss_entry,
    import_statement,
    order_transfer,
    record_payment,
    refund,
    return_entry,
)
from requests.actions.paying_online import ask_platform, came_back, confirm, note_refused_call, pay_online
from requests.actions.recomputing import change_day, change_hours, follow_nation, recompute_due
from requests.actions.revoking import decide_revocation, propose_revocation
from requests.actions.scanning import await_scan, scan_old_documents, scan_what_was_not
from requests.actions.scanning import scan as scan_attachment
from requests.actions.searching import ask_for_renewal, renew_old_answers, search
from requests.actions.sending import choose_messages, mark_read, send_message
from requests.actions.source_switches import switch_source

__all__ = [
    "Document",
    "add_conviction",
    "add_local_rule",
    "answer_complaint",
    "answer_item",
    "answer_supplement",
    "approve",
    "ask_after_issue",
    "ask_agency",
    "ask_for_renewal",
    "ask_free_search",
    "ask_platform",
    "ask_supplement",
    "assign_entry",
    "attach",
    "await_scan",
    "begin",
    "came_back",
    "change_day",
    "change_fee",
    "change_hours",
    "choose_earlier_clear",
    "choose_messages",
    "close_inquiry",
    "complain",
    "conclude_without_paper",
    "confirm",
    "confirm_processing",
    "create_draft",
    "decide_answer",
    "decide_between",
    "decide_candidate",
    "decide_fault",
    "decide_found_after_issue",
    "decide_revocation",
    "delete_draft",
    "deliver",
    "detach",
    "dismiss_entry",
    "drop_old_drafts",
    "fetch_signed_pdf",
    "finish_consulting",
    "flow_back",
    "follow_nation",
    "import_statement",
    "list_odd_looks",
    "mark_read",
    "may_confirm_processing",
    "mind_inquiries",
    "mind_unpaid",
    "move_to_offices_in_force",
    "note_refused_call",
    "open_attachment",
    "open_correction",
    "open_supplement",
    "order_transfer",
    "pay_online",
    "prepare_certificate",
    "print_for_handing_over",
    "propose_revocation",
    "put_free_search",
    "read_paper",
    "receive",
    "recompute_due",
    "record_answer",
    "record_payment",
    "refund",
    "refuse",
    "remind_agency",
    "remind_of_complaints",
    "remind_of_supplements",
    "renew_old_answers",
    "retry_parked",
    "return_entry",
    "return_to_clerk",
    "rule_free_search",
    "save_declaration",
    "scan_attachment",
    "scan_old_documents",
    "scan_what_was_not",
    "search",
    "search_again",
    "send_message",
    "show_at_counter",
    "sign_certificate",
    "sign_late_notice",
    "stop",
    "stop_unanswered",
    "submit",
    "switch_source",
    "take_up_complaint",
    "tell_who_looked",
    "verify",
    "warn_before_lateness",
    "watch_issued_before",
    "withdraw",
]
