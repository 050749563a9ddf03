"""Guards of papers: what was written is not changed, bytes are stored once and are those that the row names."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
FORWARD = f"""
CREATE FUNCTION public.requests_paper_guard() RETURNS trigger {HEAD} AS $$
DECLARE
  drawn integer;
  stored bytea;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a paper that was written stays' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.sha256 IS NOT NULL THEN
      RAISE EXCEPTION 'a paper is written before it is printed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.number IS NOT NULL THEN
      SELECT last_number INTO drawn FROM public.requests_paperbook
       WHERE authority_id = NEW.authority_id AND kind = NEW.kind AND year = NEW.year;
      IF drawn IS DISTINCT FROM NEW.number THEN
        RAISE EXCEPTION 'number % was not drawn from the book', NEW.number USING ERRCODE = 'check_violation';
      END IF;
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.request_id, NEW.seq, NEW.kind, NEW.step_id, NEW.authority_id, NEW.year, NEW.number, NEW.content,
      NEW.written_at, NEW.signed_by_id)
     IS DISTINCT FROM
     (OLD.id, OLD.request_id, OLD.seq, OLD.kind, OLD.step_id, OLD.authority_id, OLD.year, OLD.number, OLD.content,
      OLD.written_at, OLD.signed_by_id) THEN
    RAISE EXCEPTION 'what a paper says is written once' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.sha256 IS NOT NULL THEN
    IF NEW IS DISTINCT FROM OLD THEN
      RAISE EXCEPTION 'a printed paper no longer changes' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.sha256 IS NOT NULL THEN
    SELECT pdf INTO stored FROM public.requests_paperbytes WHERE paper_id = NEW.id;
    IF stored IS NULL OR NEW.sha256 <> encode(sha256(stored), 'hex') OR NEW.size <> length(stored) THEN
      RAISE EXCEPTION 'the stored bytes are not those of the paper' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_paper_guard BEFORE INSERT OR UPDATE OR DELETE ON public.requests_paper
  FOR EACH ROW EXECUTE FUNCTION public.requests_paper_guard();

CREATE FUNCTION public.requests_paper_append_only() RETURNS trigger {HEAD} AS $$
BEGIN
  RAISE EXCEPTION 'the bytes of a paper are stored once' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER requests_paperbytes_append_only BEFORE UPDATE OR DELETE ON public.requests_paperbytes
  FOR EACH ROW EXECUTE FUNCTION public.requests_paper_append_only();
CREATE TRIGGER requests_paperbytes_no_truncate BEFORE TRUNCATE ON public.requests_paperbytes
  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_paper_append_only();
CREATE TRIGGER requests_paper_no_truncate BEFORE TRUNCATE ON public.requests_paper
  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_paper_append_only();

CREATE FUNCTION public.requests_paperbook_guard() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.authority_id, NEW.kind, NEW.year) IS DISTINCT FROM (OLD.authority_id, OLD.kind, OLD.year)
     OR NEW.last_number <> OLD.last_number + 1 THEN
    RAISE EXCEPTION 'a book of papers goes on by one' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_paperbook_guard BEFORE UPDATE OR DELETE ON public.requests_paperbook
  FOR EACH ROW EXECUTE FUNCTION public.requests_paperbook_guard();

CREATE FUNCTION public.requests_tracking_code_stays() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NEW.tracking_code IS DISTINCT FROM OLD.tracking_code THEN
    RAISE EXCEPTION 'the tracking code is printed on papers and stays' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_tracking_code_stays BEFORE UPDATE ON public.requests_certificaterequest
  FOR EACH ROW EXECUTE FUNCTION public.requests_tracking_code_stays();
"""
BACKWARD = """
DROP TRIGGER requests_tracking_code_stays ON public.requests_certificaterequest;
DROP FUNCTION public.requests_tracking_code_stays();
DROP TRIGGER requests_paperbook_guard ON public.requests_paperbook;
DROP FUNCTION public.requests_paperbook_guard();
DROP TRIGGER requests_paper_no_truncate ON public.requests_paper;
DROP TRIGGER requests_paperbytes_no_truncate ON public.requests_paperbytes;
DROP TRIGGER requests_paperbytes_append_only ON public.requests_paperbytes;
DROP FUNCTION public.requests_paper_append_only();
DROP TRIGGER requests_paper_guard ON public.requests_paper;
DROP FUNCTION public.requests_paper_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0011_papers")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
