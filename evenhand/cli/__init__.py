"""The `evenhand` command: reads what is asked, calls the other rooms, prints what they say."""
