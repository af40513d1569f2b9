"""产业链断供图：脚本逐例与包里的 knock_out 一致，没有脚本时只见静态的图。"""

import random

from chokepoint.findings import industry_chain as chain

PAGE = "book/identify/industry_chain.html"
PANEL = "#fig-chn-knockout-panel"
READY = PANEL
#: 一次设好全部控件，读出每个节点的状态与那句话。
RUN = """([codes, reading, remainder, threshold]) => {
  const panel = document.querySelector('#fig-chn-knockout-panel');
  const [how, rest] = panel.querySelectorAll('select');
  how.value = reading; rest.value = remainder;
  panel.querySelector('input[type=range]').value = threshold;
  panel.querySelectorAll('input[type=checkbox]').forEach(box => { box.checked = codes.includes(box.value); });
  how.dispatchEvent(new Event('change'));
  return [[...panel.querySelectorAll('svg[role=img] .chain-node')].map(node => node.dataset.state),
    panel.querySelector('.chain-status').textContent];
}"""


def cases():
    codes = [p[0] for p in chain.payload(("NLD",))["providers"]]
    alone = [((code,), reading, "others", 65) for code in codes for reading in chain.READINGS]
    dice = random.Random(65)
    mixed = [
        (
            tuple(dice.sample(codes, dice.randint(0, 6))),
            dice.choice(list(chain.READINGS)),
            dice.choice(["others", "unknown"]),
            dice.randint(50, 80),
        )
        for _ in range(40)
    ]
    return [*alone, *((s, reading, "unknown", 65) for s in chain.SCENARIOS for reading in chain.READINGS), *mixed]


def test_the_script_agrees_with_the_package(tab):
    order = chain.chain_layout()[0].index
    for gone, reading, remainder, threshold in cases():
        states, _ = tab.evaluate(RUN, [list(gone), reading, remainder, str(threshold)])
        expected = chain.knock_out(gone, reading, remainder, threshold)["state"].loc[order].tolist()
        assert states == expected, (gone, reading, remainder, threshold)


def test_the_sentence_and_the_list_tell_the_count(tab):
    for reading, verdict in (("any", "做得出"), ("all", "做不出")):
        _, sentence = tab.evaluate(RUN, [["NLD"], reading, "others", "65"])
        names = chain.stopped(("NLD",), reading)
        assert f"{len(names)} 个断供" in sentence
        assert f"成品逻辑芯片{verdict}" in sentence
        assert tab.locator(f"{PANEL} details p").first.text_content() == "、".join(names) + "。"


def test_presets_and_keyboard(tab):
    tab.get_by_role("button", name="美国＋日本＋荷兰").click()
    assert "去掉日本、美国、荷兰" in tab.inner_text(f"{PANEL} .chain-status")
    tab.get_by_role("button", name="全不选").press("Enter")
    assert "一家也没去掉" in tab.inner_text(f"{PANEL} .chain-status")
    tab.locator(f"{PANEL} input[value=CHN]").press("Space")
    assert "去掉中国" in tab.inner_text(f"{PANEL} .chain-status")


def test_it_starts_with_the_case_of_the_still(browser, base):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(base + PAGE)
    assert tab.inner_text(f"{PANEL} .chain-status").startswith("去掉荷兰：")
    context.close()


def test_without_scripts_the_still_is_there(browser, base):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(base + PAGE)
    assert not tab.locator(PANEL).is_visible()
    assert tab.locator("#fig-chn-knockout img").is_visible()
    context.close()


def test_a_wrong_rule_would_be_caught(tab):
    """证明：读法弄反了，就有例子对不上。"""
    order = chain.chain_layout()[0].index
    states, _ = tab.evaluate(RUN, [["NLD"], "all", "others", "65"])
    assert states != chain.knock_out(("NLD",), "any")["state"].loc[order].tolist()
