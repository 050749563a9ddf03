"""Guards: two people are two people, what was shown and said stays, and nobody looks the register up alone."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
KEPT = (
    "candidatedecision",
    "candidatecase",
    "settlement",
    "showncomparison",
    "freesearch",
    "freesearchruling",
    "freesearchquestion",
    "oddlook",
)

APPEND_ONLY = f"""
CREATE FUNCTION public.requests_deciding_append_only() RETURNS trigger {HEAD} AS $$
BEGIN
  RAISE EXCEPTION 'what was decided, shown and looked at is only added to' USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"CREATE TRIGGER requests_{table}_kept BEFORE UPDATE OR DELETE ON public.requests_{table}\n"
    "  FOR EACH ROW EXECUTE FUNCTION public.requests_deciding_append_only();\n"
    f"CREATE TRIGGER requests_{table}_not_emptied BEFORE TRUNCATE ON public.requests_{table}\n"
    "  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_deciding_append_only();\n"
    for table in KEPT
)

# A comparison is what its digest says, and a decision was made on a comparison of its own request.
SHOWN = f"""
CREATE FUNCTION public.requests_comparison_is_whole() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NEW.sha256 <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'a comparison and its digest differ' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_comparison_is_whole BEFORE INSERT ON public.requests_showncomparison
  FOR EACH ROW EXECUTE FUNCTION public.requests_comparison_is_whole();

CREATE FUNCTION public.requests_decision_was_shown() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.requests_showncomparison AS shown
     WHERE shown.id = NEW.shown_id AND shown.request_id = NEW.request_id AND shown.findings_digest = NEW.findings_digest
  ) THEN
    RAISE EXCEPTION 'a decision needs what was on the screen' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_decision_was_shown BEFORE INSERT ON public.requests_candidatedecision
  FOR EACH ROW EXECUTE FUNCTION public.requests_decision_was_shown();
"""

SETTLED = f"""
CREATE FUNCTION public.requests_settled_by_two() RETURNS trigger {HEAD} AS $$
DECLARE
  settled record;
  one record;
  two record;
  three record;
BEGIN
  SELECT * INTO settled FROM public.requests_candidatecase WHERE id = NEW.case_id;
  SELECT d.*, u.person_key INTO one FROM public.requests_candidatedecision AS d
    JOIN public.accounts_user AS u ON u.id = d.by_id WHERE d.id = NEW.first_id;
  SELECT d.*, u.person_key INTO two FROM public.requests_candidatedecision AS d
    JOIN public.accounts_user AS u ON u.id = d.by_id WHERE d.id = NEW.second_id;
  IF (one.request_id, one.findings_digest, one.register_id) IS DISTINCT FROM
       (settled.request_id, settled.findings_digest, NEW.register_id)
     OR (two.request_id, two.findings_digest, two.register_id) IS DISTINCT FROM
       (settled.request_id, settled.findings_digest, NEW.register_id)
     OR one.as_leader OR two.as_leader THEN
    RAISE EXCEPTION 'settled by decisions about this candidate' USING ERRCODE = 'check_violation';
  END IF;
  IF one.person_key IS NULL OR two.person_key IS NULL OR one.person_key = two.person_key OR one.by_id = two.by_id THEN
    RAISE EXCEPTION 'a case of two people needs two persons' USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.third_id IS NULL THEN
    IF one.decision <> two.decision OR NEW.decision <> one.decision THEN
      RAISE EXCEPTION 'where two differ, a third decides' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  SELECT d.*, u.person_key INTO three FROM public.requests_candidatedecision AS d
    JOIN public.accounts_user AS u ON u.id = d.by_id WHERE d.id = NEW.third_id;
  IF (three.request_id, three.findings_digest, three.register_id) IS DISTINCT FROM
       (settled.request_id, settled.findings_digest, NEW.register_id)
     OR NOT three.as_leader OR NEW.decision <> three.decision THEN
    RAISE EXCEPTION 'settled by decisions about this candidate' USING ERRCODE = 'check_violation';
  END IF;
  IF three.person_key IS NULL OR three.person_key IN (one.person_key, two.person_key) THEN
    RAISE EXCEPTION 'who decides between two is a third person' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_settled_by_two BEFORE INSERT ON public.requests_settlement
  FOR EACH ROW EXECUTE FUNCTION public.requests_settled_by_two();

CREATE FUNCTION public.requests_verified_after_two() RETURNS trigger {HEAD} AS $$
DECLARE
  newest record;
BEGIN
  IF NEW.state <> 'verified' OR OLD.state <> 'reviewing' THEN
    RETURN NEW;
  END IF;
  SELECT * INTO newest FROM public.requests_candidatecase
    WHERE request_id = NEW.id AND declaration_id = NEW.declaration_id ORDER BY id DESC LIMIT 1;
  IF newest.two_people <> '' AND EXISTS (
    SELECT 1 FROM jsonb_array_elements_text(newest.register_ids) AS wanted(register_id)
     WHERE NOT EXISTS (
       SELECT 1 FROM public.requests_settlement AS s
        WHERE s.case_id = newest.id AND s.register_id = wanted.register_id
     )
  ) THEN
    RAISE EXCEPTION 'a case of two people is not settled' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_verified_after_two BEFORE UPDATE ON public.requests_certificaterequest
  FOR EACH ROW EXECUTE FUNCTION public.requests_verified_after_two();
"""

