"""The same expressions in another engine: `make differential`."""
