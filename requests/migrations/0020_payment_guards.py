"""Guards of money: the ledger is only added to, an order's amount and reference stay, receipts are drawn one by one."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"

FORWARD = f"""
CREATE FUNCTION public.requests_ledger_append_only() RETURNS trigger {HEAD} AS $$
BEGIN
  RAISE EXCEPTION 'the ledger of payments is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER requests_ledger_append_only BEFORE UPDATE OR DELETE ON public.requests_paymententry
  FOR EACH ROW EXECUTE FUNCTION public.requests_ledger_append_only();
CREATE TRIGGER requests_ledger_no_truncate BEFORE TRUNCATE ON public.requests_paymententry
  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_ledger_append_only();

CREATE FUNCTION public.requests_ledger_entry_fits() RETURNS trigger {HEAD} AS $$
DECLARE
  drawn integer;
  resolved public.requests_paymententry%ROWTYPE;
BEGIN
  IF NEW.kind = 'received' THEN
    SELECT last_number INTO drawn FROM public.requests_receiptbook
      WHERE authority_id = NEW.authority_id AND year = NEW.receipt_year;
    IF drawn IS DISTINCT FROM NEW.receipt_no THEN
      RAISE EXCEPTION 'receipt % was not drawn from the book', NEW.receipt_no USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  IF NEW.resolves_id IS NOT NULL THEN
    SELECT * INTO resolved FROM public.requests_paymententry WHERE id = NEW.resolves_id;
    IF resolved.kind NOT IN ('unmatched', 'doubtful') OR
       (NEW.kind <> 'received' AND resolved.amount <> NEW.amount) THEN
      RAISE EXCEPTION 'only money that is open is resolved, and as much as it was' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.kind = 'dismissed' OR (NEW.kind = 'refunded' AND NEW.request_id IS NULL) THEN
    RAISE EXCEPTION 'nothing is dismissed or returned that was not there' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_ledger_entry_fits BEFORE INSERT ON public.requests_paymententry
  FOR EACH ROW EXECUTE FUNCTION public.requests_ledger_entry_fits();

CREATE FUNCTION public.requests_order_stays() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an order to pay is not deleted' USING ERRCODE = 'check_violation';
  END IF;
  IF (NEW.request_id, NEW.method, NEW.amount, NEW.reference, NEW.created_at, NEW.expires_at)
     IS DISTINCT FROM (OLD.request_id, OLD.method, OLD.amount, OLD.reference, OLD.created_at, OLD.expires_at)
     OR (OLD.status = 'paid' AND NEW.status <> 'paid') THEN
    RAISE EXCEPTION 'what an order asks for stays, and paid stays paid' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_order_stays BEFORE UPDATE OR DELETE ON public.requests_paymentorder
  FOR EACH ROW EXECUTE FUNCTION public.requests_order_stays();

CREATE FUNCTION public.requests_receipts_run_on() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.last_number <> 1) OR (TG_OP = 'UPDATE' AND
     (NEW.last_number <> OLD.last_number + 1 OR NEW.authority_id <> OLD.authority_id OR NEW.year <> OLD.year)) THEN
    RAISE EXCEPTION 'receipt numbers run on by one' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_receipts_run_on BEFORE INSERT OR UPDATE OR DELETE ON public.requests_receiptbook
  FOR EACH ROW EXECUTE FUNCTION public.requests_receipts_run_on();

-- Requests that wait for their fee already: their time begins with this upgrade.
INSERT INTO public.requests_paymentterm (request_id, asked_at, due_at)
  SELECT id, now(), date_trunc('day', now() AT TIME ZONE 'Asia/Ho_Chi_Minh') AT TIME ZONE 'Asia/Ho_Chi_Minh'
         + interval '11 days' - interval '1 second'
    FROM public.requests_certificaterequest WHERE state = 'awaiting_payment';
"""
BACKWARD = """
DROP TRIGGER requests_receipts_run_on ON public.requests_receiptbook;
DROP FUNCTION public.requests_receipts_run_on();
DROP TRIGGER requests_order_stays ON public.requests_paymentorder;
DROP FUNCTION public.requests_order_stays();
DROP TRIGGER requests_ledger_entry_fits ON public.requests_paymententry;
DROP FUNCTION public.requests_ledger_entry_fits();
DROP TRIGGER requests_ledger_no_truncate ON public.requests_paymententry;
DROP TRIGGER requests_ledger_append_only ON public.requests_paymententry;
DROP FUNCTION public.requests_ledger_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0019_payments")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
