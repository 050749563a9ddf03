"""A fee receipt is of one entry of the ledger and bears its number; no book of papers numbers it a second time."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
FORWARD = f"""
CREATE OR REPLACE FUNCTION public.requests_paper_guard() RETURNS trigger {HEAD} AS $$
DECLARE
  drawn integer;
  entry public.requests_paymententry%ROWTYPE;
  stored bytea;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a paper that was written stays' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.sha256 IS NOT NULL THEN
      RAISE EXCEPTION 'a paper is written before it is printed' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.payment_id IS NOT NULL THEN
      SELECT * INTO entry FROM public.requests_paymententry WHERE id = NEW.payment_id;
      IF (NEW.request_id, NEW.authority_id, NEW.year::integer, NEW.number)
         IS DISTINCT FROM (entry.request_id, entry.authority_id, entry.receipt_year::integer, entry.receipt_no) THEN
        RAISE EXCEPTION 'a fee receipt bears the number of its entry in the ledger' USING ERRCODE = 'check_violation';
      END IF;
    ELSIF NEW.number IS NOT NULL THEN
      SELECT last_number INTO drawn FROM public.requests_paperbook
       WHERE authority_id = NEW.authority_id AND kind = NEW.kind AND year = NEW.year;
      IF drawn IS DISTINCT FROM NEW.number THEN
        RAISE EXCEPTION 'number % was not drawn from the book', NEW.number USING ERRCODE = 'check_violation';
      END IF;
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.request_id, NEW.seq, NEW.kind, NEW.step_id, NEW.authority_id, NEW.year, NEW.number, NEW.content,
      NEW.written_at, NEW.signed_by_id, NEW.payment_id)
     IS DISTINCT FROM
     (OLD.id, OLD.request_id, OLD.seq, OLD.kind, OLD.step_id, OLD.authority_id, OLD.year, OLD.number, OLD.content,
      OLD.written_at, OLD.signed_by_id, OLD.payment_id) THEN
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
"""
BACKWARD = f"""
CREATE OR REPLACE FUNCTION public.requests_paper_guard() RETURNS trigger {HEAD} AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0021_fee_categories")]
    operations = [
        migrations.AddField(
            "paper",
            "payment",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="paper",
                to="requests.paymententry",
            ),
        ),
        migrations.AddConstraint(
            "paper",
            models.CheckConstraint(
                condition=Q(kind="fee_receipt", payment__isnull=False)
                | ~Q(kind="fee_receipt") & Q(payment__isnull=True),
                name="paper_fee_receipt_is_of_money",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
