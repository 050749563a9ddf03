"""A confirmed judgment stays on its way until it has arrived; those confirmed before there was a row get theirs.

Before this release they went over once, after the commit of the decision, and whoever died in between lost one. The
register's queue knows those that arrived (digest and moment), so that none is brought a second time.
"""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
FORWARD = f"""
CREATE FUNCTION public.requests_flow_back_guard() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.outcome <> '' OR NOT EXISTS (
      SELECT 1 FROM public.requests_answerdecision AS decision
        JOIN public.requests_inquiryanswer AS answer ON answer.id = decision.answer_id
        JOIN public.requests_inquiry AS asked ON asked.id = answer.inquiry_id
       WHERE decision.id = NEW.decision_id AND decision.same_person AND decision.convictions > 0
         AND asked.request_id = NEW.request_id
    ) THEN
      RAISE EXCEPTION 'only a judgment that was confirmed flows back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP <> 'UPDATE' THEN
    RAISE EXCEPTION 'a confirmed judgment stays on its way' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.outcome <> '' OR (OLD.id, OLD.request_id, OLD.seq, OLD.decision_id) IS DISTINCT FROM
     (NEW.id, NEW.request_id, NEW.seq, NEW.decision_id) THEN
    RAISE EXCEPTION 'what flowed back is written down once' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_flow_back_guard BEFORE INSERT OR UPDATE OR DELETE ON public.requests_flowback
  FOR EACH ROW EXECUTE FUNCTION public.requests_flow_back_guard();
CREATE TRIGGER requests_flow_back_no_truncate BEFORE TRUNCATE ON public.requests_flowback
  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_flow_back_guard();
"""
FOR_EARLIER_DECISIONS = """
INSERT INTO public.requests_flowback
  (request_id, seq, decision_id, outcome, paper, next_try_at, attempts, crashes, lease_no, last_cause)
SELECT asked.request_id, row_number() OVER (PARTITION BY asked.request_id ORDER BY decision.id), decision.id, '', '',
       now(), 0, 0, 0, ''
  FROM public.requests_answerdecision AS decision
  JOIN public.requests_inquiryanswer AS answer ON answer.id = decision.answer_id
  JOIN public.requests_inquiry AS asked ON asked.id = answer.inquiry_id
 WHERE decision.same_person AND decision.convictions > 0;
"""
BACKWARD = """
DROP TRIGGER requests_flow_back_no_truncate ON public.requests_flowback;
DROP TRIGGER requests_flow_back_guard ON public.requests_flowback;
DROP FUNCTION public.requests_flow_back_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0034_flow_back")]
    operations = [migrations.RunSQL(FORWARD + FOR_EARLIER_DECISIONS, BACKWARD)]
