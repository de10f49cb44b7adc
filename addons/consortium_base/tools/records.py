"""Comparing what is to be written with what is there."""


def changed(records, vals, names):
    """The records of which writing ``vals`` changes one of the fields ``names``."""

    def differs(record, name):
        field = record._fields[name]
        new, old = vals[name], record[name]
        return field.convert_to_cache(new, record) != field.convert_to_cache(
            old, record
        )

    given = [name for name in names if name in vals]
    return records.filtered(lambda record: any(differs(record, n) for n in given))
