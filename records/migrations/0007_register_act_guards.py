"""An act on the register: what was proposed never changes, another person agrees, agreement and outcome stand once."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
FORWARD = f"""
CREATE FUNCTION public.records_register_act_guard() RETURNS trigger {HEAD} AS $$
DECLARE
  proposer text;
  agreeing text;
BEGIN
  IF TG_OP NOT IN ('INSERT', 'UPDATE') THEN
    RAISE EXCEPTION 'acts on the register are never deleted' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF (OLD.id, OLD.code, OLD.kind, OLD.subject, OLD.proposed_by_id, OLD.proposed_at, OLD.reason, OLD.details)
       IS DISTINCT FROM
       (NEW.id, NEW.code, NEW.kind, NEW.subject, NEW.proposed_by_id, NEW.proposed_at, NEW.reason, NEW.details) THEN
      RAISE EXCEPTION 'what was proposed is never changed' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.agreed_at IS NOT NULL AND (OLD.agreed_at, OLD.agreed_by_id) IS DISTINCT FROM (NEW.agreed_at, NEW.agreed_by_id)
       OR OLD.outcome IS NOT NULL AND (OLD.outcome, OLD.outcome_at, OLD.outcome_words)
          IS DISTINCT FROM (NEW.outcome, NEW.outcome_at, NEW.outcome_words) THEN
      RAISE EXCEPTION 'agreement and outcome are written once' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.outcome IS NOT NULL THEN
    RAISE EXCEPTION 'an act is written down before its outcome is known' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.agreed_by_id IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.agreed_by_id IS NULL) THEN
    SELECT person_key INTO proposer FROM public.accounts_user WHERE id = NEW.proposed_by_id;
    SELECT person_key INTO agreeing FROM public.accounts_user WHERE id = NEW.agreed_by_id;
    IF NEW.kind = 'work_in' THEN
      IF NEW.agreed_by_id <> NEW.proposed_by_id THEN
        RAISE EXCEPTION 'a paper is worked in by one person' USING ERRCODE = 'check_violation';
      END IF;
    ELSIF proposer IS NULL OR agreeing IS NULL OR proposer = agreeing THEN
      RAISE EXCEPTION 'joining, dividing and undoing need another person' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER records_register_act_guard BEFORE INSERT OR UPDATE OR DELETE ON public.records_registeract
  FOR EACH ROW EXECUTE FUNCTION public.records_register_act_guard();
CREATE TRIGGER records_register_act_no_truncate BEFORE TRUNCATE ON public.records_registeract
  FOR EACH STATEMENT EXECUTE FUNCTION public.records_register_act_guard();
"""
BACKWARD = """
DROP TRIGGER records_register_act_no_truncate ON public.records_registeract;
DROP TRIGGER records_register_act_guard ON public.records_registeract;
DROP FUNCTION public.records_register_act_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0006_register_acts"), ("accounts", "0003_police_offices")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
