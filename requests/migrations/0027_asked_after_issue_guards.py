"""What was found after issue is decided once, stays about its request, and never goes away."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
FORWARD = f"""
CREATE FUNCTION public.requests_found_after_issue_guard() RETURNS trigger {HEAD} AS $$
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
  IF NEW.decision <> '' AND (OLD.lookup_id, OLD.findings_digest, OLD.kind) IS DISTINCT FROM
     (NEW.lookup_id, NEW.findings_digest, NEW.kind) THEN
    RAISE EXCEPTION 'what is decided on is what was read' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_found_after_issue_guard BEFORE INSERT OR UPDATE OR DELETE
  ON public.requests_foundafterissue
  FOR EACH ROW EXECUTE FUNCTION public.requests_found_after_issue_guard();
CREATE TRIGGER requests_found_after_issue_no_truncate BEFORE TRUNCATE ON public.requests_foundafterissue
  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_found_after_issue_guard();
"""
BACKWARD = """
DROP TRIGGER requests_found_after_issue_no_truncate ON public.requests_foundafterissue;
DROP TRIGGER requests_found_after_issue_guard ON public.requests_foundafterissue;
DROP FUNCTION public.requests_found_after_issue_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0026_asked_after_issue")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
