"""How a study is run: tasks, executors, store."""
