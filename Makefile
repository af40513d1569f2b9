# 两条命令：make book 造书，make test 证明它。其余见 make help。
PYTHON ?= python3
BIN := .venv/bin
export PYTHON
export PYTHONHASHSEED := 0
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help setup book bundle classroom test lab bench lock clean

help:  ## 列出可用的命令
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

setup:
	@sh tools/setup.sh book

book: setup  ## 造书：装好所需、执行过期的章节、生成 HTML 与 PDF
	@$(BIN)/python -m tools.book

bundle: book  ## 装进一个压缩包，解开即可离线阅读
	@$(BIN)/python -m tools.bundle

classroom: book  ## 造一个没有互联网也能上课的文件夹：书、幻灯片、练习、数据与安装包
	@$(BIN)/python -m tools.classroom

test:  ## 检验：数据、分析包、每个笔记本、网页、PDF
	@sh tools/setup.sh test
	@$(BIN)/python -m tools.book
	@$(BIN)/python -m tools.check

lab: setup  ## 在中文 JupyterLab 中打开各章
	@$(BIN)/python -m tools.lab

bench: setup  ## 量一量：每页、每章、改一句、改一数各要多久，网页多重
	@$(BIN)/python -m tools.bench

lock:  ## 改了 requirements.txt 之后重新解析 requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command "make lock" requirements.txt -o requirements.lock

clean:  ## 删去生成的文件（不动 .venv 与存好的输出）
	@rm -rf _build .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
