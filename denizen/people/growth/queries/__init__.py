"""What others may ask of growth."""

from denizen.people.growth.queries.persons import persons_named

__all__ = ["persons_named"]
