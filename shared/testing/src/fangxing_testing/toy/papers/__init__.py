"""Papers: the example of a document with one approval; docs/recipes.md walks through it."""
