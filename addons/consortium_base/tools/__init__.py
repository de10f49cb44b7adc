from . import legal_value, neq, text
