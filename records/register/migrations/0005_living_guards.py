"""What came and what became of whom is history: a paper never changes, a settled one stays settled, changes only grow."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
FORWARD = f"""
CREATE FUNCTION public.register_changes_only_grow() RETURNS trigger {HEAD} AS $$
BEGIN
  RAISE EXCEPTION 'the history of the register is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER register_changes_only_grow BEFORE UPDATE OR DELETE ON public.register_personchange
  FOR EACH ROW EXECUTE FUNCTION public.register_changes_only_grow();
CREATE TRIGGER register_changes_no_truncate BEFORE TRUNCATE ON public.register_personchange
  FOR EACH STATEMENT EXECUTE FUNCTION public.register_changes_only_grow();

CREATE TRIGGER register_documents_only_grow BEFORE UPDATE OR DELETE ON public.register_incomingdocument
  FOR EACH ROW EXECUTE FUNCTION public.register_changes_only_grow();
CREATE TRIGGER register_documents_no_truncate BEFORE TRUNCATE ON public.register_incomingdocument
  FOR EACH STATEMENT EXECUTE FUNCTION public.register_changes_only_grow();

CREATE FUNCTION public.register_incoming_guard() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'waiting' THEN
      RAISE EXCEPTION 'a paper begins by waiting' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'a paper that came is never deleted' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.state NOT IN ('waiting', 'working') THEN
    RAISE EXCEPTION 'what was settled stays settled' USING ERRCODE = 'check_violation';
  END IF;
  IF (OLD.id, OLD.code, OLD.kind, OLD.number, OLD.date, OLD.sender, OLD.about, OLD.content, OLD.digest,
      OLD.received_at, OLD.entered_by)
     IS DISTINCT FROM
     (NEW.id, NEW.code, NEW.kind, NEW.number, NEW.date, NEW.sender, NEW.about, NEW.content, NEW.digest,
      NEW.received_at, NEW.entered_by) THEN
    RAISE EXCEPTION 'a paper stays as it came' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER register_incoming_guard BEFORE INSERT OR UPDATE OR DELETE ON public.register_incominginformation
  FOR EACH ROW EXECUTE FUNCTION public.register_incoming_guard();
CREATE TRIGGER register_incoming_no_truncate BEFORE TRUNCATE ON public.register_incominginformation
  FOR EACH STATEMENT EXECUTE FUNCTION public.register_incoming_guard();
"""
BACKWARD = """
DROP TRIGGER register_incoming_no_truncate ON public.register_incominginformation;
DROP TRIGGER register_incoming_guard ON public.register_incominginformation;
DROP FUNCTION public.register_incoming_guard();
DROP TRIGGER register_documents_no_truncate ON public.register_incomingdocument;
DROP TRIGGER register_documents_only_grow ON public.register_incomingdocument;
DROP TRIGGER register_changes_no_truncate ON public.register_personchange;
DROP TRIGGER register_changes_only_grow ON public.register_personchange;
DROP FUNCTION public.register_changes_only_grow();
"""


class Migration(migrations.Migration):
    dependencies = [("register", "0004_living_register")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
