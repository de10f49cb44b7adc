from . import (
    consortium_annual_report_comparison,
    consortium_financial_screen,
    consortium_indicator_import,
    consortium_indicator_screen,
)
