"""让 pytest 无论从哪里收集，都按本书的规矩复核笔记本。"""

pytest_plugins = ["tests.notebooks"]
