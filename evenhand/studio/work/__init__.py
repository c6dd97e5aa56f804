"""Work: the jobs of the studio, in warm processes of their own."""
