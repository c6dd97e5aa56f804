"""Metrics: accumulated chunk by chunk, estimated over replications, by group."""
