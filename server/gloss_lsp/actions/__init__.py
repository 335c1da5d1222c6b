"""What the user can ask for."""
