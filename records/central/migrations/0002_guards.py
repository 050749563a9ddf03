"""Who was delegated to, and what was served, is history; a key is revoked once and never comes to life again."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
ONLY_GROWS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON public.{table}
  FOR EACH ROW EXECUTE FUNCTION public.delegation_only_grows();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON public.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION public.delegation_only_grows();
"""
FORWARD = f"""
CREATE FUNCTION public.delegation_only_grows() RETURNS trigger {HEAD} AS $$
BEGIN
  RAISE EXCEPTION 'switches and look-ups of offices are only added' USING ERRCODE = 'insufficient_privilege';
END $$;
{ONLY_GROWS.format(table="delegation_switch")}
{ONLY_GROWS.format(table="delegation_served")}
CREATE FUNCTION public.delegation_key_guard() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'keys are revoked, never deleted' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.revoked_at IS NOT NULL OR NEW.revoked_at IS NULL
     OR (OLD.id, OLD.delegation_id, OLD.key_id, OLD.secret_sha256, OLD.made_at, OLD.made_by) IS DISTINCT FROM
        (NEW.id, NEW.delegation_id, NEW.key_id, NEW.secret_sha256, NEW.made_at, NEW.made_by) THEN
    RAISE EXCEPTION 'a key is revoked once and changed in no other way' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER delegation_key_guard BEFORE UPDATE OR DELETE ON public.delegation_officekey
  FOR EACH ROW EXECUTE FUNCTION public.delegation_key_guard();
CREATE TRIGGER delegation_key_no_truncate BEFORE TRUNCATE ON public.delegation_officekey
  FOR EACH STATEMENT EXECUTE FUNCTION public.delegation_key_guard();
"""
BACKWARD = """
DROP TRIGGER delegation_key_no_truncate ON public.delegation_officekey;
DROP TRIGGER delegation_key_guard ON public.delegation_officekey;
DROP FUNCTION public.delegation_key_guard();
DROP TRIGGER delegation_served_no_truncate ON public.delegation_served;
DROP TRIGGER delegation_served_append_only ON public.delegation_served;
DROP TRIGGER delegation_switch_no_truncate ON public.delegation_switch;
DROP TRIGGER delegation_switch_append_only ON public.delegation_switch;
DROP FUNCTION public.delegation_only_grows();
"""


class Migration(migrations.Migration):
    dependencies = [("delegation", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
