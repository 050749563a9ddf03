"""What other agencies told after issue is part of what is decided on: it is read before, and does not change with it."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
GUARD = """
CREATE OR REPLACE FUNCTION public.requests_found_after_issue_guard() RETURNS trigger {head} AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.decision <> '' THEN
      RAISE EXCEPTION 'a task is opened before it is decided' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'what was found after issue does not go away' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.decision <> '' OR (OLD.id, OLD.request_id, OLD.found_at) IS DISTINCT FROM
     (NEW.id, NEW.request_id, NEW.found_at) THEN
    RAISE EXCEPTION 'what was found after issue is decided once' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.decision <> '' AND (OLD.lookup_id, OLD.findings_digest, OLD.kind{more_old}) IS DISTINCT FROM
     (NEW.lookup_id, NEW.findings_digest, NEW.kind{more_new}) THEN
    RAISE EXCEPTION 'what is decided on is what was read' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
"""
FORWARD = GUARD.format(head=HEAD, more_old=", OLD.told_digest", more_new=", NEW.told_digest")
BACKWARD = GUARD.format(head=HEAD, more_old="", more_new="")


class Migration(migrations.Migration):
    dependencies = [("requests", "0036_told_after_issue")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
