"""Comments: found by syntax, told apart, rewritten so that nothing else changes."""
