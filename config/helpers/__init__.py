"""What ``./consortium`` is made of: the system's Python, standard library only."""
