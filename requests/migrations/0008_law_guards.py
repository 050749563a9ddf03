"""Guards of the law's rows: never changed or taken away, and each key grows at its end only."""

from django.db import migrations

HEAD = "LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp"
TABLES = ("requests_lawrow", "requests_localrule")

APPEND_ONLY = f"""
CREATE FUNCTION public.requests_law_append_only() RETURNS trigger {HEAD} AS $$
BEGIN
  RAISE EXCEPTION 'the law of the past is not changed: add a row with a later valid_from'
    USING ERRCODE = 'insufficient_privilege';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON public.{table}
  FOR EACH ROW EXECUTE FUNCTION public.requests_law_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON public.{table}
  FOR EACH STATEMENT EXECUTE FUNCTION public.requests_law_append_only();
"""
    for table in TABLES
)

# A later row ends an open one; a row before, between or upon others of its key would change what was the law. An
# office may end its own row early, so there a later row may begin within an earlier one.
GROWS_AT_ITS_END = f"""
CREATE FUNCTION public.requests_lawrow_comes_last() RETURNS trigger {HEAD} AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('law/' || NEW.kind || '/' || NEW.key, 0));
  IF EXISTS (
    SELECT 1 FROM public.requests_lawrow AS row
     WHERE row.kind = NEW.kind AND row.key = NEW.key
       AND (row.valid_from >= NEW.valid_from OR row.valid_to >= NEW.valid_from)
  ) THEN
    RAISE EXCEPTION 'a row of the law begins after every other of its key' USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_lawrow_comes_last BEFORE INSERT ON public.requests_lawrow
  FOR EACH ROW EXECUTE FUNCTION public.requests_lawrow_comes_last();

CREATE FUNCTION public.requests_localrule_comes_last() RETURNS trigger {HEAD} AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(
    hashtextextended('local/' || NEW.authority_id || '/' || NEW.kind || '/' || NEW.channel, 0)
  );
  IF EXISTS (
    SELECT 1 FROM public.requests_localrule AS row
     WHERE row.authority_id = NEW.authority_id AND row.kind = NEW.kind AND row.channel = NEW.channel
       AND row.valid_from >= NEW.valid_from
  ) THEN
    RAISE EXCEPTION 'an office''s rule begins after every other of its kind and channel'
      USING ERRCODE = 'exclusion_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER requests_localrule_comes_last BEFORE INSERT ON public.requests_localrule
  FOR EACH ROW EXECUTE FUNCTION public.requests_localrule_comes_last();
"""

BACKWARD = (
    "".join(
        f"DROP TRIGGER {table}_comes_last ON public.{table}; DROP FUNCTION public.{table}_comes_last();\n"
        f"DROP TRIGGER {table}_no_truncate ON public.{table};\nDROP TRIGGER {table}_append_only ON public.{table};\n"
        for table in TABLES
    )
    + "DROP FUNCTION public.requests_law_append_only();\n"
)


class Migration(migrations.Migration):
    dependencies = [("requests", "0007_law_rows")]
    operations = [migrations.RunSQL(APPEND_ONLY + GROWS_AT_ITS_END, BACKWARD)]
