"""What PostgreSQL itself keeps of the ledgers of shares; the uninstall hook drops it.

Each refusal names a declared constraint of ``consortium.share.entry``, for people to
read that one's message.

Turns: two transactions that move the shares of one holder write the same row of
``consortium_share_turn``. The second waits; when the first has committed PostgreSQL
refuses it (its snapshot is older) and Odoo tries it again, on what is then true. So the
checks below see every entry that counts.
"""

from odoo.tools import SQL

FUNCTIONS = (
    "consortium_share_append_only",
    "consortium_share_entry_checked",
    "consortium_share_entry_balanced",
)

TRIGGERS = SQL(
    """
    CREATE TABLE IF NOT EXISTS consortium_share_turn (
        partner_id integer NOT NULL,
        share_class_id integer NOT NULL,
        turns bigint NOT NULL,
        last_date date NOT NULL,
        PRIMARY KEY (partner_id, share_class_id)
    );

    CREATE OR REPLACE FUNCTION consortium_share_append_only()
    RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'an entry of the ledger of shares is never changed nor deleted'
        USING ERRCODE = 'check_violation',
              TABLE = 'consortium_share_entry',
              CONSTRAINT = 'consortium_share_entry_append_only';
    END $$;

    CREATE OR REPLACE FUNCTION consortium_share_entry_checked()
    RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        latest date;
        held integer;
    BEGIN
        INSERT INTO consortium_share_turn AS turn
            VALUES (NEW.partner_id, NEW.share_class_id, 1, NEW.date)
            ON CONFLICT (partner_id, share_class_id) DO UPDATE
            SET turns = turn.turns + 1,
                last_date = greatest(turn.last_date, NEW.date)
            RETURNING last_date INTO latest;
        IF latest > NEW.date THEN
            RAISE EXCEPTION 'a later entry exists' USING ERRCODE = 'check_violation',
                TABLE = 'consortium_share_entry',
                CONSTRAINT = 'consortium_share_entry_in_order';
        END IF;
        IF NEW.quantity < 0 THEN
            SELECT coalesce(sum(quantity), 0) INTO held
              FROM consortium_share_entry
             WHERE partner_id = NEW.partner_id
               AND share_class_id = NEW.share_class_id
               AND coalesce(origin_entry_id, id) = NEW.origin_entry_id;
            IF held + NEW.quantity < 0 THEN
                RAISE EXCEPTION 'not so many shares' USING ERRCODE = 'check_violation',
                    TABLE = 'consortium_share_entry',
                    CONSTRAINT = 'consortium_share_entry_no_negative';
            END IF;
        END IF;
        RETURN NEW;
    END $$;

    CREATE OR REPLACE FUNCTION consortium_share_entry_balanced()
    RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT sum(quantity) FROM consortium_share_entry
             WHERE operation_id = NEW.operation_id AND kind = 'transfer') <> 0 THEN
            RAISE EXCEPTION 'a transfer balances' USING ERRCODE = 'check_violation',
                TABLE = 'consortium_share_entry',
                CONSTRAINT = 'consortium_share_entry_balanced';
        END IF;
        RETURN NULL;
    END $$;

    DROP TRIGGER IF EXISTS frozen_rows ON consortium_share_entry;
    CREATE TRIGGER frozen_rows BEFORE UPDATE OR DELETE ON consortium_share_entry
        FOR EACH ROW EXECUTE FUNCTION consortium_share_append_only();
    DROP TRIGGER IF EXISTS frozen_table ON consortium_share_entry;
    CREATE TRIGGER frozen_table BEFORE TRUNCATE ON consortium_share_entry
        FOR EACH STATEMENT EXECUTE FUNCTION consortium_share_append_only();
    DROP TRIGGER IF EXISTS checked_rows ON consortium_share_entry;
    CREATE TRIGGER checked_rows BEFORE INSERT ON consortium_share_entry
        FOR EACH ROW EXECUTE FUNCTION consortium_share_entry_checked();
    DROP TRIGGER IF EXISTS balanced_rows ON consortium_share_entry;
    CREATE CONSTRAINT TRIGGER balanced_rows AFTER INSERT ON consortium_share_entry
        DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.kind = 'transfer')
        EXECUTE FUNCTION consortium_share_entry_balanced();
    """
)

PAYMENT_TRIGGERS = SQL(
    """
    DROP TRIGGER IF EXISTS frozen_rows ON consortium_share_payment;
    CREATE TRIGGER frozen_rows BEFORE UPDATE OR DELETE ON consortium_share_payment
        FOR EACH ROW EXECUTE FUNCTION consortium_share_append_only();
    DROP TRIGGER IF EXISTS frozen_table ON consortium_share_payment;
    CREATE TRIGGER frozen_table BEFORE TRUNCATE ON consortium_share_payment
        FOR EACH STATEMENT EXECUTE FUNCTION consortium_share_append_only();
    """
)
