"""What a machine needs to run the portal by itself: set-up, PostgreSQL and Valkey from their wheels, processes.

Nothing here runs on a server (see docker-compose.yml for that), and the portal imports nothing from here.
"""
