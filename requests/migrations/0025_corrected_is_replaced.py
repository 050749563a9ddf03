"""A correction that is issued replaces what it corrects: so from now on, and for what was issued before."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"

# The deferred checks run at once, so that no event of theirs is pending when a later migration alters these tables.
REPLACED_BEFORE = """
INSERT INTO public.certificates_ending (certificate_id, kind, at, replaced_by_id)
SELECT wrong.certificate_id, 'replaced', new.issued_at, new.certificate_id
  FROM public.requests_certificaterequest AS new
  JOIN public.requests_certificaterequest AS wrong ON wrong.id = new.corrects_id
  JOIN public.certificates_certificate AS old ON old.id = wrong.certificate_id AND old.status = 'issued'
 WHERE new.state IN ('issued', 'delivered');
UPDATE public.certificates_certificate AS old SET status = 'replaced'
  FROM public.certificates_ending AS ending
 WHERE ending.certificate_id = old.id AND ending.kind = 'replaced' AND old.status = 'issued';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

GUARD = f"""
CREATE FUNCTION public.requests_corrected_is_replaced() RETURNS trigger {HEAD} AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM public.requests_certificaterequest AS wrong
      JOIN public.certificates_certificate AS printed ON printed.id = wrong.certificate_id
     WHERE wrong.id = NEW.corrects_id AND printed.status = 'issued'
  ) THEN
    RAISE EXCEPTION 'a certificate that was put right no longer counts' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER requests_corrected_is_replaced AFTER UPDATE ON public.requests_certificaterequest
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.corrects_id IS NOT NULL AND NEW.state IN ('issued', 'delivered'))
  EXECUTE FUNCTION public.requests_corrected_is_replaced();
"""

BACKWARD = """
DROP TRIGGER requests_corrected_is_replaced ON public.requests_certificaterequest;
DROP FUNCTION public.requests_corrected_is_replaced();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0024_law_day_kept"), ("certificates", "0004_ending_guards")]
    operations = [
        migrations.RunSQL(REPLACED_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, BACKWARD),
    ]
