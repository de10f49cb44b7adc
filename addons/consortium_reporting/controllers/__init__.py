from . import annual_report, indicator_import
