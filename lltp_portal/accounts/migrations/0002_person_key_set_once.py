"""A person's key may be set once and never changed: four eyes rest on it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.accounts_user_person_key_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.person_key IS NOT NULL AND NEW.person_key IS DISTINCT FROM OLD.person_key THEN
    RAISE EXCEPTION 'person_key is set once' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_user_person_key_once BEFORE UPDATE ON public.accounts_user
  FOR EACH ROW EXECUTE FUNCTION public.accounts_user_person_key_once();
"""
BACKWARD = """
DROP TRIGGER accounts_user_person_key_once ON public.accounts_user;
DROP FUNCTION public.accounts_user_person_key_once();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
