"""What the scanner said of a document stays: of which document, and that a virus was found."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
FORWARD = f"""
CREATE FUNCTION public.requests_document_scan_kept() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'the scan of a document does not go away' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (OLD.document_kind, OLD.document_code, OLD.request_id, OLD.attachment_id) IS DISTINCT FROM
     (NEW.document_kind, NEW.document_code, NEW.request_id, NEW.attachment_id) THEN
    RAISE EXCEPTION 'a scan is of one document' USING ERRCODE = 'check_violation';
  END IF;
  IF OLD.state = 'quarantined' AND NEW.state <> 'quarantined' THEN
    RAISE EXCEPTION 'what was quarantined stays so' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_document_scan_kept BEFORE UPDATE OR DELETE ON public.requests_attachmentscan
  FOR EACH ROW WHEN (OLD.document_code <> '') EXECUTE FUNCTION public.requests_document_scan_kept();
"""
BACKWARD = """
DROP TRIGGER requests_document_scan_kept ON public.requests_attachmentscan;
DROP FUNCTION public.requests_document_scan_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0032_document_scans")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
