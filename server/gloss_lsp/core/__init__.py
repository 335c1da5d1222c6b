"""Pure functions over texts: strings and offsets in, values out."""
