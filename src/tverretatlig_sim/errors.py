"""The root of every error that is this package's own."""


class TverretatligError(Exception):
    """Something is wrong that the package can name: a scenario, a store, a file to be written."""
