"""从双边贸易流到每种产品的各个量：用 Ibis 写一次，哪个后端都能跑。"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
from ibis import _

#: GeoDep 对没有出口的产品所记的进出口之比。
NO_EXPORTS = 9999.0

#: 数量一栏里表示“没有”的写法（去掉空格之后）。
BLANKS = ("", "NA")


def tidy(raw: ibis.Table, year: int | None = None) -> ibis.Table:
    """BACI 原样的一年，换成干净的列。

    Parameters
    ----------
    raw : ibis.Table
        列 ``t``、``i``、``j``、``k``、``v``、``q``；类型不拘（文本或数字）。
    year : int, optional
        应有的年份；给了就查。

    Returns
    -------
    ibis.Table
        ``t`` 年、``i`` 出口方、``j`` 进口方（整数代码）、``k`` 六位的 HS 编码（文本，补足前导的零）、
        ``v`` 千美元、``q`` 吨（空白与 NA 为缺失）；``fault`` 布尔：年份不对，金额不是非负的数，
        或数量既不是非负的数、又不是空白。
    """
    amount = _.q.cast("string").strip()
    blank = amount.isnull() | amount.isin(BLANKS)
    flows = raw.select(
        t=_.t.cast("int32"),
        i=_.i.cast("int32"),
        j=_.j.cast("int32"),
        k=_.k.cast("string").strip().lpad(6, "0"),
        v=_.v.cast("float64"),
        q=amount.try_cast("float64"),
        blank=blank,
    )
    fault = _unsound(_.v) | (~_.blank & _unsound(_.q)) | _.i.isnull() | _.j.isnull()
    if year is not None:
        fault = fault | _.t.isnull() | (_.t != year)
    return flows.mutate(fault=fault).drop("blank")


def _unsound(value: ibis.Deferred) -> ibis.Deferred:
    """缺失、负、无穷或非数（各后端都把非数排在最大）。"""
    return value.isnull() | (value < 0) | (value > 1e15)


def measures(flows: ibis.Table, importers: Sequence[int], partners: Sequence[int] = ()) -> ibis.Table:
    """每种产品的各个量，一次扫描。

    Parameters
    ----------
    flows : ibis.Table
        同一年的双边流，列同 :func:`tidy` 的结果（``i``、``j``、``k``、``v``、``q``）；任一 Ibis 后端。
    importers : sequence of int
        进口方的代码；几个代码合成一个关税区，区内的流不算进口与出口。
    partners : sequence of int
        伙伴（一国或一组）的代码，算它们合占进口几成。

    Returns
    -------
    ibis.Table
        每种有进口的产品一行（每产品一行、未执行的表达式）：``k``；``imports``、``internal``、``exports``、
        ``world_exports``（千美元：区外进口、区内流、对区外出口、世界出口）；``import_hhi``（区外进口来源的 HHI，
        0–1）、``suppliers``（来源数）、``top_supplier``（最大来源的代码，并列取小）、``top_share``（0–1）；
        ``world_hhi``（世界出口的 HHI，0–1，含进口方自己与区内流）；``external_share``（区外进口占全部进口，0–1）；
        ``partner_share``（伙伴占区外进口，0–1）；``unit_value``（有数量的进口的单价，千美元/吨，即美元/千克；
        没有数量则缺失）。

    Raises
    ------
    ValueError
        没有进口方，或伙伴与进口方重叠。
    """
    importers, partners = [int(c) for c in importers], [int(c) for c in partners]
    if not importers:
        raise ValueError("没有给进口方")
    if set(importers) & set(partners):
        raise ValueError(f"伙伴 {sorted(set(importers) & set(partners))} 又是进口方")
    return _by_product(_by_exporter(flows, importers), importers, partners)


def _by_exporter(flows: ibis.Table, importers: list[int]) -> ibis.Table:
    """产品 × 出口方：世界出口、进入进口方的额与量、去往区外的额。"""
    inward = _.j.isin(importers)
    weighed = inward & _.q.notnull() & (_.q > 0)
    checks = {"faults": _.fault.ifelse(1, 0).sum()} if "fault" in flows.columns else {}
    return flows.group_by("k", "i").aggregate(
        total=_.v.sum(),
        inward=inward.ifelse(_.v, 0.0).sum(),
        outward=inward.ifelse(0.0, _.v).sum(),
        weighed=weighed.ifelse(_.v, 0.0).sum(),
        quantity=weighed.ifelse(_.q, 0.0).sum(),
        **checks,
    )


def _by_product(pairs: ibis.Table, importers: list[int], partners: list[int]) -> ibis.Table:
    home = _.i.isin(importers)
    friend = _.i.isin(partners) if partners else ibis.literal(False)
    pairs = pairs.mutate(supply=home.ifelse(0.0, _.inward), home=home, friend=friend)
    pairs = pairs.mutate(most=_.supply.max().over(ibis.window(group_by="k")))
    zero, far = 0.0, 2**31 - 1
    table = pairs.group_by("k").aggregate(
        imports=_.supply.sum(),
        internal=_.home.ifelse(_.inward, zero).sum(),
        exports=_.home.ifelse(_.outward, zero).sum(),
        world_exports=_.total.sum(),
        squares=(_.supply * _.supply).sum(),
        world_squares=(_.total * _.total).sum(),
        suppliers=(_.supply > 0).ifelse(1, 0).sum(),
        top_supplier=(_.supply == _.most).ifelse(_.i, far).min(),
        most=_.most.max(),
        friendly=_.friend.ifelse(_.supply, zero).sum(),
        weighed=_.home.ifelse(zero, _.weighed).sum(),
        quantity=_.home.ifelse(zero, _.quantity).sum(),
    )
    table = table.filter(_.imports > 0).mutate(
        import_hhi=_.squares / (_.imports * _.imports),
        world_hhi=_.world_squares / (_.world_exports * _.world_exports),
        top_share=_.most / _.imports,
        external_share=_.imports / (_.imports + _.internal),
        partner_share=_.friendly / _.imports if partners else ibis.null("float64"),
        unit_value=(_.quantity > 0).ifelse(_.weighed / _.quantity, ibis.null("float64")),
    )
    return table.drop("squares", "world_squares", "most", "friendly", "weighed", "quantity")
