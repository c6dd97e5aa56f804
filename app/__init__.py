"""The `evenhand` command: reads what is asked, calls the other packages, prints and stores what they say."""
