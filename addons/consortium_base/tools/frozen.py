"""The trigger that keeps what is frozen, whoever writes, by SQL too."""

from odoo.tools import SQL


def keep_frozen(cr, table, frozen="TRUE", allowed="FALSE", constraint=None):
    """Refuse UPDATE and DELETE of the frozen rows of ``table``, and TRUNCATE.

    For a model's ``init``. ``frozen`` and ``allowed`` are SQL of the developer, never
    anything typed in: the first says of OLD which rows are frozen, the second of OLD
    and NEW which UPDATE they take (see ``unchanged`` and ``unchanged_but``). The
    exception names a constraint, by default ``<table>_frozen``: the model declares it,
    for people to read its message.
    """
    cr.execute(
        SQL(
            f"""
            CREATE OR REPLACE FUNCTION %(function)s() RETURNS trigger
            LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'TRUNCATE' THEN
                    IF ({frozen}) IS NOT TRUE THEN
                        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
                    END IF;
                    IF TG_OP = 'UPDATE' THEN
                        IF {allowed} THEN
                            RETURN NEW;
                        END IF;
                    END IF;
                END IF;
                RAISE EXCEPTION 'what is frozen is never changed nor deleted'
                USING ERRCODE = 'check_violation',
                      TABLE = %(name)s, CONSTRAINT = %(constraint)s;
            END $$;
            CREATE OR REPLACE TRIGGER frozen_rows BEFORE UPDATE OR DELETE ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION %(function)s();
            CREATE OR REPLACE TRIGGER frozen_table BEFORE TRUNCATE ON %(table)s
                FOR EACH STATEMENT EXECUTE FUNCTION %(function)s();
            """,
            table=SQL.identifier(table),
            function=SQL.identifier(f"{table}_frozen"),
            name=table,
            constraint=constraint or f"{table}_frozen",
        )
    )


def unchanged(*columns):
    """For ``keep_frozen``: an UPDATE that leaves these columns as they are."""
    old, new = (
        ", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW")
    )
    return f"({old}) IS NOT DISTINCT FROM ({new})"


def unchanged_but(*columns):
    """For ``keep_frozen``: an UPDATE of no other columns, those to come included."""
    free = f"'{{{','.join(('create_uid', 'write_uid', 'write_date', *columns))}}}'"
    return f"to_jsonb(OLD) - {free}::text[] = to_jsonb(NEW) - {free}::text[]"


def drop_frozen(cr, *tables):
    """Drop the functions of ``keep_frozen`` with their triggers, for an uninstall hook:
    Odoo drops tables, not functions, and deletes data before that."""
    for table in tables:
        function = SQL.identifier(f"{table}_frozen")
        cr.execute(SQL("DROP FUNCTION IF EXISTS %s() CASCADE", function))
