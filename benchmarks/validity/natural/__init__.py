"""Natural experiments: a rule changed somewhere, and people responded. Tried here on paired worlds."""
