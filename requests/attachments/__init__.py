"""Papers that people send with a request: taken in, cleaned apart from the portal, scanned, shown. Knows no request."""
