"""What can be wrong with a ledger: one table of messages in four parts, by reason code."""

from __future__ import annotations

from supervise.errors import LedgerError

_UPGRADE = "运行 supervise ledger upgrade --ledger URL"
_FAULTS: dict[str, tuple[str, str, str]] = {
    # code: what was found, what was expected, what to do
    "ledger_missing": (
        "没有这个台账数据库",
        "已建立的台账",
        f"检查路径或数据库名；新建台账请{_UPGRADE}（PostgreSQL 的空数据库由管理员先建）。",
    ),
    "not_a_ledger": (
        "这个数据库不是台账",
        "由 supervise ledger upgrade 建立的台账，或供其建立的空数据库",
        "换一个文件名或数据库；台账不与其他表放在一起。",
    ),
    "ledger_newer": (
        "台账由更新版本的程序建立：结构 {found}，本程序只认到 {known}",
        "结构不高于本程序的台账",
        "升级 supervise 后再用。",
    ),
    "ledger_outdated": (
        "台账的结构较旧：{found}，本程序需要 {known}",
        "与本程序一致的结构",
        f"先备份，再{_UPGRADE}。",
    ),
    "ledger_locked": (
        "台账正被另一进程占用，等待 {seconds} 秒后仍不能写入",
        "写入在片刻内完成",
        "稍后重试；已写入的记录不会重复。",
    ),
    "ledger_unreachable": (
        "连不上台账数据库：{detail}",
        "可以连接的 PostgreSQL；密码取自环境变量 PGPASSWORD 或权限为 0600 的 PGPASSFILE",
        "检查地址、用户和密码，请数据库管理员确认服务在运行。",
    ),
    "ledger_readonly": ("台账不能写入", "可以写入的数据库", "检查文件、文件夹或数据库用户的权限。"),
    "ledger_damaged": (
        "台账数据库损坏：{detail}",
        "完整的数据库",
        "停止使用，从备份恢复，再运行 supervise ledger verify。",
    ),
    "ledger_failed": (
        "台账数据库出错：{detail}",
        "数据库正常执行",
        "检查磁盘空间和数据库日志后重试；未完成的写入已整体撤回。",
    ),
    "ledger_url": (
        "台账地址的写法不对",
        "文件名、sqlite:///文件 或 postgresql+psycopg://用户@主机/数据库",
        "改正 --ledger 或环境变量 SUPERVISE_LEDGER。",
    ),
    "secret_in_url": (
        "命令行上的台账地址含有密码",
        "密码不写在命令行上：其他用户看得到",
        "去掉密码，改用环境变量 PGPASSWORD、权限为 0600 的 PGPASSFILE，"
        "或把整个地址放进环境变量 SUPERVISE_LEDGER。",
    ),
    "driver_missing": (
        "没有安装 {package}",
        "访问这种台账所需的 Python 包",
        "运行 pip install '{install}' 后重试。",
    ),
    "chain_broken": (
        "台账的记录链断裂：{detail}",
        "每条记录与其摘要、前一条的摘要一致",
        "停止使用这个台账，保留现场，与备份和已发出的清单比对。",
    ),
    "head_unknown": (
        "台账里没有这个末端摘要的运行",
        "清单所记的运行在台账里，且其后各链只有增加",
        "核对清单属于哪个台账；若无误，台账在该次运行之后被截短或替换。",
    ),
    "sequence_taken": (
        "同一机构同一报告期的同一序号已登记过另一份报送件",
        "重报件的序号递增；已登记的是 {known}",
        "请报送机构在封面改正序号并写明重报原因。",
    ),
    "already_frozen": (
        "{period} 的同业参照值已经冻结，现在算出的不同：{detail}",
        "冻结后不再变动；确须重算的写明理由，原值留在台账里",
        "加 --reason 写明理由重新冻结，或保持原值。",
    ),
    "already_recorded": (
        "{kind} 已经登记，内容不同",
        "登记后不再改动；已登记的是 {known}",
        "另用一个编号登记，或登记一条后续事项。",
    ),
}


def fault(code: str, where: str = "", **names: object) -> LedgerError:
    """The error of one reason code.

    Args:
        code: A key of the table above.
        where: Which ledger or record, without any secret.
        names: What the message names.
    """
    what, expected, fix = (text.format(**names) for text in _FAULTS[code])
    return LedgerError(what, where=where, expected=expected, fix=fix, code=code)
