"""What answers prompts. The only importers of httpx."""
