from . import test_satisfaction_figures, test_service_figures
