"""Doing the same for many items: here, in threads, in processes, on a Dask cluster."""
