"""The classroom app: two arrangements side by side on the same draws, in the browser, without the internet.

Everything chosen on the page stands in its address; the server keeps no sessions. From the bottom up:
``scheduler`` (cache, priorities), ``library`` (what can be chosen), ``query`` (the address), ``simulation``
(runs), the documents ``view``, ``story``, ``bands`` and ``page``, and ``server``.
"""
