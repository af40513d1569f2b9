"""核对：海关产品清单、半导体设备与集成电路贸易、日本海关、贸易总量与来源、依赖产品、矿物出口。"""

from __future__ import annotations

import pandas as pd

from chokepoint import data

from ._check import Check, compare, count

# ---- 取数的小工具 -----------------------------------------------------------------------------------


def _pairs(frame: pd.DataFrame, label: list[str], left: str, right: str) -> pd.DataFrame:
    """把一个表整理成 compare 要的三列。"""
    words = frame[label].astype(str).agg("，".join, axis=1)
    return pd.DataFrame({"label": words, "left": frame[left], "right": frame[right]}).reset_index(drop=True)


def _named(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """把代码换成中文：枚举列用标签，经济体列用名称。"""
    countries = data.load("countries").set_index("iso3")["name_zh"].to_dict()
    table = frame.attrs.get("table", "")
    for column in columns:
        names = countries if column.endswith("iso3") else data.labels(table, column)
        frame[column] = frame[column].map(names)
    return frame


def _found(totals: pd.DataFrame, row: pd.Series, indicator: str) -> float | None:
    """与一行同商品、年份、时段、单位的另一指标：先取同一来源，再取别的来源。"""
    same = totals[
        (totals["goods"] == row["goods"])
        & (totals["indicator"] == indicator)
        & (totals["iso3"] == row["iso3"])
        & (totals["year"] == row["year"])
        & (totals["period"] == row["period"])
        & (totals["unit"] == row["unit"])
    ]
    if same.empty:
        return None
    own = same[same["source_id"] == row["source_id"]]
    return float((own if len(own) else same)["value"].iloc[0])


# ---- 产品清单 ---------------------------------------------------------------------------------------


def product_descriptions() -> Check:
    """产品清单的英文描述与 35 项技术的海关代理所用的另一份清单是否相同。"""
    ours, proxy = data.load("hs_products"), data.load("hs_proxy").dropna(subset="hs6").drop_duplicates("hs6")
    both = ours.merge(proxy, on="hs6")
    plain = {c: both[c].str.replace("[;:]", "", regex=True).str.lower() for c in ("name_en", "hs_description")}
    return count(
        int((plain["name_en"] == plain["hs_description"]).sum()),
        len(both),
        tables=("hs_products", "hs_proxy"),
        title="海关产品清单的英文描述",
        against="Datahub 所载同一编码的描述（标点不计）",
        remark="两份清单来自不同的转存；只比两表都有的编码。",
    )


def product_validity() -> Check:
    """海关代理用的是 2022 年版编码，产品清单应说它在这一版有效。"""
    ours, proxy = data.load("hs_products"), data.load("hs_proxy")
    used = proxy.loc[proxy["hs_revision"] == "HS2022", "hs6"].unique()
    both = ours[ours["hs6"].isin(used)]
    return count(
        int(both["hs_validity"].isin(["both", "only_2022"]).sum()),
        len(both),
        tables=("hs_products", "hs_proxy"),
        title="2022 年版编码的有效版本",
        against="35 项技术的海关代理所用的 HS 2022 编码",
        remark="只比两表都有的编码。",
    )


# ---- 半导体设备 -------------------------------------------------------------------------------------


def equipment_world_balance() -> Check:
    """三个半导体设备编码：全部申报方的进口之和与出口之和。"""
    trade = _named(data.load("semi_equipment_trade"), "hs6")
    world = trade.groupby(["hs6", "year", "flow"])["value"].sum().unstack("flow").reset_index()
    return compare(
        _pairs(world, ["hs6", "year"], "import", "export"),
        tables=("semi_equipment_trade",),
        title="半导体设备：世界进口之和",
        against="世界出口之和（另一批申报方）",
        tolerance=20,
        floor=0.9,
        remark="进口按 CIF、出口按 FOB，申报方多少也不同；光学检验设备（903141）的缺口最大，进口系统地多于出口。",
    )


def equipment_shares() -> Check:
    """一份 Comtrade 提取里的份额，由金额重算。"""
    trade = _named(data.load("semi_equipment_trade"), "hs6", "flow", "iso3")
    trade = trade[trade["value"] >= 10]
    again = data.load("semi_equipment_trade").groupby(["year", "flow", "hs6"])["value"].transform("sum")
    trade = trade.assign(again=data.load("semi_equipment_trade")["value"] / again * 100)
    return compare(
        _pairs(trade, ["hs6", "flow", "iso3", "year"], "share", "again"),
        tables=("semi_equipment_trade",),
        title="半导体设备：各申报方份额",
        against="由各行金额与其合计重算",
        tolerance=1,
        remark="只比一千万美元以上的行；差来自金额取到十万美元。",
    )


def equipment_mirror() -> Check:
    """日美两国在中国前道设备进口中的份额（镜像）与在世界出口中的份额。"""
    trade, mirror = data.load("semi_equipment_trade"), data.load("exports_to_china")
    code = trade[trade["hs6"] == "848620"]
    imports = code[(code["flow"] == "import") & (code["iso3"] == "CHN")].set_index("year")["value"]
    world = code[(code["flow"] == "export") & code["iso3"].isin(["JPN", "USA"])].groupby("year")["share"].sum()
    sold = mirror[(mirror["hs6"] == "848620") & mirror["exporter_iso3"].isin(["JPN", "USA"])]
    sold = sold.groupby("year")["value"].agg(["sum", "size"]).query("size == 2")["sum"]
    frame = pd.DataFrame({"left": sold / imports * 100, "right": world}).dropna().reset_index()
    return compare(
        _pairs(frame.assign(what="日本与美国"), ["what", "year"], "left", "right"),
        tables=("exports_to_china", "semi_equipment_trade"),
        title="前道设备（848620）：日美申报的对华出口占中国申报的进口",
        against="日美在世界出口中的份额（同一编码）",
        unit="个百分点",
        tolerance=8,
        remark="只能说大致相当：两边分母不同，进口 CIF、出口 FOB；2018 年以前镜像份额较低，2019 年起较高。",
    )


def equipment_growth() -> Check:
    """公开发布的半导体设备进口增速，与出口方申报的前道设备出口增速。"""
    said = data.load("import_origins")
    said = said[said["indicator"].isin(["import_value_yoy_usd", "partner_export_yoy"])]
    mirror = data.load("exports_to_china")
    sold = mirror[mirror["hs6"] == "848620"].set_index(["exporter_iso3", "year"])["value"]
    frame = said.assign(
        now=[sold.get((p, y)) for p, y in zip(said["partner_iso3"], said["year"], strict=True)],
        before=[sold.get((p, y - 1)) for p, y in zip(said["partner_iso3"], said["year"], strict=True)],
    ).dropna(subset=["now", "before"])
    frame["mirror"] = (frame["now"].astype(float) / frame["before"].astype(float) - 1) * 100
    return compare(
        _pairs(_named(frame, "partner_iso3", "indicator"), ["partner_iso3", "indicator", "year"], "value", "mirror"),
        tables=("import_origins", "exports_to_china"),
        title="半导体设备：公开发布的来源方增速",
        against="出口方申报的 848620 对华出口增速",
        unit="个百分点",
        tolerance=10,
        remark="公开的数按较宽或较窄的设备清单，与单个编码不同；方向一致。",
    )


def equipment_levels() -> Check:
    """公开发布的半导体设备来源金额，与出口方申报的前道设备对华出口。"""
    said = data.load("import_origins")
    said = said[
        (said["goods"] == "semiconductor_equipment")
        & (said["indicator"] == "import_value")
        & (said["period"] == "full_year")
    ]
    mirror = data.load("exports_to_china")
    mirror = mirror[mirror["hs6"] == "848620"].rename(columns={"exporter_iso3": "partner_iso3", "value": "sold"})
    both = said.merge(mirror[["partner_iso3", "year", "sold"]], on=["partner_iso3", "year"])
    both["said"] = both["value"] * 100
    both.attrs["table"] = "import_origins"
    return compare(
        _pairs(_named(both, "partner_iso3"), ["partner_iso3", "year"], "said", "sold"),
        tables=("import_origins", "exports_to_china"),
        title="半导体设备：公开发布的来源金额",
        against="出口方申报的 848620 对华出口",
        tolerance=10,
        floor=0.3,
        remark="三对中只有日经 2024 年的日本数相近；2022 年日本的数按 HS 8486 及相关编码，宽于一个编码。"
        "2021 年美国的数比美国申报的出口少三分之一，原因没有查明。三对口径不同，核对很弱，只防大错。",
    )


# ---- 集成电路 ---------------------------------------------------------------------------------------


def circuits_mirror_below_imports() -> Check:
    """2024 年集成电路：出口方直接申报的对华出口不应超过中国记在它名下的进口。"""
    origins, mirror, totals = data.load("import_origins"), data.load("exports_to_china"), data.load("trade_totals")
    chips = totals[(totals["goods"] == "integrated_circuits") & (totals["year"] == 2024)]
    sold = chips[chips["indicator"] == "export_value"].set_index("unit")["value"]
    rate = sold["CNY_100m"] / sold["USD_100m"]
    said = origins[
        (origins["goods"] == "integrated_circuits")
        & (origins["indicator"] == "import_value")
        & (origins["year"] == 2024)
    ].set_index("partner_iso3")["value"]
    chips = mirror[mirror["hs6"].isin(["854231", "854232", "854239"]) & (mirror["year"] == 2024)]
    sold = chips.groupby("exporter_iso3")["value"].sum() / 100
    frame = pd.DataFrame({"imports": said / rate, "exports": sold}).dropna()
    return count(
        int((frame["exports"] <= frame["imports"]).sum()),
        len(frame),
        tables=("exports_to_china", "import_origins", "trade_totals"),
        title="集成电路 2024 年：出口方申报的对华出口不超过中国记的进口",
        against="公开发布的进口来源，按同年出口额的人民币与美元数折算",
        remark="镜像数都明显小于进口额：镜像表不全，经第三地的货两边记法也可能不同。",
    )


def circuits_world_totals() -> Check:
    """韩国、中国香港、中国台湾的集成电路出口：六位编码之和与世贸组织的大类。"""
    mirror, wto = data.load("exports_to_china"), data.load("wto_ic_exports")
    known = mirror[mirror["hs6"].isin(["854231", "854232", "854239"])].dropna(subset="world_total")
    known = (
        known.groupby(["exporter_iso3", "year"])["world_total"].agg(["sum", "size"]).query("size >= 2").reset_index()
    )
    both = known.merge(wto, left_on=["exporter_iso3", "year"], right_on=["iso3", "year"])
    return compare(
        _pairs(_named(both, "iso3"), ["iso3", "year"], "sum", "value"),
        tables=("exports_to_china", "wto_ic_exports"),
        title="集成电路对世界出口：三个六位编码之和",
        against="世贸组织的集成电路与电子元件",
        tolerance=20,
        remark="世贸组织的口径含二极管、晶体管与其他电子元件，六位编码之和系统地少一成多；中国台湾缺 854231 的总额。",
    )


def circuits_economies_and_world() -> Check:
    """世贸组织：各经济体之和与它自己的世界合计。"""
    wto = data.load("wto_ic_exports")
    is_world = wto["iso3"] == "WLD"
    frame = pd.DataFrame(
        {
            "left": wto[~is_world].groupby("year")["value"].sum(),
            "right": wto[is_world].set_index("year")["value"],
        }
    ).dropna()
    return compare(
        _pairs(frame.reset_index(), ["year"], "left", "right"),
        tables=("wto_ic_exports",),
        title="集成电路与电子元件出口：各经济体之和",
        against="世贸组织给出的世界合计",
        tolerance=21,
        remark="世界合计剔除了部分再出口，各经济体之和没有；差距由 2000 年的 3% 扩大到 2018 年的两成。",
    )


# ---- 日本海关 ---------------------------------------------------------------------------------------


def japan_partners_within_world() -> Check:
    """互不重叠的伙伴之和不应超过日本对全世界的总额。"""
    trade = data.load("japan_trade")
    wide = trade.pivot_table(index=["flow", "goods", "year"], columns="partner_iso3", values="value")
    years = wide.index.get_level_values("year").astype(int)
    alone = wide.drop(columns=["WLD", "DEU", "NLD", "GBR"]).sum(axis=1) + wide["GBR"].where(years >= 2020, 0)
    return count(
        int((alone <= wide["WLD"] + 0.01).sum()),
        len(wide),
        tables=("japan_trade",),
        title="日本海关：伙伴之和不超过总额",
        against="同一统计的全世界一行",
        remark="德国、荷兰在欧盟之内，2020 年以前英国也在；缺口是表外的伙伴，有色金属进口的缺口最大。",
    )


def japan_partner_coverage() -> Check:
    """集成电路与半导体制造设备：伙伴之和应接近全世界。"""
    trade = data.load("japan_trade")
    trade = trade[trade["goods"].isin(["integrated_circuits", "semiconductor_devices", "semiconductor_machinery"])]
    wide = trade.pivot_table(index=["flow", "goods", "year"], columns="partner_iso3", values="value")
    years = wide.index.get_level_values("year").astype(int)
    wide["alone"] = wide.drop(columns=["WLD", "DEU", "NLD", "GBR"]).sum(axis=1) + wide["GBR"].where(years >= 2020, 0)
    frame = wide.reset_index()
    frame.attrs["table"] = "japan_trade"
    return compare(
        _pairs(_named(frame, "flow", "goods"), ["goods", "flow", "year"], "alone", "WLD"),
        tables=("japan_trade",),
        title="日本海关：半导体一类商品的伙伴之和",
        against="同一统计的全世界一行",
        tolerance=6,
        remark="集成电路与半导体设备几乎都与表内的伙伴往来；集成电路进口早年有一成以内来自表外。",
    )


def japan_nesting() -> Check:
    """有包含关系的商品，部分不应大于整体。"""
    inside = {
        "integrated_circuits": "semiconductor_devices",
        "semiconductor_devices": "electrical_machinery_total",
        "batteries": "electrical_machinery_total",
        "semiconductor_machinery": "machinery_total",
        "metalworking_machinery": "machinery_total",
        "rolling_bearings": "machinery_total",
        "computers": "machinery_total",
        "power_generating_machinery": "machinery_total",
        "organic_chemicals": "chemicals_total",
        "plastic_materials": "chemicals_total",
        "electrical_machinery_total": "all_goods",
        "machinery_total": "all_goods",
        "chemicals_total": "all_goods",
    }
    wide = data.load("japan_trade").pivot_table(index=["flow", "partner_iso3", "year"], columns="goods", values="value")
    parts = [wide[[part, whole]].dropna().set_axis(["part", "whole"], axis=1) for part, whole in inside.items()]
    both = pd.concat(parts)
    return count(
        int((both["part"] <= both["whole"] + 0.002).sum()),
        len(both),
        tables=("japan_trade",),
        title="日本海关：商品的包含关系",
        against="所属大类的金额",
        remark="逐个流向、伙伴、年份比；13 组包含关系。",
    )


def japan_equipment_share() -> Check:
    """中国占日本半导体设备出口的份额：日本海关的商品分类与六位编码。"""
    trade, code = data.load("japan_trade"), data.load("semi_equipment_trade")
    sales = trade[(trade["goods"] == "semiconductor_machinery") & (trade["flow"] == "export")]
    sales = sales.pivot(index="year", columns="partner_iso3", values="value")
    world = code[(code["hs6"] == "848620") & (code["flow"] == "export") & (code["iso3"] == "JPN")]
    mirror = data.load("exports_to_china")
    mirror = mirror[(mirror["hs6"] == "848620") & (mirror["exporter_iso3"] == "JPN")]
    frame = pd.DataFrame(
        {
            "left": sales["CHN"] / sales["WLD"] * 100,
            "right": mirror.set_index("year")["value"] / world.set_index("year")["value"] * 100,
        }
    ).dropna()
    return compare(
        _pairs(frame.reset_index(), ["year"], "left", "right"),
        tables=("japan_trade", "exports_to_china", "semi_equipment_trade"),
        title="中国占日本半导体制造设备出口的份额（日本海关分类）",
        against="HS 848620 对华出口占日本该编码出口的份额",
        unit="个百分点",
        tolerance=17,
        remark="日本的分类更宽，含平板显示设备（848630），2018 年它对华的金额超过前道设备；两种份额逐年靠近。",
    )


# ---- 贸易总量与来源 ---------------------------------------------------------------------------------


def totals_balance() -> Check:
    """进口减出口等于逆差（顺差记负）；消费额等于产值加进口减出口。"""
    totals, rows = data.load("trade_totals"), []
    for _, row in totals[totals["indicator"].isin(["trade_deficit", "trade_surplus"])].iterrows():
        bought, sold = (_found(totals, row, name) for name in ("import_value", "export_value"))
        if bought is not None and sold is not None:
            gap = bought - sold if row["indicator"] == "trade_deficit" else sold - bought
            rows.append((row["goods"], row["year"], gap, row["value"]))
    for _, row in totals[totals["indicator"] == "consumption_value"].iterrows():
        made, bought, sold = (
            _found(totals, row, name) for name in ("production_value", "import_value", "export_value")
        )
        rows.append((row["goods"], row["year"], made + bought - sold, row["value"]))
    frame = pd.DataFrame(rows, columns=["goods", "year", "left", "right"])
    frame.attrs["table"] = "trade_totals"
    return compare(
        _pairs(_named(frame, "goods"), ["goods", "year"], "left", "right"),
        tables=("trade_totals",),
        title="贸易差额与表观消费：由进口、出口、产值算出",
        against="来源印出的逆差、顺差、消费额",
        tolerance=0.2,
        remark="先用同一来源的进出口，没有则用别的来源；差是取整。",
    )


def totals_two_sources() -> Check:
    """同一个数的两个来源。"""
    totals = data.load("trade_totals")
    plain = totals[totals["conflict"].isna()]
    key = ["goods", "indicator", "iso3", "year", "period", "unit"]
    twice = plain.groupby(key)["value"].agg(["first", "last", "size"]).query("size == 2").reset_index()
    twice.attrs["table"] = "trade_totals"
    return compare(
        _pairs(_named(twice, "goods", "indicator"), ["goods", "indicator", "year"], "first", "last"),
        tables=("trade_totals",),
        title="贸易总量：同一个数的一个来源",
        against="另一个来源",
        tolerance=0.1,
        remark="不含已标为冲突的行；那些行口径不同，见冲突组。",
    )


def totals_unit_values() -> Check:
    """印出的均价，由金额除以数量算出。"""
    totals, rows = data.load("trade_totals"), []
    scale = {"USD_per_piece": ("pieces_100m", 1), "USD_per_tonne": ("Mt", 100)}
    for _, row in totals[totals["unit"].isin(scale)].iterrows():
        flow, (amount, factor) = row["indicator"].split("_")[0], scale[row["unit"]]
        money = _found(totals, row.replace({row["unit"]: "USD_100m"}), f"{flow}_value")
        volume = _found(totals, row.replace({row["unit"]: amount}), f"{flow}_quantity")
        if money is not None and volume is not None:
            rows.append((row["goods"], row["indicator"], row["year"], money / volume * factor, row["value"]))
    frame = pd.DataFrame(rows, columns=["goods", "indicator", "year", "left", "right"])
    frame.attrs["table"] = "trade_totals"
    return compare(
        _pairs(_named(frame, "goods", "indicator"), ["goods", "indicator", "year"], "left", "right"),
        tables=("trade_totals",),
        title="均价：由金额与数量算出",
        against="来源印出的均价",
        tolerance=1,
        remark="集成电路的均价只印到分，差来自取整。",
    )


def totals_growth() -> Check:
    """印出的增速，由相邻两年的水平算出。"""
    totals, rows = data.load("trade_totals"), []
    units = {"usd": "USD_100m", "cny": "CNY_100m", "yoy": "pieces_100m"}
    for _, row in totals[totals["indicator"].str.contains("_yoy")].iterrows():
        level = row["indicator"].split("_yoy")[0]
        if "unit_value" in level:
            continue
        now = row.replace({row["unit"]: units[row["indicator"].rsplit("_", 1)[-1]]})
        before = now.copy()
        before["year"] -= 1
        new, old = _found(totals, now, level), _found(totals, before, level)
        if level == "export_value" and old is None:  # 上一年的出口由进口减逆差得来
            bought, deficit = (_found(totals, before, name) for name in ("import_value", "trade_deficit"))
            old = None if bought is None or deficit is None else bought - deficit
        if new is not None and old is not None:
            rows.append((row["goods"], row["indicator"], row["year"], (new / old - 1) * 100, row["value"]))
    frame = pd.DataFrame(rows, columns=["goods", "indicator", "year", "left", "right"])
    frame.attrs["table"] = "trade_totals"
    return compare(
        _pairs(_named(frame, "goods", "indicator"), ["goods", "indicator", "year"], "left", "right"),
        tables=("trade_totals",),
        title="增速：由相邻两年的水平算出",
        against="来源印出的增速",
        unit="个百分点",
        tolerance=0.7,
        remark="2024 年出口的上一年水平由进口减逆差得来；2025 年人民币数只到百亿元，差最大。",
    )


def totals_shares() -> Check:
    """工业机器人本土份额，由本土与外资的销量算出。"""
    totals, rows = data.load("trade_totals"), []
    units = totals[totals["indicator"].isin(["domestic_supplier_units", "foreign_supplier_units"])]
    whole = units.groupby(["goods", "year"])["value"].sum()
    for side in ("domestic", "foreign"):
        part = units[units["indicator"] == f"{side}_supplier_units"].set_index(["goods", "year"])["value"]
        said = totals[totals["indicator"] == f"{side}_supplier_share"]
        for _, row in said.iterrows():
            at = (row["goods"], row["year"])
            rows.append((*at, row["indicator"], part[at] / whole[at] * 100, row["value"]))
    frame = pd.DataFrame(rows, columns=["goods", "year", "indicator", "left", "right"])
    frame.attrs["table"] = "trade_totals"
    return compare(
        _pairs(_named(frame, "goods", "indicator"), ["goods", "indicator", "year"], "left", "right"),
        tables=("trade_totals",),
        title="工业机器人供应方份额：由销量算出",
        against="来源印出的份额",
        unit="个百分点",
        tolerance=0.5,
        remark="来源取整到百分之一。",
    )


def origins_against_totals() -> Check:
    """来源金额除以来源份额应得出进口总额。"""
    origins, totals, rows = data.load("import_origins"), data.load("trade_totals"), []
    key = ["goods", "partner_iso3", "year", "period", "source_id"]
    share = origins[origins["indicator"] == "import_share"].dropna(subset="partner_iso3").set_index(key)["value"]
    said = origins[origins["indicator"] == "import_value"].dropna(subset="partner_iso3")
    chips = totals[(totals["goods"] == "integrated_circuits") & (totals["indicator"] == "export_value")]
    for _, row in said.iterrows():
        at = tuple(row[key])
        row["iso3"] = "CHN"
        whole = _found(totals, row, "import_value")
        if whole is None and row["unit"] == "CNY_100m":  # 只有美元数时，按同年出口额的两种货币折算
            sold = chips[chips["year"] == row["year"]].set_index("unit")["value"]
            dollars = row.replace({"CNY_100m": "USD_100m"})
            whole = _found(totals, dollars, "import_value") * sold["CNY_100m"] / sold["USD_100m"]
        if at in share.index and whole is not None:
            rows.append((row["goods"], row["partner_iso3"], row["year"], row["value"] / whole * 100, share[at]))
    frame = pd.DataFrame(rows, columns=["goods", "partner_iso3", "year", "left", "right"])
    frame.attrs["table"] = "import_origins"
    return compare(
        _pairs(_named(frame, "goods", "partner_iso3"), ["goods", "partner_iso3", "year"], "left", "right"),
        tables=("import_origins", "trade_totals"),
        title="进口来源份额：来源金额除以另表的进口总额",
        against="来源印出的份额",
        unit="个百分点",
        tolerance=0.8,
        remark="集成电路 2024 年的总额由美元数折算；航空器的份额取整到百分之一。"
        "份额与金额相合不排除两者一起印错（2025 年美国与日本）。",
    )


def origins_japan_chips() -> Check:
    """自日本进口集成电路的增长与日本海关不符的年份，应已标为冲突。"""
    origins, japan = data.load("import_origins"), data.load("japan_trade")
    for column, value in (("goods", "integrated_circuits"), ("indicator", "import_value"), ("partner_iso3", "JPN")):
        origins = origins[origins[column] == value]
    origins = origins.set_index("year").sort_index()
    sold = japan[
        (japan["goods"] == "integrated_circuits") & (japan["flow"] == "export") & (japan["partner_iso3"] == "CHN")
    ].set_index("year")["value"]
    frame = pd.DataFrame(
        {
            "bought": origins["value"] / origins["value"].shift() * 100,
            "sold": sold / sold.shift() * 100,
            "marked": origins["conflict"].notna(),
        }
    ).dropna()
    agree = (frame["bought"] - frame["sold"]).abs() <= 20
    return count(
        int((agree | frame["marked"].astype(bool)).sum()),
        len(frame),
        tables=("import_origins", "japan_trade"),
        title="自日本进口集成电路：增长相差二十点以上的年份已标为冲突",
        against="日本海关对华出口集成电路的增长（日元计）",
        remark="只有 2025 年可比：中国一方的数增长约一半，日本一方略降；来源把美国与日本印成同一个数，正文不用。",
    )


# ---- 依赖产品 ---------------------------------------------------------------------------------------


def criteria_import_export() -> Check:
    """欧盟委员会的进出口比门槛（由他人转述）与同类方法印出的门槛。"""
    criteria = data.load("dependency_criteria")
    ratio = criteria[criteria["criterion"] == "import_export_ratio"].set_index("study")["threshold"]
    frame = pd.DataFrame({"label": ["进口相对出口"], "left": [ratio["ec_2021"]], "right": [ratio["cepii_geodep"]]})
    return compare(
        frame,
        tables=("dependency_criteria",),
        title="欧盟委员会（2021 年）的进出口比门槛",
        against="CEPII 沿用同类方法印出的门槛",
        unit="倍",
        tolerance=0,
        remark="前者由墨卡托中国研究中心转述，后者由 CEPII 自己印出；墨卡托自己的门槛是两倍，本来就不同，不在此比。",
    )


def results_screened() -> Check:
    """各研究筛查的产品数。"""
    results = data.load("dependency_results")
    screened = results[results["result"] == "products_screened"].set_index("study")["value"]
    frame = screened.drop("merics_2024").rename("left").reset_index().assign(right=screened["merics_2024"])
    frame.attrs["table"] = "dependency_results"
    return compare(
        _pairs(_named(frame, "study"), ["study"], "left", "right"),
        tables=("dependency_results",),
        title="各研究筛查的产品数",
        against="HS 1996 年版的 5113 个六位编码（墨卡托中国研究中心）",
        tolerance=6,
        remark="协调制度各版的编码数相差几个百分点，欧盟的数是约数。",
    )


def results_shares() -> Check:
    """王有鑫、孙可昕：大宗商品份额由金额算出。"""
    results = data.load("dependency_results")
    wide = (
        results[results["study"] == "wang_sun_2023"]
        .pivot(index="year", columns="result", values="value")
        .dropna(subset="commodity_dependent_value")
    )
    wide["again"] = wide["commodity_dependent_value"] / wide["dependent_value"] * 100
    return compare(
        _pairs(wide.reset_index(), ["year"], "again", "commodity_share_of_dependent_value"),
        tables=("dependency_results",),
        title="大宗商品占依赖产品进口额：由金额算出",
        against="研究印出的份额",
        unit="个百分点",
        tolerance=0.1,
        remark="差是取整。",
    )


def results_subsets() -> Check:
    """更严的名单应是更宽的名单的一部分。"""
    results = data.load("dependency_results")
    value = results.groupby(["study", "iso3", "result"])["value"].max()
    pairs = [
        ("ec_2021", "EUU", "more_vulnerable_products", "dependent_products"),
        ("ec_2021", "EUU", "more_vulnerable_share_of_import_value", "share_of_import_value"),
        ("ec_2021", "EUU", "dependent_products", "products_screened"),
        ("arjona_2023", "EUU", "dependent_products", "products_screened"),
        ("merics_2020", "EUU", "critical_products_on_china", "strategic_products_on_china"),
        ("merics_2024", "CHN", "dependent_products_on_single_eu_states", "dependent_products_on_eu"),
        ("wang_sun_2023", "CHN", "dependent_products", "dependent_products_cumulative"),
        ("wang_sun_2023", "CHN", "dependent_products_cumulative", "products_screened"),
        ("wang_sun_2023", "CHN", "iron_ore_value", "commodity_dependent_value"),
    ]
    kept = [value[s, e, part] <= value[s, e, whole] for s, e, part, whole in pairs]
    return count(
        sum(kept),
        len(pairs),
        tables=("dependency_results",),
        title="依赖产品：部分不大于整体",
        against="同一研究的较宽名单",
        remark="不同研究之间不比：判据不同，47 种与 412 种不是同一回事。",
    )


# ---- 矿物出口 ---------------------------------------------------------------------------------------


def mineral_unit_values() -> Check:
    """金额与数量分别申报：单价应与同一目的地相邻年份在同一量级。"""
    trade = data.load("mineral_exports")
    trade = trade[(trade["share"] >= 1) & (trade["partner_iso3"] != "ROW")].copy()
    trade["price"] = trade["value"] / trade["quantity"] * 1e6
    group = trade.groupby(["hs6", "partner_iso3"])["price"]
    trade = trade.assign(usual=group.transform("median"), years=group.transform("size")).query("years >= 3")
    trade.attrs["table"] = "mineral_exports"
    return compare(
        _pairs(_named(trade, "hs6", "partner_iso3"), ["hs6", "partner_iso3", "year"], "price", "usual"),
        tables=("mineral_exports",),
        title="石墨与镓锗等金属：各目的地当年的出口单价",
        against="同一目的地各年单价的中位数",
        tolerance=60,
        floor=0.85,
        remark="金额与数量是两项申报；同一目的地的单价若差得多，可能是货品构成变了，也可能是数量有误，这里分不开。"
        "没有独立的另一方可比，这是合理性检查。",
    )


def basket_months() -> Check:
    """石墨一篮的月度数，十二个月之和应等于两个编码的年度数之和；另一张表由分伙伴的数加出。"""
    months = data.load("basket_exports").query("basket == 'graphite'")
    months = months.assign(year=months["month"].str[:4].astype(int)).groupby("year")[["value", "quantity"]].sum()
    codes = data.load("mineral_exports").query("hs6 in ['250410', '380110']")
    both = months.join(codes.groupby("year")[["value", "quantity"]].sum(), suffixes=("_month", "_year"))
    pairs = pd.concat(
        both[[f"{what}_month", f"{what}_year"]]
        .set_axis(["left", "right"], axis=1)
        .assign(label=label + "，" + both.index.astype(str))
        for what, label in (("value", "出口额"), ("quantity", "出口量"))
    )
    return compare(
        pairs,
        tables=("basket_exports", "mineral_exports"),
        title="石墨：十二个月之和",
        against="两个六位编码分伙伴的年度合计",
        tolerance=0.01,
        remark="两张表出自同一次提取，加总的路径不同：核对的是转写与归并，不是申报。其余三篮没有可比的另一方，"
        "只知道稀土与永磁体一篮的数量约为海关稀土合计的三倍。",
    )


#: 本组的核对，按先后。
CHECKS = [
    product_descriptions,
    product_validity,
    equipment_world_balance,
    equipment_shares,
    equipment_mirror,
    equipment_growth,
    equipment_levels,
    circuits_mirror_below_imports,
    circuits_world_totals,
    circuits_economies_and_world,
    japan_partners_within_world,
    japan_partner_coverage,
    japan_nesting,
    japan_equipment_share,
    totals_balance,
    totals_two_sources,
    totals_unit_values,
    totals_growth,
    totals_shares,
    origins_against_totals,
    origins_japan_chips,
    criteria_import_export,
    results_screened,
    results_shares,
    results_subsets,
    mineral_unit_values,
    basket_months,
]
