"""Guards of attachments: a frozen version keeps its papers, bytes never change, what was quarantined stays so."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"

LINKS = f"""
CREATE TRIGGER requests_declaredattachment_frozen BEFORE INSERT OR UPDATE OR DELETE
  ON public.requests_declaredattachment FOR EACH ROW EXECUTE FUNCTION public.requests_declared_rows_frozen();

CREATE FUNCTION public.requests_attachment_of_its_request() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NEW.attachment_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM public.requests_attachment AS a, public.requests_declaration AS d
     WHERE a.id = NEW.attachment_id AND d.id = NEW.declaration_id AND a.request_id = d.request_id AND a.kind = NEW.kind
  ) THEN
    RAISE EXCEPTION 'a paper belongs to one request' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_attachment_of_its_request BEFORE INSERT OR UPDATE ON public.requests_declaredattachment
  FOR EACH ROW EXECUTE FUNCTION public.requests_attachment_of_its_request();
"""

KEPT = f"""
CREATE FUNCTION public.requests_attachment_was_sent(attachment bigint) RETURNS boolean
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (
    SELECT 1 FROM public.requests_declaredattachment AS link
      JOIN public.requests_declaration AS d ON d.id = link.declaration_id
     WHERE link.attachment_id = attachment AND d.frozen_at IS NOT NULL
  )
$$;

CREATE FUNCTION public.requests_attachment_kept() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF public.requests_attachment_was_sent(OLD.id) THEN
      RAISE EXCEPTION 'a paper of a frozen declaration is kept' USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (NEW.id, NEW.code, NEW.request_id, NEW.kind, NEW.original_name, NEW.media_type, NEW.size, NEW.sha256, NEW.pages,
      NEW.width, NEW.height, NEW.uploaded_by_id, NEW.at)
     IS DISTINCT FROM
     (OLD.id, OLD.code, OLD.request_id, OLD.kind, OLD.original_name, OLD.media_type, OLD.size, OLD.sha256, OLD.pages,
      OLD.width, OLD.height, OLD.uploaded_by_id, OLD.at) THEN
    RAISE EXCEPTION 'of a paper only its scan changes' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state = 'quarantined' AND NEW.state <> 'quarantined' THEN
    RAISE EXCEPTION 'what was quarantined stays so' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_attachment_kept BEFORE UPDATE OR DELETE ON public.requests_attachment
  FOR EACH ROW EXECUTE FUNCTION public.requests_attachment_kept();

CREATE FUNCTION public.requests_attachment_bytes_kept() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR public.requests_attachment_was_sent(OLD.attachment_id) THEN
    RAISE EXCEPTION 'the bytes of a paper do not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER requests_attachment_bytes_kept BEFORE UPDATE OR DELETE ON public.requests_attachmentcontent
  FOR EACH ROW EXECUTE FUNCTION public.requests_attachment_bytes_kept();
"""

BACKWARD = """
DROP TRIGGER requests_attachment_bytes_kept ON public.requests_attachmentcontent;
DROP FUNCTION public.requests_attachment_bytes_kept();
DROP TRIGGER requests_attachment_kept ON public.requests_attachment;
DROP FUNCTION public.requests_attachment_kept();
DROP FUNCTION public.requests_attachment_was_sent(bigint);
DROP TRIGGER requests_attachment_of_its_request ON public.requests_declaredattachment;
DROP FUNCTION public.requests_attachment_of_its_request();
DROP TRIGGER requests_declaredattachment_frozen ON public.requests_declaredattachment;
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0009_attachments")]
    operations = [migrations.RunSQL(LINKS + KEPT, BACKWARD)]
