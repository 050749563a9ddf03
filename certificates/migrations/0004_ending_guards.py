"""How an issued certificate ceases to count: by a row that says why, once, and nothing else of it changes.

Replaced only by another one that is issued; revoked only by what one person proposed and another decided. The status of
a certificate and the row that ends it are never seen apart.
"""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"

# The guard of 0002, with one way more out of “issued”.
ENDS = """    IF OLD.status = 'issued' AND NEW.status IN ('replaced', 'revoked') THEN
      kept := OLD;
      kept.status := NEW.status;
      IF NEW IS NOT DISTINCT FROM kept AND EXISTS (
        SELECT 1 FROM public.certificates_ending WHERE certificate_id = NEW.id AND kind = NEW.status
      ) THEN
        RETURN NEW;
      END IF;
    END IF;
"""
CERTIFICATE_GUARD = """
CREATE OR REPLACE FUNCTION public.certificates_certificate_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  drawn integer;
  kept public.certificates_certificate;
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
/*ENDS*/    IF NEW IS DISTINCT FROM OLD THEN
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
"""

ENDINGS = f"""
CREATE FUNCTION public.certificates_ending_guard() RETURNS trigger {HEAD} AS $$
DECLARE
  proposer bigint;
  decider bigint;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.certificates_certificate WHERE id = NEW.certificate_id AND status = 'issued') THEN
    RAISE EXCEPTION 'only an issued certificate is replaced or revoked' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'replaced' AND NOT EXISTS (
    SELECT 1 FROM public.certificates_certificate WHERE id = NEW.replaced_by_id AND status = 'issued'
  ) THEN
    RAISE EXCEPTION 'a certificate is replaced by one that is issued' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.kind = 'revoked' THEN
    SELECT proposed_by_id, decided_by_id INTO proposer, decider FROM public.certificates_revocation
      WHERE id = NEW.revocation_id AND certificate_id = NEW.certificate_id AND outcome = 'revoked';
    IF NOT FOUND THEN
      RAISE EXCEPTION 'a certificate is revoked by a decision about it' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM public.certificates_four_eyes(proposer, decider);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificates_ending_guard BEFORE INSERT ON public.certificates_ending
  FOR EACH ROW EXECUTE FUNCTION public.certificates_ending_guard();
CREATE TRIGGER certificates_ending_kept BEFORE UPDATE OR DELETE ON public.certificates_ending
  FOR EACH ROW EXECUTE FUNCTION public.certificates_kept();
CREATE TRIGGER certificates_ending_not_emptied BEFORE TRUNCATE ON public.certificates_ending
  FOR EACH STATEMENT EXECUTE FUNCTION public.certificates_kept();

CREATE FUNCTION public.certificates_ending_is_said() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.certificates_certificate WHERE id = NEW.certificate_id AND status = NEW.kind
  ) THEN
    RAISE EXCEPTION 'a certificate that ended says so' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER certificates_ending_is_said AFTER INSERT ON public.certificates_ending
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.certificates_ending_is_said();
"""

REVOCATIONS = f"""
CREATE FUNCTION public.certificates_revocation_guard() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.outcome <> '' OR NOT EXISTS (
      SELECT 1 FROM public.certificates_certificate WHERE id = NEW.certificate_id AND status = 'issued'
    ) THEN
      RAISE EXCEPTION 'a revocation begins as a proposal about an issued certificate'
        USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.outcome <> '' OR
     (NEW.id, NEW.certificate_id, NEW.ground, NEW.reason, NEW.proposed_by_id, NEW.proposed_at) IS DISTINCT FROM
     (OLD.id, OLD.certificate_id, OLD.ground, OLD.reason, OLD.proposed_by_id, OLD.proposed_at) THEN
    RAISE EXCEPTION 'a proposal stays as it was made and is decided once' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.outcome IN ('revoked', 'declined') THEN
    PERFORM public.certificates_four_eyes(NEW.proposed_by_id, NEW.decided_by_id);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER certificates_revocation_guard BEFORE INSERT OR UPDATE ON public.certificates_revocation
  FOR EACH ROW EXECUTE FUNCTION public.certificates_revocation_guard();
CREATE TRIGGER certificates_revocation_kept BEFORE DELETE ON public.certificates_revocation
  FOR EACH ROW EXECUTE FUNCTION public.certificates_kept();
CREATE TRIGGER certificates_revocation_not_emptied BEFORE TRUNCATE ON public.certificates_revocation
  FOR EACH STATEMENT EXECUTE FUNCTION public.certificates_kept();

CREATE FUNCTION public.certificates_revocation_is_done() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NEW.outcome = 'revoked' AND NOT EXISTS (
    SELECT 1 FROM public.certificates_ending WHERE revocation_id = NEW.id
  ) THEN
    RAISE EXCEPTION 'what was decided to be revoked is revoked' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER certificates_revocation_is_done AFTER UPDATE ON public.certificates_revocation
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.certificates_revocation_is_done();
"""

BACKWARD = """
DROP TRIGGER certificates_revocation_is_done ON public.certificates_revocation;
DROP FUNCTION public.certificates_revocation_is_done();
DROP TRIGGER certificates_revocation_not_emptied ON public.certificates_revocation;
DROP TRIGGER certificates_revocation_kept ON public.certificates_revocation;
DROP TRIGGER certificates_revocation_guard ON public.certificates_revocation;
DROP FUNCTION public.certificates_revocation_guard();
DROP TRIGGER certificates_ending_is_said ON public.certificates_ending;
DROP FUNCTION public.certificates_ending_is_said();
DROP TRIGGER certificates_ending_not_emptied ON public.certificates_ending;
DROP TRIGGER certificates_ending_kept ON public.certificates_ending;
DROP TRIGGER certificates_ending_guard ON public.certificates_ending;
DROP FUNCTION public.certificates_ending_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0003_endings")]
    operations = [
        migrations.RunSQL(
            CERTIFICATE_GUARD.replace("/*ENDS*/", ENDS) + ENDINGS + REVOCATIONS,
            BACKWARD + CERTIFICATE_GUARD.replace("/*ENDS*/", ""),
        )
    ]
