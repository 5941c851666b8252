"""The limit: a server that was written by hand for just the workloads.

Bare ASGI on the same uvicorn, statements of our own on asyncpg, as few as there can be, and
orjson. It answers the same bytes as Inkwell, and checks no more than it has to: which of the
documents it is, whose token, and that a cursor is of the list.
"""
