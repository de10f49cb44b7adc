"""First in PYTHONPATH, it makes a server live on the next day."""

from datetime import datetime, timedelta, timezone

try:
    from freezegun import freeze_time
except ModuleNotFoundError:
    pass  # The Python of the command itself, not that of the server.
else:
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    freeze_time(now + timedelta(days=1), tick=True).start()
