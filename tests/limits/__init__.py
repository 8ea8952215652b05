"""Limit cases: laboratory worlds in which the model must equal a closed form."""