FREE_SEARCHES = f"""
CREATE FUNCTION public.requests_free_search_by_two() RETURNS trigger {HEAD} AS $$
DECLARE
  asker text;
  ruler text;
BEGIN
  SELECT u.person_key INTO asker FROM public.requests_freesearch AS s
    JOIN public.accounts_user AS u ON u.id = s.asked_by_id WHERE s.id = NEW.search_id;
  SELECT person_key INTO ruler FROM public.accounts_user WHERE id = NEW.by_id;
  IF asker IS NULL OR ruler IS NULL OR asker = ruler THEN
    RAISE EXCEPTION 'a free search needs two persons' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_free_search_by_two BEFORE INSERT ON public.requests_freesearchruling
  FOR EACH ROW EXECUTE FUNCTION public.requests_free_search_by_two();

CREATE FUNCTION public.requests_free_search_is_allowed() RETURNS trigger {HEAD} AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.requests_freesearchruling AS r
      JOIN public.requests_freesearch AS s ON s.id = r.search_id
      JOIN public.records_recordlookup AS l ON l.id = NEW.lookup_id
     WHERE s.id = NEW.search_id AND r.allowed AND l.asked_by_id = s.asked_by_id
       AND l.asked_at >= r.at AND l.asked_at < r.visible_until
  ) THEN
    RAISE EXCEPTION 'a free search is put by who asked, while it is allowed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_free_search_is_allowed BEFORE INSERT ON public.requests_freesearchquestion
  FOR EACH ROW EXECUTE FUNCTION public.requests_free_search_is_allowed();
"""

BACKWARD = """
DROP TRIGGER requests_free_search_is_allowed ON public.requests_freesearchquestion;
DROP FUNCTION public.requests_free_search_is_allowed();
DROP TRIGGER requests_free_search_by_two ON public.requests_freesearchruling;
DROP FUNCTION public.requests_free_search_by_two();
DROP TRIGGER requests_verified_after_two ON public.requests_certificaterequest;
DROP FUNCTION public.requests_verified_after_two();
DROP TRIGGER requests_settled_by_two ON public.requests_settlement;
DROP FUNCTION public.requests_settled_by_two();
DROP TRIGGER requests_decision_was_shown ON public.requests_candidatedecision;
DROP FUNCTION public.requests_decision_was_shown();
DROP TRIGGER requests_comparison_is_whole ON public.requests_showncomparison;
DROP FUNCTION public.requests_comparison_is_whole();
""" + "".join(
    f"DROP TRIGGER requests_{table}_not_emptied ON public.requests_{table};\n"
    f"DROP TRIGGER requests_{table}_kept ON public.requests_{table};\n"
    for table in KEPT
) + "DROP FUNCTION public.requests_deciding_append_only();\n"


class Migration(migrations.Migration):
    dependencies = [("requests", "0028_two_people_and_looks"), ("records", "0005_lookup_keeps_its_matching")]
    operations = [migrations.RunSQL(APPEND_ONLY + SHOWN + SETTLED + FREE_SEARCHES, BACKWARD)]
