"""What writes pages of the documentation; not part of the package."""
