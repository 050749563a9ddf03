"""The ledger tells what was asked, for good: a question never changes, its outcome is written once, no row goes away."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.record_lookup_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.outcome IS NOT NULL THEN
      RAISE EXCEPTION 'a question is written down before its outcome is known'
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'the ledger of questions only grows' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.outcome IS NOT NULL OR NEW.outcome IS NULL THEN
    RAISE EXCEPTION 'an outcome is written once' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (OLD.id, OLD.reference, OLD.request_code, OLD.source, OLD.purpose, OLD.asked_by_id, OLD.asked_at,
      OLD.question_digest)
     IS DISTINCT FROM
     (NEW.id, NEW.reference, NEW.request_code, NEW.source, NEW.purpose, NEW.asked_by_id, NEW.asked_at,
      NEW.question_digest) THEN
    RAISE EXCEPTION 'a question put is never changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER record_lookup_guard BEFORE INSERT OR UPDATE OR DELETE ON public.records_recordlookup
  FOR EACH ROW EXECUTE FUNCTION public.record_lookup_guard();
CREATE TRIGGER record_lookup_no_truncate BEFORE TRUNCATE ON public.records_recordlookup
  FOR EACH STATEMENT EXECUTE FUNCTION public.record_lookup_guard();
"""
BACKWARD = """
DROP TRIGGER record_lookup_no_truncate ON public.records_recordlookup;
DROP TRIGGER record_lookup_guard ON public.records_recordlookup;
DROP FUNCTION public.record_lookup_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
