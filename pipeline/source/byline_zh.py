"""Pieces of a Chinese author line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.source.contents import PART
from pipeline.source.letters import letters

OFFICE = (
    "首席执行官|首席[一-龥]{1,4}官|总裁|董事长|董事局?|主席|会长|社长|行长|主任|院长|校长|所长|局长|部长|处长|司长|市长|省长|经理|合伙人"
    "|教授|研究员|研究主管|主管|工程师|创始人|理事长?|秘书长|总监|规划师|架构师|设计师|科学家|经济学家|分析师|顾问|主持人|书记|负责人|院士|取缔役|代表|总会计师"
    "|组长|馆长|台长|参赞|大使|领事|专员|讲师|承保官|精算师|律师|总编辑?|主编|CEO|CTO|CFO|COO|CIO"
)
BODY = (
    "公司|集团|银行|株式会社|控股|大学|学院|研究院|研究所|研究中心|研究会|事务所|商会|协会|联合会|学会|基金会|委员会|交易所|工作室|医院|实验室"
    "|智库|财团|合作社|总会|俱乐部|机构|中心|论坛|会社|银行团"
)
POSITION = re.compile(rf"(?:{OFFICE})$")
ORGANISATION = re.compile(rf"(?:{BODY})$")
ORGANISATION_HEAD = re.compile(rf"^(.{{2,}}?(?:{BODY})(?:股份|有限|责任|控股)*(?:公司|集团)?)")
DEPARTMENT = re.compile(r"(?:部|处|室|科|组|课题组|编写组|司)$")
ROLE = re.compile(
    rf"(?:全球|中国区?|亚洲区?|亚太区?|大中华区?|国际|集团|联合|高级|执行|常务|名誉|副|总|资深|代表|独立|特别|联席)*(?:{OFFICE})"
)
DEGREE = re.compile(
    r"^(?:[一-龥]{1,3}学)?(?:博士后?|硕士|学士)$|^(?:教授|研究员|院士|先生|女士|阁下|拿督|爵士|男爵)$"
    r"|^(?:Dr|Prof|PhD|MBA|Mr|Ms|Mrs)\.?$",
    re.I,
)
DEGREE_TAIL = re.compile(r"(?<=[一-龥]{2})(?:(?:[医哲工理法农文]学|经济学|管理学)?博士|先生|女士|教授|院士|阁下)$")
TRANSCRIBED = re.compile(r"^[A-ZＡ-Ｚ一-龥][A-Za-z一-龥.]*(?:[·•‧・\-—][A-Za-z一-龥.]+)+$")
PLAIN = re.compile(r"^[一-龥]{2,4}$")
LATIN_NAME = re.compile(r"^[A-Z][\w.'’\-]*(?: [A-Z][\w.'’\-]*){1,3}$")
GLUED_NAME = re.compile(rf"^(.{{3,}}(?:{OFFICE}))([一-龥]{{2,3}}|[一-龥]+(?:[·•‧][一-龥]+)+)(?:博士|先生|女士)?$")
NO_NAME = re.compile(
    r"摘要|提要|要点|要旨|前言|序言|引言|导言|导论|概要|概述|绪论|目录|背景|现状|问题|结论|结语|关键词|观点|综述|说明|总结|建议|展望|正文|致辞"
    r"|论文|报告|附录|附件|各位|尊敬|同事|朋友|此致|敬礼|敬上|谨启|(?:会议|峰会|年会|大会)$|^(?:序|表|图|窗口|[一二三四五六七八九十]+)$"
)
SURNAMES = set(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边净阴闫佘练肖骆郦钟庹岑邬郁宓闻巩符"
)
COMPOUND = tuple("闻人 欧阳 司马 上官 诸葛 南宫 皇甫 尉迟 公孙 慕容 司徒 夏侯 东方 令狐".split())

BRACKET = re.compile(r"[（(]([^（()）]*)[）)]")
BLANK = re.compile(r"[\s　]+")
SPLIT = re.compile(r"[\s　，,；;|/／]+")
# SK 集团, Novilan 公司: a Latin name and its kind are one word.
LATIN_BODY = re.compile(rf"(?<=[A-Za-z&.])\s+(?=(?:[一-龥]{{0,4}})(?:{BODY}))")
LATIN_WORDS = re.compile(r"(?<=[A-Za-z.&])[ ](?=[A-Za-z&])")
BODY_FOLLOWS = re.compile(rf"[一-龥]{{0,4}}(?:{BODY})")
JOINT = "\x00"


def pieces_zh(line: str, known: str, follows: bool) -> list[tuple[str, str]]:
    """Each piece of a Chinese author line with its kind."""
    if NO_NAME.search(BLANK.sub("", line)):
        return [("other", line)]
    line = LATIN_WORDS.sub(JOINT, LATIN_BODY.sub("", BRACKET.sub(_bracket, line)))
    known = _of_organisation(line, known)
    pieces = []
    for word in SPLIT.split(line):
        word = word.replace(JOINT, " ").strip("、 ")
        if word:
            pieces += _word(word, known)
    return pieces


def _of_organisation(line: str, known: str) -> str:
    """`known`, unless it begins with the author: with all that stands beside a single position."""
    own = letters(known.split(PART)[0])
    words = [word for word in SPLIT.split(line) if word]
    others = [word for word in words if letters(word) not in own]
    is_author = len(others) == 1 < len(words) and POSITION.search(others[0])
    return "" if is_author and letters("".join(word for word in words if word not in others)) == own else known


def _bracket(match: re.Match) -> str:
    """A bracket with a position is a piece of its own; a place inside a firm's name stays; the rest goes."""
    inside = match[1]
    if POSITION.search(inside) or ORGANISATION.search(inside):
        return f" {BLANK.sub('', inside)} "
    in_a_name = re.fullmatch(r"[一-龥]{2,4}", inside) and BODY_FOLLOWS.match(match.string, match.end())
    return match.group() if in_a_name else ""


