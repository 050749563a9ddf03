"""What no certificate, number book or stop switch may ever do, whoever asks.

Four eyes are looked up here and not taken from the caller: both people must have a person_key, and not the same one.
Every table is named with its schema and the search path is fixed: a temporary table of the same name deceives nothing.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.certificates_four_eyes(verifier bigint, approver bigint) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  verifier_key text;
  approver_key text;
BEGIN
  SELECT person_key INTO verifier_key FROM public.accounts_user WHERE id = verifier;
  SELECT person_key INTO approver_key FROM public.accounts_user WHERE id = approver;
  IF verifier_key IS NULL OR approver_key IS NULL OR verifier_key = '' OR verifier_key = approver_key THEN
    RAISE EXCEPTION 'a certificate needs two people who are known and not the same' USING ERRCODE = 'check_violation';
  END IF;
END $$;

CREATE FUNCTION public.certificates_certificate_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  drawn integer;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'intended' OR NEW.unsigned_pdf IS NOT NULL OR NEW.signed_pdf IS NOT NULL THEN
      RAISE EXCEPTION 'a certificate begins as intended, without bytes' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.content_sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
      RAISE EXCEPTION 'content and content_sha256 differ' USING ERRCODE = 'check_violation';
    END IF;
    SELECT last_number INTO drawn FROM public.certificates_numberbook
      WHERE authority_id = NEW.authority_id AND certificate_type = NEW.certificate_type AND year = NEW.year;
    IF drawn IS DISTINCT FROM NEW.number THEN
      RAISE EXCEPTION 'number % was not drawn from the book', NEW.number USING ERRCODE = 'check_violation';
    END IF;
    PERFORM public.certificates_four_eyes(NEW.verified_by_id, NEW.approved_by_id);
    RETURN NEW;
  END IF;

  IF (NEW.id, NEW.authority_id, NEW.certificate_type, NEW.year, NEW.number, NEW.code, NEW.content, NEW.content_sha256,
      NEW.draft_sha256, NEW.template_version, NEW.verified_by_id, NEW.approved_by_id, NEW.approved_at, NEW.intended_at)
     IS DISTINCT FROM
     (OLD.id, OLD.authority_id, OLD.certificate_type, OLD.year, OLD.number, OLD.code, OLD.content, OLD.content_sha256,
      OLD.draft_sha256, OLD.template_version, OLD.verified_by_id, OLD.approved_by_id, OLD.approved_at, OLD.intended_at)
  THEN
    RAISE EXCEPTION 'what a certificate says is written once' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.status <> 'intended' THEN
    IF NEW IS DISTINCT FROM OLD THEN
      RAISE EXCEPTION 'a certificate that is % no longer changes', OLD.status USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.unsigned_pdf IS NOT NULL AND
     (NEW.unsigned_pdf, NEW.unsigned_sha256) IS DISTINCT FROM (OLD.unsigned_pdf, OLD.unsigned_sha256) THEN
    RAISE EXCEPTION 'unsigned bytes are written once' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.unsigned_pdf IS NULL AND NEW.unsigned_pdf IS NOT NULL THEN
    IF NEW.status <> 'intended' OR NEW.unsigned_sha256 <> encode(sha256(NEW.unsigned_pdf), 'hex') THEN
      RAISE EXCEPTION 'unsigned bytes and their hash differ' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.status = 'issued' THEN
    IF OLD.unsigned_pdf IS NULL OR NEW.signed_pdf IS NULL
       OR NEW.signed_sha256 IS DISTINCT FROM encode(sha256(NEW.signed_pdf), 'hex')
       OR length(NEW.signed_pdf) <= length(OLD.unsigned_pdf)
       OR substring(NEW.signed_pdf FROM 1 FOR length(OLD.unsigned_pdf)) <> OLD.unsigned_pdf THEN
      RAISE EXCEPTION 'signed bytes must be the unsigned ones with a signature added' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM public.certificates_four_eyes(NEW.verified_by_id, NEW.approved_by_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificates_certificate_guard BEFORE INSERT OR UPDATE ON public.certificates_certificate
  FOR EACH ROW EXECUTE FUNCTION public.certificates_certificate_guard();

CREATE FUNCTION public.certificates_kept() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are kept', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER certificates_certificate_kept BEFORE DELETE ON public.certificates_certificate
  FOR EACH ROW EXECUTE FUNCTION public.certificates_kept();
CREATE TRIGGER certificates_certificate_not_emptied BEFORE TRUNCATE ON public.certificates_certificate
  FOR EACH STATEMENT EXECUTE FUNCTION public.certificates_kept();
CREATE TRIGGER certificates_numberbook_kept BEFORE DELETE ON public.certificates_numberbook
  FOR EACH ROW EXECUTE FUNCTION public.certificates_kept();
CREATE TRIGGER certificates_numberbook_not_emptied BEFORE TRUNCATE ON public.certificates_numberbook
  FOR EACH STATEMENT EXECUTE FUNCTION public.certificates_kept();
CREATE TRIGGER certificates_issuingstop_kept BEFORE DELETE ON public.certificates_issuingstop
  FOR EACH ROW EXECUTE FUNCTION public.certificates_kept();

CREATE FUNCTION public.certificates_numberbook_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.last_number <> 1 THEN
    RAISE EXCEPTION 'a number book begins with 1' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.last_number <> OLD.last_number + 1 OR
     (NEW.id, NEW.authority_id, NEW.certificate_type, NEW.year)
     IS DISTINCT FROM (OLD.id, OLD.authority_id, OLD.certificate_type, OLD.year)) THEN
    RAISE EXCEPTION 'a number book only goes on by one' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificates_numberbook_guard BEFORE INSERT OR UPDATE ON public.certificates_numberbook
  FOR EACH ROW EXECUTE FUNCTION public.certificates_numberbook_guard();

CREATE FUNCTION public.certificates_number_is_used() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.certificates_certificate
      WHERE authority_id = NEW.authority_id AND certificate_type = NEW.certificate_type
        AND year = NEW.year AND number = NEW.last_number) THEN
    RAISE EXCEPTION 'number % was drawn for no certificate', NEW.last_number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER certificates_number_is_used AFTER INSERT OR UPDATE ON public.certificates_numberbook
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.certificates_number_is_used();

CREATE FUNCTION public.certificates_issuingstop_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.released_at IS NOT NULL OR (NEW.id, NEW.reason, NEW.pulled_at, NEW.pulled_by_id)
     IS DISTINCT FROM (OLD.id, OLD.reason, OLD.pulled_at, OLD.pulled_by_id) THEN
    RAISE EXCEPTION 'a stop is released once and never rewritten' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificates_issuingstop_guard BEFORE UPDATE ON public.certificates_issuingstop
  FOR EACH ROW EXECUTE FUNCTION public.certificates_issuingstop_guard();
"""
BACKWARD = """
DROP TRIGGER certificates_issuingstop_guard ON public.certificates_issuingstop;
DROP TRIGGER certificates_issuingstop_kept ON public.certificates_issuingstop;
DROP TRIGGER certificates_number_is_used ON public.certificates_numberbook;
DROP TRIGGER certificates_numberbook_guard ON public.certificates_numberbook;
DROP TRIGGER certificates_numberbook_not_emptied ON public.certificates_numberbook;
DROP TRIGGER certificates_numberbook_kept ON public.certificates_numberbook;
DROP TRIGGER certificates_certificate_not_emptied ON public.certificates_certificate;
DROP TRIGGER certificates_certificate_kept ON public.certificates_certificate;
DROP TRIGGER certificates_certificate_guard ON public.certificates_certificate;
DROP FUNCTION public.certificates_issuingstop_guard();
DROP FUNCTION public.certificates_number_is_used();
DROP FUNCTION public.certificates_numberbook_guard();
DROP FUNCTION public.certificates_kept();
DROP FUNCTION public.certificates_certificate_guard();
DROP FUNCTION public.certificates_four_eyes(bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial"), ("accounts", "0002_person_key_set_once")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
