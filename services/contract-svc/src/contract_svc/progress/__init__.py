"""How far lines have come: ordered, released, shipped, returned (4-orders). Contracts and orders both show it."""
