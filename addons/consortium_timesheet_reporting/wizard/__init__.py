from . import consortium_financial_screen
