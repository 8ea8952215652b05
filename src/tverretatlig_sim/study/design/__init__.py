"""What a study asks: its file, arrangements, factors and design."""
