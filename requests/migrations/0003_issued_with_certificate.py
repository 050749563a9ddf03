"""Guard: no request is issued or delivered without its own issued certificate, by the same two people and office."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.requests_issued_with_certificate() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.state IN ('issued', 'delivered') THEN
    IF NOT EXISTS (
      SELECT 1 FROM public.certificates_certificate AS certificate
       WHERE certificate.id = NEW.certificate_id AND certificate.status = 'issued'
         AND certificate.authority_id = NEW.authority_id
         AND certificate.verified_by_id = NEW.verified_by_id AND certificate.approved_by_id = NEW.approved_by_id
    ) THEN
      RAISE EXCEPTION 'an issued request needs its issued certificate' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.certificate_id IS NOT NULL THEN
    RAISE EXCEPTION 'a certificate is given with the step issue' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_issued_with_certificate BEFORE UPDATE ON public.requests_certificaterequest
  FOR EACH ROW EXECUTE FUNCTION public.requests_issued_with_certificate();
"""
BACKWARD = """
DROP TRIGGER requests_issued_with_certificate ON public.requests_certificaterequest;
DROP FUNCTION public.requests_issued_with_certificate();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0002_guards"), ("certificates", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
