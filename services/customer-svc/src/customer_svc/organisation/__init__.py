"""The organisation 组织: the factory's calendar, its people and their deputies, kept here for all five services."""
