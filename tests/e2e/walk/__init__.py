"""The steps of the walk, by what they show."""
