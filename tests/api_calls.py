"""Calling the API as a citizen's program does; shared by the tests of the API."""

import json

from tests import factories

REQUESTS = "/api/v1/requests/"


def complete_body(**changes):
    """A declaration that may be sent, as JSON."""
    fields = factories.complete_fields()
    rows = factories.complete_rows()
    for document in rows["identity_documents"]:
        document["issued_on"] = document["issued_on"].isoformat()
    return {**fields, **rows, "other_names": ["Nguyễn Thử"], **changes}


def caller(client):
    def call(method, path, body=None, **headers):
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.generic(method, path, data, "application/json", headers=headers)

    return call
