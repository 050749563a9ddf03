"""Guards: what was asked, answered, decided and concluded about other agencies is only added to."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
TABLES = (
    "inquiry",
    "inquiryevent",
    "inquiryanswer",
    "answerdocument",
    "answeredconviction",
    "answerdecision",
    "withoutpaper",
    "earlierclear",
    "earlierclearchoice",
    "sourceswitch",
)

APPEND_ONLY = f"""
CREATE FUNCTION public.requests_inquiries_append_only() RETURNS trigger {HEAD} AS $$
BEGIN
  RAISE EXCEPTION 'what was asked and answered stays as it was' USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER requests_{table}_append_only BEFORE UPDATE OR DELETE ON public.requests_{table}
  FOR EACH ROW EXECUTE FUNCTION public.requests_inquiries_append_only();
CREATE TRIGGER requests_{table}_no_truncate BEFORE TRUNCATE ON public.requests_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_inquiries_append_only();
"""
    for table in TABLES
)

# An agency is asked about somebody whose request is being looked into, and about what was declared and frozen.
ASKED_WHILE_VERIFIED = f"""
CREATE FUNCTION public.requests_inquiry_is_asked_in_time() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.requests_certificaterequest AS r
      JOIN public.requests_declaration AS d ON d.id = NEW.declaration_id AND d.request_id = r.id
     WHERE r.id = NEW.request_id AND r.state = 'consulting' AND d.frozen_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'another agency is asked only while a request is being looked into'
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_inquiry_is_asked_in_time BEFORE INSERT ON public.requests_inquiry
  FOR EACH ROW EXECUTE FUNCTION public.requests_inquiry_is_asked_in_time();
"""

# Nobody goes on to the signature over a letter that is neither answered nor taken back.
NOTHING_OPEN_WHEN_VERIFIED = f"""
CREATE FUNCTION public.requests_verified_is_answered() RETURNS trigger {HEAD} AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM public.requests_inquiry AS asked
     WHERE asked.request_id = NEW.id
       AND NOT EXISTS (SELECT 1 FROM public.requests_inquiryanswer AS answer WHERE answer.inquiry_id = asked.id)
       AND NOT EXISTS (SELECT 1 FROM public.requests_inquiryevent AS event
                        WHERE event.inquiry_id = asked.id AND event.kind = 'closed')
  ) THEN
    RAISE EXCEPTION 'another agency has not answered yet' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_verified_is_answered BEFORE UPDATE ON public.requests_certificaterequest
  FOR EACH ROW WHEN (NEW.state = 'verified' AND OLD.state = 'reviewing')
  EXECUTE FUNCTION public.requests_verified_is_answered();
"""

SWITCHES_COME_LAST = f"""
CREATE FUNCTION public.requests_sourceswitch_comes_last() RETURNS trigger {HEAD} AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('source/' || NEW.authority_id || '/' || NEW.source, 0));
  IF EXISTS (
    SELECT 1 FROM public.requests_sourceswitch AS row
     WHERE row.authority_id = NEW.authority_id AND row.source = NEW.source AND row.valid_from >= NEW.valid_from
  ) THEN
    RAISE EXCEPTION 'a choice begins after every other of its office and source' USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_sourceswitch_comes_last BEFORE INSERT ON public.requests_sourceswitch
  FOR EACH ROW EXECUTE FUNCTION public.requests_sourceswitch_comes_last();
"""

BACKWARD = (
    """
DROP TRIGGER requests_sourceswitch_comes_last ON public.requests_sourceswitch;
DROP FUNCTION public.requests_sourceswitch_comes_last();
DROP TRIGGER requests_verified_is_answered ON public.requests_certificaterequest;
DROP FUNCTION public.requests_verified_is_answered();
DROP TRIGGER requests_inquiry_is_asked_in_time ON public.requests_inquiry;
DROP FUNCTION public.requests_inquiry_is_asked_in_time();
"""
    + "".join(
        f"DROP TRIGGER requests_{table}_no_truncate ON public.requests_{table};\n"
        f"DROP TRIGGER requests_{table}_append_only ON public.requests_{table};\n"
        for table in TABLES
    )
    + "DROP FUNCTION public.requests_inquiries_append_only();\n"
)


class Migration(migrations.Migration):
    dependencies = [("requests", "0030_inquiries")]
    operations = [
        migrations.RunSQL(APPEND_ONLY + ASKED_WHILE_VERIFIED + NOTHING_OPEN_WHEN_VERIFIED + SWITCHES_COME_LAST, BACKWARD)
    ]
