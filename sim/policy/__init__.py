"""What a policy says, as a checked model and as numbers that stages read."""
