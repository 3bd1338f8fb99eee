"""一主五副: the hub and the five towns, their links, and who keeps which town."""
