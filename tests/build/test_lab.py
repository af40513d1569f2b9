"""``make lab``：界面是中文，MyST 与图看得见，不向外请求。"""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tools.paths import ROOT, environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    home = tmp_path_factory.mktemp("home")
    env = {**environment(), "JUPYTER_CONFIG_DIR": str(home), "JUPYTERLAB_SETTINGS_DIR": str(home / "settings")}
    options = ["--no-browser", "--port", str(port), "--ServerApp.port_retries=0", "--IdentityProvider.token="]
    with (home / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "tools.lab", *options], cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            for _ in range(120):
                assert server.poll() is None, (home / "log").read_text()
                try:
                    urllib.request.urlopen(f"{url}/api", timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.5)
            else:
                pytest.fail("JupyterLab 一分钟内没有启动：\n" + (home / "log").read_text())
            yield url
        finally:
            server.terminate()
            server.wait(timeout=20)


def test_a_chapter_opens_in_chinese_with_its_figures(lab, browser):
    outside = []
    page = browser.new_page()
    page.on("request", lambda r: outside.append(r.url) if not r.url.startswith((lab, "data:", "blob:")) else None)
    page.goto(f"{lab}/lab/tree/identify/chokepoint_list.ipynb")
    page.wait_for_selector(".jp-Notebook h1", timeout=60_000)
    page.wait_for_selector(".jp-OutputArea-output aside", timeout=30_000)
    title = page.inner_text(".jp-Notebook h1")
    menu = page.inner_text("#jp-MainMenu")
    shown = page.inner_text(".jp-Notebook")
    findings = page.inner_text(".jp-OutputArea-output aside")
    page.locator(".jp-Notebook .jp-Cell", has_text="plots.range_bars(").first.scroll_into_view_if_needed()
    page.wait_for_selector('.jp-OutputArea-output img[src^="data:image/svg"], .jp-RenderedSVG', timeout=30_000)
    page.close()
    assert title == "卡脖子清单"
    assert "文件" in menu
    assert "File" not in menu
    assert "关键发现" in findings
    assert ":::" not in shown, "MyST 没有渲染"
    assert outside == [], outside


def test_every_lab_extension_fits():
    result = subprocess.run(
        [Path(sys.executable).parent / "jupyter-labextension", "list"], capture_output=True, text=True, check=True
    )
    text = result.stdout + result.stderr
    assert "jupyterlab-myst" in text
    assert "not compatible" not in text
