"""Guards of requests: no state without history, no history rewritten, no certificate by one person alone."""

from django.db import migrations

STEPS = [
    ("abandon_signing", "signing", "verified"),
    ("answer_supplement", "needs_supplement", "consulting"),
    ("answer_supplement", "needs_supplement", "received"),
    ("answer_supplement", "needs_supplement", "reviewing"),
    ("answer_supplement", "needs_supplement", "submitted"),
    ("approve", "verified", "signing"),
    ("ask_payment", "submitted", "awaiting_payment"),
    ("ask_supplement", "consulting", "needs_supplement"),
    ("ask_supplement", "reviewing", "needs_supplement"),
    ("ask_supplement", "submitted", "needs_supplement"),
    ("consult", "reviewing", "consulting"),
    ("deliver", "issued", "delivered"),
    ("finish_consulting", "consulting", "reviewing"),
    ("finish_search", "received", "reviewing"),
    ("issue", "signing", "issued"),
    ("receive", "submitted", "received"),
    ("record_payment", "awaiting_payment", "submitted"),
    ("refuse", "submitted", "refused"),
    ("return_to_clerk", "verified", "reviewing"),
    ("search_again", "reviewing", "received"),
    ("search_again", "verified", "received"),
    ("stop", "awaiting_payment", "stopped"),
    ("stop", "consulting", "stopped"),
    ("stop", "needs_supplement", "stopped"),
    ("stop", "received", "stopped"),
    ("stop", "reviewing", "stopped"),
    ("submit", "draft", "submitted"),
    ("verify", "reviewing", "verified"),
    ("withdraw", "awaiting_payment", "withdrawn"),
    ("withdraw", "consulting", "withdrawn"),
    ("withdraw", "needs_supplement", "withdrawn"),
    ("withdraw", "received", "withdrawn"),
    ("withdraw", "reviewing", "withdrawn"),
    ("withdraw", "submitted", "withdrawn"),
    ("withdraw", "verified", "withdrawn"),
]
HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
VALUES = ",\n    ".join(f"('{step}', '{source}', '{target}')" for step, source, target in STEPS)

KNOWN_STEPS = f"""
CREATE FUNCTION public.requests_step_is_known() RETURNS trigger {HEAD} AS $$
BEGIN
  IF (NEW.step, NEW.from_state, NEW.to_state) NOT IN (
    {VALUES}
  ) THEN
    RAISE EXCEPTION 'no such step: % % -> %', NEW.step, NEW.from_state, NEW.to_state USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_step_is_known BEFORE INSERT ON public.requests_requeststep
  FOR EACH ROW EXECUTE FUNCTION public.requests_step_is_known();
"""

APPEND_ONLY = f"""
CREATE FUNCTION public.requests_history_append_only() RETURNS trigger {HEAD} AS $$
BEGIN
  RAISE EXCEPTION 'the history of a request is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER requests_history_append_only BEFORE UPDATE OR DELETE ON public.requests_requeststep
  FOR EACH ROW EXECUTE FUNCTION public.requests_history_append_only();
CREATE TRIGGER requests_history_no_truncate BEFORE TRUNCATE ON public.requests_requeststep
  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_history_append_only();
"""

REQUEST = f"""
CREATE FUNCTION public.requests_request_born_as_draft() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NEW.state <> 'draft' OR NEW.step_count <> 0 OR NEW.verified_by_id IS NOT NULL OR NEW.approved_by_id IS NOT NULL
     OR NEW.certificate_id IS NOT NULL THEN
    RAISE EXCEPTION 'a request begins as a draft' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_request_born_as_draft BEFORE INSERT ON public.requests_certificaterequest
  FOR EACH ROW EXECUTE FUNCTION public.requests_request_born_as_draft();

CREATE FUNCTION public.requests_request_not_deleted() RETURNS trigger {HEAD} AS $$
BEGIN
  IF OLD.step_count <> 0 THEN
    RAISE EXCEPTION 'only a draft may be deleted' USING ERRCODE = 'check_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER requests_request_not_deleted BEFORE DELETE ON public.requests_certificaterequest
  FOR EACH ROW EXECUTE FUNCTION public.requests_request_not_deleted();

CREATE FUNCTION public.requests_request_moves_by_steps() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NEW.code <> OLD.code OR NEW.filed_by_id <> OLD.filed_by_id
     OR (OLD.dossier_number IS NOT NULL AND NEW.dossier_number IS DISTINCT FROM OLD.dossier_number)
     OR (OLD.received_at IS NOT NULL AND NEW.received_at IS DISTINCT FROM OLD.received_at)
     OR (OLD.certificate_id IS NOT NULL AND NEW.certificate_id IS DISTINCT FROM OLD.certificate_id) THEN
    RAISE EXCEPTION 'code, filer, dossier number, time of receipt and certificate are set once'
      USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state = OLD.state THEN
    IF NEW.step_count <> OLD.step_count THEN
      RAISE EXCEPTION 'step_count grows only with a step' USING ERRCODE = 'check_violation';
    END IF;
  ELSIF NEW.step_count <> OLD.step_count + 1 OR NOT EXISTS (
    SELECT 1 FROM public.requests_requeststep AS step
     WHERE step.request_id = OLD.id AND step.seq = NEW.step_count
       AND step.from_state = OLD.state AND step.to_state = NEW.state
  ) THEN
    RAISE EXCEPTION 'a change of state needs its row of history' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_request_moves_by_steps BEFORE UPDATE ON public.requests_certificaterequest
  FOR EACH ROW EXECUTE FUNCTION public.requests_request_moves_by_steps();
"""

