"""Give the application's role what it needs, and nothing else; run by the owner after every migrate."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connections

# History: rows are added and read, never changed or taken away.
APPEND_ONLY = {
    "audit_auditevent",
    "certificates_ending",
    "delegation_served",
    "delegation_switch",
    "register_incomingdocument",
    "register_personchange",
    "requests_answerdecision",
    "requests_answerdocument",
    "requests_answeredconviction",
    "requests_awaitedanswer",
    "requests_candidatecase",
    "requests_candidatedecision",
    "requests_freesearch",
    "requests_freesearchquestion",
    "requests_freesearchruling",
    "requests_earlierclear",
    "requests_earlierclearchoice",
    "requests_inquiry",
    "requests_inquiryanswer",
    "requests_inquiryevent",
    "requests_lawrow",
    "requests_localrule",
    "requests_oddlook",
    "requests_paperbytes",
    "requests_paymententry",
    "requests_requeststep",
    "requests_settlement",
    "requests_showncomparison",
    "requests_sourceswitch",
    "requests_supplementreminder",
    "requests_supplementrequest",
    "requests_withoutpaper",
}
HIDDEN = {"django_migrations"}


def expected_rights(table: str) -> set[str]:
    """What the application's role may do with a table."""
    if table in HIDDEN:
        return set()
    return {"SELECT", "INSERT"} if table in APPEND_ONLY else {"SELECT", "INSERT", "UPDATE", "DELETE"}


class Command(BaseCommand):
    help = "Grants the application's role its rights in both databases. Run as owner after every migrate."

    def handle(self, *args, **options) -> None:
        for alias in settings.DATABASES:
            self.grant(alias)
        self.stdout.write("Rights of the application's role are set.")

    def grant(self, alias: str) -> None:
        connection = connections[alias]
        quote = connection.ops.quote_name
        role = quote(settings.DATABASE_APP_ROLE)
        tables = connection.introspection.table_names()
        with connection.cursor() as cursor:
            cursor.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
            cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}")
            for table in tables:
                rights = ", ".join(sorted(expected_rights(table)))
                if rights:
                    cursor.execute(f"GRANT {rights} ON {quote(table)} TO {role}")
            cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
