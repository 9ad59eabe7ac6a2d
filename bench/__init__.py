"""What `make bench` runs: measurements, each beside the limit it is held against."""
