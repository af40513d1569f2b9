"""doit 的进度报告：一行一步，末尾列出各步秒数。"""

from __future__ import annotations

import sys
import time

from doit.reporter import ConsoleReporter


class Reporter(ConsoleReporter):
    """中文进度；失败时给出该步的输出，不给 Python 回溯。"""

    desc = "中文进度"

    def __init__(self, outstream, options):
        super().__init__(outstream, options)
        self.started: dict[str, float] = {}
        self.seconds: dict[str, float] = {}
        self.failed: list = []
        self.skipped: list[str] = []

    def _say(self, text: str) -> None:
        self.write(text + "\n")
        self.outstream.flush()

    def execute_task(self, task):
        if task.actions:
            self.started[task.name] = time.monotonic()
            self._say(f"▶ {task.doc or task.name}")

    def _done(self, task):
        if task.name in self.started:
            self.seconds[task.doc or task.name] = time.monotonic() - self.started[task.name]

    def add_success(self, task):
        if task.name in self.started:
            self._done(task)
            self._say(f"✓ {task.doc or task.name}（{self.seconds[task.doc or task.name]:.1f} 秒）")

    def skip_uptodate(self, task):
        if task.actions:
            self.skipped.append(task.doc or task.name)

    def add_failure(self, task, fail):
        self._done(task)
        self.failed.append(task)
        self._say(f"✗ {task.doc or task.name}")
        for stream in (task.actions[-1].out, task.actions[-1].err) if task.actions else ():
            if stream:
                self._say("    " + stream.strip().replace("\n", "\n    "))

    def complete_run(self):
        if self.skipped:
            self._say(f"· 已是最新，未重做：{len(self.skipped)} 步")
        if self.seconds:
            self._say("各步用时（秒）：" + "，".join(f"{name} {s:.1f}" for name, s in self.seconds.items()))
        if self.failed:
            self._say("未完成：" + "、".join(t.doc or t.name for t in self.failed) + "。原有的书没有动。")

    def runtime_error(self, msg):
        sys.stderr.write(msg + "\n")
