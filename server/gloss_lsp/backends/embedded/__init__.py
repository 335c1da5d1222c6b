"""A model that comes with Gloss: the engine of xllamacpp in a child process, weights from Python packages.

- `weights.py` finds the parts of a model among the installed packages, and puts them together.
- `lock.py` keeps two processes from doing so at once.
- `engine.py` is the program of the child: the only importer of xllamacpp.
- `process.py` starts the child, and knows when it has ended.
- `wire.py` is what the child says over HTTP.
- `client.py` is the backend.
"""
