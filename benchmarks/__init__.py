"""Measurements and the invented population that they are taken on; nothing of the portal imports from here."""
