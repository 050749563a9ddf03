"""Pages of the people who keep the central register: papers that came, acts that wait for a second person, quality."""

from requests.register_views.acts import act_page, acts_list
from requests.register_views.entering import enter
from requests.register_views.incoming import paper_document, paper_page, papers
from requests.register_views.quality import issue_page, issues, split_page

__all__ = [
    "act_page",
    "acts_list",
    "enter",
    "issue_page",
    "issues",
    "paper_document",
    "paper_page",
    "papers",
    "split_page",
]
