"""What the accounts of a chart are in the words of the cooperatives' regulation.

By template of chart, the beginnings of codes; the longest one counts.
"""

EQUITY_SECTIONS = {
    "ca_2023": {
        "311": "preferred",
        "312": "common",
        "321": "surplus",
        "322": "surplus",
        "330": "contributed",
        "344": "contributed",
        "360": "reserve",
    },
}
# Income that is no operation with anybody: grants, dividends, interest, transfers
# within the organisation, discounts obtained, gains.
NOT_OPERATIONS = {
    "ca_2023": ("4131", "413310", "421", "422", "4231", "4232", "6"),
}


def equity_section(chart, code):
    """The section of equity of an account, or None.

    >>> equity_section("ca_2023", "360000"), equity_section("ca_2023", "345000")
    ('reserve', None)
    """
    return _longest(EQUITY_SECTIONS.get(chart, {}), code)


def is_operation(chart, code):
    """Whether income of that account is of operations.

    >>> is_operation("ca_2023", "411200"), is_operation("ca_2023", "422100")
    (True, False)
    """
    return not code.startswith(NOT_OPERATIONS.get(chart, ()))


def _longest(by_prefix, code):
    found = [prefix for prefix in by_prefix if code.startswith(prefix)]
    return by_prefix[max(found, key=len)] if found else None
