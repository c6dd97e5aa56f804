"""Forms: settings as fields that a person fills in, and what was filled in as changes of a file."""
