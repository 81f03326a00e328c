"""Rows of the cycle are never edited; words are only ever emptied."""

from django.db import migrations

from denizen.kit.db import append_only

TABLES = (
    "trial", "position", "positionanswer", "waiver", "resultcheck", "supervision", "feedback", "feedbacktaken",
)  # fmt: skip

WORDS_ONLY_EMPTIED = """
CREATE FUNCTION rulebook_words_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.text = '' AND NEW.language = OLD.language AND NEW.emptied_at IS NOT NULL THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '% is append-only: words are only ever emptied', TG_TABLE_NAME USING ERRCODE = 'DZ001';
END $$;
CREATE TRIGGER rulebook_words_only_emptied BEFORE UPDATE OR DELETE ON rulebook_words
FOR EACH ROW EXECUTE FUNCTION rulebook_words_only_emptied();
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0004_cycle")]
    operations = [
        *(migrations.RunSQL(append_only(f"rulebook_{table}"), migrations.RunSQL.noop) for table in TABLES),
        migrations.RunSQL(WORDS_ONLY_EMPTIED, migrations.RunSQL.noop),
    ]
