"""Sphinx 扩展 ``zhbook`` 各模块的单元测试。"""
