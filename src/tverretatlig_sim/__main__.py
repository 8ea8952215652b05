"""``python -m tverretatlig_sim``: the same as the command ``tverretatlig``."""

from tverretatlig_sim.cli import main

if __name__ == "__main__":
    main()