FOUR_EYES = f"""
CREATE FUNCTION public.requests_four_eyes() RETURNS trigger {HEAD} AS $$
DECLARE
  verifier text;
  approver text;
BEGIN
  IF NEW.verified_by_id IS DISTINCT FROM OLD.verified_by_id AND NOT (
    (OLD.verified_by_id IS NULL AND NEW.state = 'verified' AND OLD.state <> 'verified')
    OR (NEW.verified_by_id IS NULL AND NEW.state IN ('reviewing', 'received') AND OLD.state <> NEW.state)
  ) THEN
    RAISE EXCEPTION 'verified_by is set by verify and cleared by going back' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id AND NOT (
    (OLD.approved_by_id IS NULL AND NEW.state = 'signing' AND OLD.state = 'verified')
    OR (NEW.approved_by_id IS NULL AND NEW.state = 'verified' AND OLD.state = 'signing')
  ) THEN
    RAISE EXCEPTION 'approved_by is set by approve and cleared by abandon_signing' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.state IN ('signing', 'issued', 'delivered') THEN
    SELECT person_key INTO verifier FROM public.accounts_user WHERE id = NEW.verified_by_id;
    SELECT person_key INTO approver FROM public.accounts_user WHERE id = NEW.approved_by_id;
    IF verifier IS NULL OR approver IS NULL OR verifier = approver THEN
      RAISE EXCEPTION 'a certificate needs two persons' USING ERRCODE = 'check_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_four_eyes BEFORE UPDATE ON public.requests_certificaterequest
  FOR EACH ROW EXECUTE FUNCTION public.requests_four_eyes();
"""

FROZEN = f"""
CREATE FUNCTION public.requests_declaration_frozen() RETURNS trigger {HEAD} AS $$
BEGIN
  IF OLD.frozen_at IS NOT NULL THEN
    RAISE EXCEPTION 'a frozen declaration does not change' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_declaration_frozen BEFORE UPDATE OR DELETE ON public.requests_declaration
  FOR EACH ROW EXECUTE FUNCTION public.requests_declaration_frozen();

CREATE FUNCTION public.requests_declared_rows_frozen() RETURNS trigger {HEAD} AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND EXISTS (
    SELECT 1 FROM public.requests_declaration AS d WHERE d.id = OLD.declaration_id AND d.frozen_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'a frozen declaration does not change' USING ERRCODE = 'check_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF EXISTS (
    SELECT 1 FROM public.requests_declaration AS d WHERE d.id = NEW.declaration_id AND d.frozen_at IS NOT NULL
  ) THEN
    RAISE EXCEPTION 'a frozen declaration does not change' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
"""
ROWS = ("declaredname", "declareddocument", "declaredresidence")
FROZEN_ROWS = "".join(
    f"CREATE TRIGGER requests_{row}_frozen BEFORE INSERT OR UPDATE OR DELETE ON public.requests_{row}\n"
    "  FOR EACH ROW EXECUTE FUNCTION public.requests_declared_rows_frozen();\n"
    for row in ROWS
)
BACKWARD = """
DROP TRIGGER requests_declaredresidence_frozen ON public.requests_declaredresidence;
DROP TRIGGER requests_declareddocument_frozen ON public.requests_declareddocument;
DROP TRIGGER requests_declaredname_frozen ON public.requests_declaredname;
DROP FUNCTION public.requests_declared_rows_frozen();
DROP TRIGGER requests_declaration_frozen ON public.requests_declaration;
DROP FUNCTION public.requests_declaration_frozen();
DROP TRIGGER requests_four_eyes ON public.requests_certificaterequest;
DROP FUNCTION public.requests_four_eyes();
DROP TRIGGER requests_request_moves_by_steps ON public.requests_certificaterequest;
DROP FUNCTION public.requests_request_moves_by_steps();
DROP TRIGGER requests_request_not_deleted ON public.requests_certificaterequest;
DROP FUNCTION public.requests_request_not_deleted();
DROP TRIGGER requests_request_born_as_draft ON public.requests_certificaterequest;
DROP FUNCTION public.requests_request_born_as_draft();
DROP TRIGGER requests_history_no_truncate ON public.requests_requeststep;
DROP TRIGGER requests_history_append_only ON public.requests_requeststep;
DROP FUNCTION public.requests_history_append_only();
DROP TRIGGER requests_step_is_known ON public.requests_requeststep;
DROP FUNCTION public.requests_step_is_known();
"""


class Migration(migrations.Migration):
    dependencies = [("requests", "0001_initial")]
    operations = [
        migrations.RunSQL(KNOWN_STEPS + APPEND_ONLY + REQUEST + FOUR_EYES + FROZEN + FROZEN_ROWS, BACKWARD)
    ]
