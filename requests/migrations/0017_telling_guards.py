"""Guards: what was told keeps its words, what was signed keeps its date and its name, and neither is taken away."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"

MESSAGES = f"""
CREATE FUNCTION public.requests_message_keeps_its_words() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'messages are kept' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.request_id, NEW.event, NEW.key, NEW.channel, NEW.text, NEW.facts, NEW.template_version, NEW.told_at,
      NEW.send_key) IS DISTINCT FROM
     (OLD.request_id, OLD.event, OLD.key, OLD.channel, OLD.text, OLD.facts, OLD.template_version, OLD.told_at,
      OLD.send_key) OR NEW.recipient_id IS DISTINCT FROM OLD.recipient_id THEN
    RAISE EXCEPTION 'a message keeps its words' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state <> 'waiting' AND (NEW.state, NEW.provider_id) IS DISTINCT FROM (OLD.state, OLD.provider_id) THEN
    RAISE EXCEPTION 'what was decided about a message stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_message_keeps_its_words BEFORE UPDATE OR DELETE ON public.requests_message
  FOR EACH ROW EXECUTE FUNCTION public.requests_message_keeps_its_words();
"""

NOTICES = f"""
CREATE FUNCTION public.requests_late_notice_is_signed_once() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'late notices are kept' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.signed_at IS NOT NULL THEN
    RAISE EXCEPTION 'a signed apology is not changed' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.request_id, NEW.round, NEW.promised_at, NEW.cause, NEW.cause_since, NEW.proposed_at, NEW.drafted_at)
     IS DISTINCT FROM
     (OLD.request_id, OLD.round, OLD.promised_at, OLD.cause, OLD.cause_since, OLD.proposed_at, OLD.drafted_at) THEN
    RAISE EXCEPTION 'what was proposed stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_late_notice_is_signed_once BEFORE UPDATE OR DELETE ON public.requests_latenotice
  FOR EACH ROW EXECUTE FUNCTION public.requests_late_notice_is_signed_once();
"""

UNDO = """
DROP TRIGGER requests_message_keeps_its_words ON public.requests_message;
DROP FUNCTION public.requests_message_keeps_its_words();
DROP TRIGGER requests_late_notice_is_signed_once ON public.requests_latenotice;
DROP FUNCTION public.requests_late_notice_is_signed_once();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0016_messages_and_late_notices")]
    operations = [migrations.RunSQL(MESSAGES + NOTICES, UNDO)]
