"""What a scenario says: the market, its people, their grievances, deciders and delays."""