def _word(word: str, known: str) -> list[tuple[str, str]]:
    if DEGREE.match(word):
        return [("degree", word)]
    if glued := GLUED_NAME.match(word):
        if not POSITION.search(word) and _is_name(glued[2]):
            return [*_office(glued[1]), ("name", glued[2])]
    if POSITION.search(word):
        return _office(word)
    if ORGANISATION.search(word):
        return [("organisation", word)]
    if "、" in word and all(_is_name(part) for part in word.split("、")):
        return [("name", part) for part in word.split("、")]
    bare = DEGREE_TAIL.sub("", word)
    if _is_known(word, known):
        return [("organisation", word)]
    if _is_name(bare):
        return [("name", bare)]
    if DEPARTMENT.search(word):
        return [("department", word)]
    if re.fullmatch(r"[一-龥]{1,3}", word) and not NO_NAME.search(word):
        return [("name", word)]  # half of a name that is printed with a blank inside
    return [("other", word)]


def _office(word: str) -> list[tuple[str, str]]:
    """A position, and before it the organisation whose name it begins with."""
    head = ORGANISATION_HEAD.match(word)
    if not head and (role := ROLE.search(word)) and role.start() >= 2:
        head = re.match(rf"(.{{{role.start()}}})", word)
    if head and head[1] != "集团" and len(head[1]) < len(word):
        return [("organisation", head[1]), ("position", word)]
    return [("position", word)]


def _is_known(word: str, known: str) -> bool:
    a, b = letters(word), letters(known.split(PART)[0])
    return len(a) > 1 and bool(b) and (a.startswith(b) or b.startswith(a))


def _is_name(word: str) -> bool:
    if NO_NAME.search(word) or ORGANISATION.search(word) or POSITION.search(word):
        return False
    if TRANSCRIBED.match(word) or LATIN_NAME.match(word):
        return len(word) <= 24
    return bool(PLAIN.match(word)) and "的" not in word and not DEPARTMENT.search(word)


def is_full_name(word: str) -> bool:
    """Whether a word is a Chinese surname with a given name."""
    return word.startswith(COMPOUND) and len(word) > 2 or (2 <= len(word) <= 3 and word[0] in SURNAMES)


def merge_names(pieces: Sequence[tuple[str, str]], known: str = "") -> list[tuple[str, str]]:
    """Names printed with a blank inside, 守屋 诚一郎, made whole; two full names stay two."""
    merged: list[tuple[str, str]] = []
    for kind, words in pieces:
        if merged and kind == "name" == merged[-1][0] and _are_halves(merged[-1][1], words, known):
            merged[-1] = ("name", merged[-1][1] + words)
        else:
            merged.append((kind, words))
    return [piece for piece in merged if piece[0] != "name" or len(piece[1]) > 1]


def _are_halves(first: str, second: str, known: str) -> bool:
    if not (re.fullmatch(r"[一-龥]{1,3}", first) and re.fullmatch(r"[一-龥]{1,3}", second)):
        return False
    return first + second in known or not (is_full_name(first) and is_full_name(second))
