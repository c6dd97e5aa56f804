"""Runs: replications, the records that they leave, and what an experiment is made of."""
