"""What is wrong with a file, in the language of those who mend it. Pure.

Doors speak English to programs (RFC 9457); `report.csv` is read by clerks. A message that is not known here is told
as it is; the tests provoke each that a file can have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PHRASES = {
    # a cell
    r"is required, such as (.+)": "必填，例如 {0}",
    r"is required": "必填",
    r"is a number too long for a spreadsheet, which has lost digits of it: .+": (
        "数字过长，表格软件已丢失部分位数：请将单元格设为文本格式后重新填写"
    ),
    r"must be a day, such as (.+)": "应为日期，例如 {0}",
    r"must be a date .*such as ([\d-]+)(?:: this month has no such day)?": "没有这一天；日期应如 {0}",
    r"must be an RFC 3339 time .*: this month has no such day": "没有这一天",
    r"must not be more than a day ahead of now, .+": "不得晚于今天",
    r"must be 2 to 4 digits, such as (.+)": "应为 2 至 4 位数字，例如 {0}",
    r"must be an amount in yuan with two decimals at most, such as (\S+) or (\S+)": (
        "应为金额（元），最多两位小数，例如 {0} 或 {1}"
    ),
    r"must be codes with their severities, such as (.+)": "应为代码加严重程度，例如 {0}",
    r"must have at most (\d+) characters, not (\d+)": "最多 {0} 个字符，现有 {1} 个",
    r"must be one line that is not blank, .+": "应为一行文字，不含控制字符，首尾不留空格",
    r"must be text that is not blank, .+": "不能为空，也不含换行和制表符以外的控制字符",
    r"must be an administrative division code of 12 digits, such as (\d+)": "应为 12 位行政区划代码，例如 {0}",
    r"must be a list of (\d+) to (\d+) (?:different )?items": "应为 {0} 至 {1} 项，各不相同",
    r"must not hold the same item twice": "同一项不能重复",
    r"must not be before (\d{4}-\d\d-\d\d)": "不得早于 {0}",
    r"must not be before (\S+) \((\S+)\)": "不得早于{0}（{1}）",
    r"must not be later than today in Shanghai, (\S+)": "不得晚于今天（{0}）",
    r"must have at most (\d+) bytes as JSON, not (\d+)": "整行过长：最多 {0} 字节，现有 {1} 字节",
    # whom a row is about
    r"the code must be a unified social credit code .+ not (\d+) characters": (
        "应为 18 位统一社会信用代码或 15 位注册号，现有 {0} 位"
    ),
    r"a unified social credit code must be .+": (
        "不是统一社会信用代码：应为两位字母或数字、六位行政区划代码、十位字母或数字，大写，不含 I、O、S、V、Z"
    ),
    r"the unified social credit code ends with (.) but its other characters ask for (.) .+": (
        "统一社会信用代码校验位为 {0}，按其余各位应为 {1}（GB 32100-2015）：其中有一位写错"
    ),
    r"a registration number must be 15 digits": "注册号应为 15 位数字",
    r"stands in row (\d+) too; each has one of its own": "与第 {0} 行重复；每条记录应有各自的编号",
    r"is the example of the template: .+": "是模板中的示例：请改写或删除",
    # what is not the sender's to send
    r"must be (.+): the key is for no other": "应为 {0}：本密钥不能用于其他来源",
    r"must lie in (.+): the key is for no other region": "应在 {0} 以内：本密钥不能用于其他地区",
    r"is registered outside of (.+), the regions of the key": "该主体登记在本密钥的地区（{0}）以外",
    r"must be registered in (.+), the regions of the key": "该主体应登记在本密钥的地区（{0}）以内",
    r"is of another source or region; that takes the scope (.+)": "属于其他来源或地区；更正需要权限 {0}",
    r"names nothing that is applied by now; .+": "所指的记录尚未入账：请核对，待其入账后重新报送",
    # what is strange
    r"No rulebook in force on the day of the act lists .+": (
        "行为发生日有效的评价标准没有此代码和严重程度；在标准列入之前不计分"
    ),
    r"No register entry of the subject is known: .+": "该主体尚未登记；请报送主体登记",
    r"Nothing that it names is known: .+": "所指的记录尚未收到；收到后生效",
    r"Another content was sent under the same source and id; .+": (
        "同一来源和编号已报送过其他内容，以先前的为准；更正应另行报送，并用新的编号"
    ),
    r"Another source has stated the same number: .+": "其他来源已用过此编号；编号全市唯一",
    r"The same source has stated this case before, .+ of the two this one counts; .+": (
        "本来源此前报送过同一案号、内容不同的案件，将以本条为准；变更案件请报送变更事件"
    ),
    r"The same source has stated this case before, .+ .+": (
        "本来源此前报送过同一案号、内容不同的案件，仍以彼条为准；变更案件请报送变更事件"
    ),
    r"Another amendment of the case, .+": "此案已有同一或更高修订号的变更",
    r"Another register entry of the subject is as late, or later, .+": (
        "该主体已有日期相同或更晚的登记，仍以彼条为准；要以本条为准，请填更晚的日期"
    ),
    r"The rulebook allows no repair of this on that day, .+ one may be granted from (\S+) on": (
        "按评价标准，{0} 起方可修复；本条不起作用"
    ),
    r"The rulebook allows no repair of this .+": "按评价标准不予修复；本条不起作用",
    r"A day lies before another that it has to follow: it is before (\S+)(?: of what it names)?": "早于{0}，请核对",
    r"A day lies before another .+": "日期先后有误，请核对",
    r"The result says otherwise than the findings: the findings count": "检查结果与发现问题不符：按发现的问题计分",
    r"The result says otherwise than the findings: .+": "检查结果与发现问题不符：没有填写发现的问题，不计分",
    r"A text has numbers by which a person is found: .+": "文字中有身份证号、电话等个人信息，请删去",
    r"It was not compared with what is known: .+": "未能与已知记录比对",
    # the whole file
    r"there are more than ([\d,]+) faults; .+": "错误超过 {0} 处；此行以后未再检查",
    r"the file has no rows below its headings": "表头以下没有数据",
    r"the file has more than ([\d,]+) rows; .+": "超过 {0} 行；请分成几个文件报送",
    r"the file is neither in UTF-8 nor in GB18030; .+": "编码既不是 UTF-8 也不是 GB18030；请另存为 CSV UTF-8",
    r"the file is no CSV at line (\d+): .+": "第 {0} 行不是 CSV 格式",
    r"the file has cells far away from the table, .+": "表格以外远处有单元格，或内容过多无法读取；请删除后另存",
    r"the file is no XLSX that can be read; .+": "不是可读取的 XLSX；请另存，旧的 .xls 请存为 .xlsx",
    r"the file unpacks to more than (\d+) MiB; .+": "解压后超过 {0} MiB；请分成几个文件报送",
    r"the file has a row of more than (\d+) cells, or one of over (\d+) characters": (
        "有一行超过 {0} 个单元格，或有单元格超过 {1} 个字符"
    ),
    r"the file lacks columns: (.+); .+": "缺少列：{0}；第一行应为模板中的表头",
    r"the file is empty; .+": "文件是空的；第一行应为模板中的表头",
    r"the file has no commas between its columns; .+": "各列之间不是逗号；请存为以逗号分隔的 CSV",
    r"the file has columns twice: (.+)": "列重复：{0}",
    r"the access key that the file came with is not valid any more": "报送本文件的密钥已失效",
    # last, since others begin like it
    r"must be (\S+(?: or \S+)+)": "应为{0}之一",
}
_FORMS = [(re.compile(pattern, re.DOTALL), said) for pattern, said in _PHRASES.items()]


def chinese(message: str) -> str:
    """A message as a clerk reads it; what is not known here as it is."""
    return next(_said(message), message)


def _said(message: str) -> Iterator[str]:
    for form, said in _FORMS:
        if found := form.fullmatch(message):
            yield said.format(*(each.replace(" or ", "、") for each in found.groups()))
