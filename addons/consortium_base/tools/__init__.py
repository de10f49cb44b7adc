from . import legal_value, neq, organization_file, organization_plan, text
