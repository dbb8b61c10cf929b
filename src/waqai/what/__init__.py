"""What happened: trigger words, roles, the learned scorer, and the registers drawn from events."""
