"""The calendar's pages: days off, worked Saturdays and opening hours, for administrators of the nation or an office."""

from requests.calendar_views.edits import day_page, hours_page
from requests.calendar_views.year import year_page

__all__ = ["day_page", "hours_page", "year_page"]
