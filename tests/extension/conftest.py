"""扩展不在包里，先把它的文件夹放上搜索路径。"""

import sys

from tools.paths import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
