"""For which office a question was put is never changed either."""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION public.record_lookup_guard() RETURNS trigger
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
      OLD.question_digest, OLD.for_office)
     IS DISTINCT FROM
     (NEW.id, NEW.reference, NEW.request_code, NEW.source, NEW.purpose, NEW.asked_by_id, NEW.asked_at,
      NEW.question_digest, NEW.for_office) THEN
    RAISE EXCEPTION 'a question put is never changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION public.record_lookup_guard() RETURNS trigger
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
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0003_lookups_for_offices")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
