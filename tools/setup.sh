#!/bin/sh
# 装好构建所需的一切：先核对系统自带的几样，再装系统包（能装才装）与 Python 包。
#   sh tools/setup.sh book    构建用
#   sh tools/setup.sh test    另加检验用的浏览器
# 缺的系统包装不了时写进 _build/missing-apt，由调用者决定怎么办；Python 环境装不成则失败。
set -eu
cd "$(dirname "$0")/.."
want=${1:-book}
mkdir -p _build

need() { # 命令 Debian包
    command -v "$1" >/dev/null 2>&1 || { echo "缺少 $1。请先安装：sudo apt-get install $2" >&2; exit 1; }
}
need git git
PYTHON=${PYTHON:-python3}
need "$PYTHON" python3
"$PYTHON" - <<'PY' || exit 1
import sys
if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit(f"需要 Python 3.11–3.13，现在是 {sys.version.split()[0]}。可用 PYTHON=python3.12 make book 指定。")
try:
    import ensurepip, venv  # noqa: F401
except ImportError:
    sys.exit("这个 Python 没有 venv。请先安装：sudo apt-get install python3-venv")
PY

# ---- 系统包 ----
packages=$(sed 's/#.*//' apt.txt)
[ "$want" = test ] && packages="$packages $(sed 's/#.*//' tests/apt.txt)"
missing=""
if command -v dpkg-query >/dev/null 2>&1; then
    for p in $packages; do
        case $p in
        chromium)
            # 任何一种 Chrome/Chromium 都行；Ubuntu 的 chromium 包只是 snap 的壳，不去装。
            for b in chromium chromium-browser google-chrome google-chrome-stable; do
                command -v $b >/dev/null 2>&1 && continue 2
            done ;;
        esac
        dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null | grep -q '^installed$' || missing="$missing $p"
    done
fi
rm -f _build/missing-apt
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then sudo=""; elif sudo -n true 2>/dev/null; then sudo="sudo"; else sudo="no"; fi
    if [ "$sudo" != no ]; then
        echo "▶ 安装系统包：$missing"
        if DEBIAN_FRONTEND=noninteractive $sudo sh -c "apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing" >_build/apt.log 2>&1; then
            echo "✓ 系统包"
        else
            tail -5 _build/apt.log >&2
            echo "$missing" >_build/missing-apt
        fi
    else
        echo "$missing" >_build/missing-apt
    fi
fi
if [ -f _build/missing-apt ]; then
    echo "缺少系统包：$missing" >&2
    echo "请运行：sudo apt-get install -y --no-install-recommends$missing" >&2
fi

# ---- Python 包 ----
state=$(cat requirements.lock pyproject.toml tools/setup.sh | "$PYTHON" -c 'import hashlib,sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest(), sys.version)')
if [ "$(cat .venv/.ready 2>/dev/null)" != "$state" ]; then
    echo "▶ 安装 Python 包（.venv）"
    # 换了 Python 版本就重建；否则沿用。
    wanted=$("$PYTHON" -c 'import sys; print(sys.version)')
    [ "$(.venv/bin/python -c 'import sys; print(sys.version)' 2>/dev/null)" = "$wanted" ] || rm -rf .venv
    [ -x .venv/bin/python ] || "$PYTHON" -m venv .venv
    uv=$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements.txt)
    .venv/bin/python -m pip install -q --disable-pip-version-check "uv==$uv"
    .venv/bin/uv pip sync -q --compile-bytecode --require-hashes requirements.lock
    .venv/bin/uv pip install -q --no-deps --no-build-isolation -e .
    echo "$state" >.venv/.ready
    echo "✓ Python 包"
fi
