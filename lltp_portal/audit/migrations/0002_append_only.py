"""The log only grows, whoever asks (the application's role has no right to change it either)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.audit_event_append_only() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON public.audit_auditevent
  FOR EACH ROW EXECUTE FUNCTION public.audit_event_append_only();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON public.audit_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION public.audit_event_append_only();
"""
BACKWARD = """
DROP TRIGGER audit_event_no_truncate ON public.audit_auditevent;
DROP TRIGGER audit_event_append_only ON public.audit_auditevent;
DROP FUNCTION public.audit_event_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
