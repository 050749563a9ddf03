"""Guard: which law binds a request is written once, by its receipt."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.requests_law_day_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.law_day IS NOT NULL AND NEW.law_day IS DISTINCT FROM OLD.law_day THEN
    RAISE EXCEPTION 'the law of the day of receipt goes on holding' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_law_day_kept BEFORE UPDATE ON public.requests_certificaterequest
  FOR EACH ROW EXECUTE FUNCTION public.requests_law_day_kept();
"""
BACKWARD = """
DROP TRIGGER requests_law_day_kept ON public.requests_certificaterequest;
DROP FUNCTION public.requests_law_day_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0023_law_day")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
