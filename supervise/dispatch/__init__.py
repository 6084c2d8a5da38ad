"""Delivery: parcels sealed and sent, each once. Knows the core and the errors, nothing else."""
