from . import (
    test_capital,
    test_member_figures,
    test_member_lists,
    test_report_readers,
    test_tools,
)
