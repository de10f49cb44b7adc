import logging

# Before they are imported: they tell each step of each document, and each font.
for talkative in ("fontTools", "weasyprint.progress"):
    logging.getLogger(talkative).setLevel(logging.WARNING)
