"""Wrong variants of what exercises ask for, by subject; each file has a `make` and its slips for some exercises."""
