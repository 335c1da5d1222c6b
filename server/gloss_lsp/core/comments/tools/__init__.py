"""What the tools of each language look for in comments, as patterns that match from their words' beginning.

Each pattern is what the tool's own documentation says it looks for. ``LOOSE`` counts behind white
space too, ``TIGHT`` only right behind the marker (``//go:build``, ``#!``).
"""
