"""Guards of questions, complaints and corrections: what was asked and written stays as it was sent."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"

# What was open when this table came gets its row, with the words that history kept as its only item.
QUESTIONS_THAT_ARE_OPEN = """
INSERT INTO public.requests_supplementrequest (request_id, step_seq, asked_at, answer_by, item_count)
SELECT r.id, s.seq, s.at, s.at + interval '15 days', 1
  FROM public.requests_certificaterequest AS r
  JOIN public.requests_requeststep AS s ON s.request_id = r.id AND s.seq = r.step_count AND s.step = 'ask_supplement'
 WHERE r.state = 'needs_supplement';
INSERT INTO public.requests_supplementitem (supplement_id, position, code, title, text, page, legal_basis, answer)
SELECT q.id, 1, 'other', 'Nội dung khác', s.reason, '', '', ''
  FROM public.requests_supplementrequest AS q
  JOIN public.requests_requeststep AS s ON s.request_id = q.request_id AND s.seq = q.step_seq;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

APPEND_ONLY = f"""
CREATE FUNCTION public.requests_asked_append_only() RETURNS trigger {HEAD} AS $$
BEGIN
  RAISE EXCEPTION 'what was asked stays as it was sent' USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER requests_{table}_append_only BEFORE UPDATE OR DELETE ON public.requests_{table}
  FOR EACH ROW EXECUTE FUNCTION public.requests_asked_append_only();
CREATE TRIGGER requests_{table}_no_truncate BEFORE TRUNCATE ON public.requests_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_asked_append_only();
"""
    for table in ("supplementrequest", "supplementreminder")
)

# Deferred, because the question's rows are written before the step that asks it: whoever follows the step reads them.
ASKED_BY_A_STEP = f"""
CREATE FUNCTION public.requests_supplement_has_step() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.requests_requeststep AS step
                  WHERE step.request_id = NEW.request_id AND step.seq = NEW.step_seq
                    AND step.step = 'ask_supplement')
     OR (SELECT count(*) FROM public.requests_supplementitem AS item WHERE item.supplement_id = NEW.id)
        <> NEW.item_count THEN
    RAISE EXCEPTION 'a question needs its step of history and all its items' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER requests_supplement_has_step AFTER INSERT ON public.requests_supplementrequest
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.requests_supplement_has_step();
"""

ITEMS = f"""
CREATE FUNCTION public.requests_supplementitem_frozen() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'what was asked stays as it was sent' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.position > (SELECT item_count FROM public.requests_supplementrequest WHERE id = NEW.supplement_id) THEN
      RAISE EXCEPTION 'nothing is added to what was asked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.supplement_id, NEW.position, NEW.code, NEW.title, NEW.text, NEW.page, NEW.legal_basis)
     IS DISTINCT FROM
     (OLD.supplement_id, OLD.position, OLD.code, OLD.title, OLD.text, OLD.page, OLD.legal_basis) THEN
    RAISE EXCEPTION 'what was asked stays as it was sent' USING ERRCODE = 'check_violation';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM public.requests_supplementrequest AS q
                   JOIN public.requests_certificaterequest AS r ON r.id = q.request_id
                  WHERE q.id = NEW.supplement_id AND r.state = 'needs_supplement' AND r.step_count = q.step_seq) THEN
    RAISE EXCEPTION 'an answer that was sent does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_supplementitem_frozen BEFORE INSERT OR UPDATE OR DELETE ON public.requests_supplementitem
  FOR EACH ROW EXECUTE FUNCTION public.requests_supplementitem_frozen();
"""

COMPLAINTS = f"""
CREATE FUNCTION public.requests_complaint_kept() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a complaint is kept' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.request_id, NEW.kind, NEW.text, NEW.by_id, NEW.received_at)
     IS DISTINCT FROM (OLD.request_id, OLD.kind, OLD.text, OLD.by_id, OLD.received_at)
     OR (OLD.in_work_at IS NOT NULL AND (NEW.in_work_at, NEW.in_work_by_id)
         IS DISTINCT FROM (OLD.in_work_at, OLD.in_work_by_id))
     OR OLD.status = 'answered'
     OR (OLD.status = 'in_work' AND NEW.status = 'received') THEN
    RAISE EXCEPTION 'a complaint goes forward, and its words stay' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_complaint_kept BEFORE UPDATE OR DELETE ON public.requests_complaint
  FOR EACH ROW EXECUTE FUNCTION public.requests_complaint_kept();
"""

CORRECTIONS = f"""
CREATE FUNCTION public.requests_corrects_is_fixed() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.corrects_id IS DISTINCT FROM OLD.corrects_id THEN
      RAISE EXCEPTION 'which request is put right is said once' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.corrects_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM public.requests_certificaterequest AS wrong
     WHERE wrong.id = NEW.corrects_id AND wrong.state IN ('issued', 'delivered')
  ) THEN
    RAISE EXCEPTION 'only an issued certificate is put right' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_corrects_is_fixed BEFORE INSERT OR UPDATE ON public.requests_certificaterequest
  FOR EACH ROW EXECUTE FUNCTION public.requests_corrects_is_fixed();

CREATE FUNCTION public.requests_correction_kept() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM public.requests_certificaterequest AS r
                WHERE r.id = OLD.request_id AND r.step_count > 0) THEN
      RAISE EXCEPTION 'a claim that was sent is kept' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.request_id, NEW.page, NEW.what_is_wrong, NEW.opened_by_id, NEW.opened_at)
     IS DISTINCT FROM (OLD.request_id, OLD.page, OLD.what_is_wrong, OLD.opened_by_id, OLD.opened_at)
     OR OLD.fault <> '' THEN
    RAISE EXCEPTION 'a claim stays as it was made, and whose mistake it was is decided once'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_correction_kept BEFORE UPDATE OR DELETE ON public.requests_correction
  FOR EACH ROW EXECUTE FUNCTION public.requests_correction_kept();
"""

BACKWARD = """
DROP TRIGGER requests_correction_kept ON public.requests_correction;
DROP FUNCTION public.requests_correction_kept();
DROP TRIGGER requests_corrects_is_fixed ON public.requests_certificaterequest;
DROP FUNCTION public.requests_corrects_is_fixed();
DROP TRIGGER requests_complaint_kept ON public.requests_complaint;
DROP FUNCTION public.requests_complaint_kept();
DROP TRIGGER requests_supplementitem_frozen ON public.requests_supplementitem;
DROP FUNCTION public.requests_supplementitem_frozen();
DROP TRIGGER requests_supplement_has_step ON public.requests_supplementrequest;
DROP FUNCTION public.requests_supplement_has_step();
DROP TRIGGER requests_supplementreminder_no_truncate ON public.requests_supplementreminder;
DROP TRIGGER requests_supplementreminder_append_only ON public.requests_supplementreminder;
DROP TRIGGER requests_supplementrequest_no_truncate ON public.requests_supplementrequest;
DROP TRIGGER requests_supplementrequest_append_only ON public.requests_supplementrequest;
DROP FUNCTION public.requests_asked_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0014_asking_complaining_correcting")]
    operations = [
        migrations.RunSQL(QUESTIONS_THAT_ARE_OPEN, migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY + ASKED_BY_A_STEP + ITEMS + COMPLAINTS + CORRECTIONS, BACKWARD),
    ]
