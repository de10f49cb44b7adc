from . import event_event, event_registration
