"""The classroom app: two arrangements side by side on the same draws, in the browser, without the internet.

The page keeps nothing on the server: everything chosen stands in its address. What it shows is made by plain
functions (``view``, ``bands``, ``story``, ``offers``), which need no browser; ``server`` only carries it.
"""
