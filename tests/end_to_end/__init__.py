"""The command as users meet it: what it prints and writes, what it refuses, and how it ends."""
