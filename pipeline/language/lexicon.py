"""Words by which a sentence denies, compares, plans, obliges or bounds, in both languages.

Data, no logic. An entry is a pattern a language, {"zh": …, "en": …}.
"""

from __future__ import annotations

import re

from pipeline.records import Language

Words = dict[Language, re.Pattern]


def _words(pattern: str) -> re.Pattern:
    """English alternatives, each a pattern of whole words, whatever their case."""
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


def _both(*alternatives: str) -> Words:
    """A pattern a language of Chinese and English alternatives in turn."""
    return {"zh": re.compile("|".join(alternatives[::2])), "en": _words("|".join(alternatives[1::2]))}


def _kinds(**rows: tuple[str, str]) -> dict[str, Words]:
    """Nouns by their kind; of English words the beginning is given."""
    return {kind: {"zh": re.compile(zh), "en": _words(rf"(?:{en})\w*")} for kind, (zh, en) in rows.items()}


# ---- Denial: clear denials, and words that may stand for one in the other wording.
# A word that only looks like a denial is matched before, and so is none.

_FIGURE_ZH = (
    r"(?=(?:[^，。；\d不]{1,10}的)?[约近]?"
    "(?:[\\d半]|[一二两三四五六七八九十百千万亿]+[成百千万亿十分个天年月倍名家人座次半米元公小]))"
)
_SOFT_ZH = (  # part of a bound, of "not only", of a condition
    rf"(?:不[得能应宜可]?(?:到|足|超过|高于|低于|少于|多于|大于|小于|晚于|早于|及|过|满|出|下于?)|未满|未超过){_FIGURE_ZH}"
    "|不[仅但只单光止]|不[能应可要][只仅]|(?:如果|假如|倘若|若|只要)[^，。；]{0,10}?(?:没有|不|未能?|无法)"
    # what English names without a denial: failed, overdue, fine, persists, open to all
    "|不合[格理规]|未合格|不及格|不达标|[超逾]期未|[不未]变|没有?问题|无问题|不[低弱小](?![于估])|不限|办不成|久拖不决|屡禁不止"
    "|[参良][差莠]不齐|得不偿失|不堪重负|无人问津|从高不从低"
)
_HARMLESS_ZH = (
    r"(?P<asked>.)不(?P=asked)|有没有|多少|不得不|[不无]可不|不能不|不会不|不可或缺|不可否认|毋庸置疑|毫无疑问|有增无减|无时无刻"
    r"|(?<![一-鿿])不过(?![夜关])|不断|不同|不[相尽]同|罚没|与其(?=[他它余中])|无异于|不少|不如|不妨|不论|不管|不良|不锈|不动产|不久|不愧|不乏|不亚于|不外|不免|不禁|不日|不时|不约而同"
    r"|不折不扣|不确定|不平衡|不等(?=[，。；]|$)|不畏|不懈|不一(?![致样])|不容易|来之不易|无不|莫不|无非|无论|无疑|无人(?=[机驾车化店配船艇出售零])|避免双重征税"
    r"|无线|无锡|无缝|无障碍|无形|无限|无数|无菌|无源|无纸|无害|无尘|无偿|无废|无忧|未来|未必不|莫过于|没收|没落|沉没|淹没"
    r"|埋没|出没|非(?:常|洲|遗|物质|营利|化石|公|农|银|机动|凡|同)|[东西南北中除]非|除[了以尘湿氧]|空[气间调域港中]|低[碳空保]"
    r"|停车|慢性?病|错峰|偏远|差[旅别异]|少年|少数民族|免疫|限额|废[水气物料弃渣旧品]|弃土|断面|才[能智干]|人才|天才|失业|船只|(?P<can>.)得[一-鿿]{1,2}(?P=can)不"
)
_DENIAL_ZH = (
    "没有?|并非|并不|绝非|而非|不是|不在于?|不再|不足以|不得|不[能会应该宜可要必需愿肯敢用]|不"
    "|尚未|未[能曾经]?|尚无|无[法力须需]?|毫无|难以|难于|缺乏|避免|防止|杜绝|切忌|停止|停[办发建收]|暂停|叫停|放弃|严禁|禁[止用]?"
    "|拒绝|取消|废止|撤销|解除|与其(?:说是?)?|勿|以免|免得|(?<![区特级个类性分差识各鉴告甄辨道])别(?=[再让把去下只])"
)
_PERHAPS_ZH = (
    "[缺乏少难弱拒停废除止免失欠低仅才慢错误差怕空限弃断偏非莫没浅匮]|取缔|避(?=[开让])|以避|(?<![国消])防(?!护)|严查|省去"
    "|白(?=[白烧花费跑忙])|离开|代替|以[一-鿿]{1,2}代|待(?=[开建批验整查处定])|只(?=[有能是要需占用靠剩])|闲置|脱节|落后|滞后|反对|怀疑|担心"
    "|以外|之外|零(?![售件部])|脱[离钩]|压缩|退出|告别|割裂|独立|互斥|短板|[尚有亟]待|中断|搁置|完毕|殆尽|枯竭|否[决认]|转[向为]|[替取]代"
)
_SOFT_EN = (
    r"(?:if|when) [\w ]{0,40}?(?:not|no|never)|not (?:only|just|merely|simply|least|to mention)|nothing (?:but|less)"
    r"|no (?:other|less an?|sooner)\b|let alone"
    r"|(?:no|not|never) (?:less|more|fewer|later|sooner|earlier|longer|bigger|larger|higher|lower|under|over) than"
    r"|(?:(?:must|may|does|do|did|should|shall|will|can)[ -]?not|not|never) (?:to )?exceed(?:ing)?"
    r"|(?:must|may|should|shall)? ?not be (?:below|under|above|over|lower|higher|less|more)"
)
_HARMLESS_EN = (
    r"not un(?!der)\w+|no[- ]shows?|(?:an?|the|each|every|one|next|fixed|bus|rest|tram|limited|express)[ -]stops?"
    r"|no doubt|cannot but|whether or not|no\. ?\d+|(?:without|beyond) (?:a )?doubt|without exception|one-stop|non-stop"
)
_DENIAL_EN = (
    r"not|no|never|without|neither|nor|none|nobody|nothing|nowhere|cannot|\w+n['’]t|forbid\w*|forbade|ban(?:s|ned|ning)?"
    r"|prohibit\w*|lack(?:s|ed|ing)?(?: of)?|fail(?:s|ed|ing)? to|failure to|yet to(?! come)|rather than|unable"
    r"|unwilling\w*|refus\w+|avoid\w*|stop(?:s|ped|ping)?|ceas\w+|prevent(?:s|ed|ing)?|hardly|scarcely|lest|distrust\w*|doubt\w*"
    r"|reluctan\w+|impossible|(?<!too )(?<!so )far from|declin\w+ to|suspend\w*|devoid"
)
_PERHAPS_EN = (
    r"exclud\w+|few|fewer|little|less|only|under\w+|below|reject\w*|end(?:s|ed|ing)?|exempt\w*|free|wrong\w*|rather"
    r"|instead|unless|except\w*|apart|barely|short\w*|low|weak\w*|miss(?:es|ed|ing)?|out(?: of)?|remov\w+|drop\w*"
    r"|abolish\w*|against|off|away|keep\w*|kept|waiv\w+|scrap\w*|cancel\w*|withdr\w+|phas\w+|deny|den(?:ies|ied)"
    r"|absen\w+|gaps?|vacan\w+|idle|behind|beyond|too|clos\w+|cut\w*|protect\w*|los[est]\w*|wast(?:e|es|ed|ing)"
    r"|prevent\w+|fail\w*|bar(?:s|red|ring)?|outside|overdue|outstanding|neglect\w*|substandard|irrational|revok\w+|repeal\w*"
    r"|freez\w+|froze|laps(?:e[sd]?|ing)|reliev\w*|suspens\w+|losing|least|indispens\w+|needless\w*|forgo\w*"
    r"|(?:hold|held) back|skip\w*|mere(?:ly)?|overwhelm\w*|differ\w*|stalled|stalling"
    r"|disown\w*|want of|better(?= to)|more than (?:\w+ ){1,4}can|deregister\w*|other than"
    r"|delay\w*|wait\w*|difficult\w*|hard|struggl\w*|poor\w*|scarc\w+|object\w*|oppos\w+|concern\w*"
    r"|worr\w+|fear\w*|limit\w*|until|independen\w+|ignoran\w+|before|empty|bare\w*|spare\w*|thin\w*|halt\w*|curb\w*|rare\w*"
    r"|seldom|guard\w*|g[ai]v(?:e|es|en|ing) up|replac\w+|cap(?:s|ped)?|non-?\w+|\w{3,}less"
    r"|un(?!i|der|til|less|ited|like\b)\w+"
    r"|dis(?:satis|agree|like|advantage|connect|continu|courag|allow|approv|regard|order|qualif|incentiv|proportion)\w*"
    r"|mis(?:match|use|lead|trust|place)\w*|ir(?:regular|respons|relev|revers)\w+|im(?:matur|balanc|perfect)\w+"
    r"|in(?:adequat|sufficien|complet|efficien|consisten|compatib|abilit|accura|capab|visib|activ|direct|equal|equit"
    r"|formal|secur|stab)\w*|il(?:legal|licit)\w*"
)
DENIALS: Words = {
    "zh": re.compile(f"(?P<soft>{_SOFT_ZH})|{_HARMLESS_ZH}|(?P<denial>{_DENIAL_ZH})|(?P<perhaps>{_PERHAPS_ZH})"),
    "en": _words(rf"(?P<soft>{_SOFT_EN})|{_HARMLESS_EN}|(?P<denial>{_DENIAL_EN})|(?P<perhaps>{_PERHAPS_EN})"),
}

EXCLUSIVE = _both("只有|仅限?|除非|方可|才[能可]", "only|unless")
# A lack denies as a verb of its own, whatever else is denied beside it.
LACK = _both("缺[乏少]?|短缺", r"lack\w*|short of|shortage\w*|need\w*|want of")

# All but one: the part that is left out is `left`. Where "also" follows, 除…外 and "apart from" add instead.
EXCEPTIONS: Words = {
    "zh": re.compile(
        r"除(?!了?非)了?(?P<left>[^，。；：]{1,24}?)(?:以外|之外|外)(?![^。；]{0,14}[还也又同更])"
        r"|(?P<left2>[^，。；：]{1,24}?)(?:除外|例外)"
    ),
    "en": _words(
        r"(?:except(?: for| on| in)?|apart from|other than|excluding|with the exception of|save for)"
        r"(?P<left> [^,.;]{2,40}?)(?=,| (?:close|open|is|are|was|were|has|have|must|may|should|can|do|does)\b|[.;]|$)"
    ),
}
EXEMPTS = _both(
    "除|例外|以外|之外|[仅只唯非]",
    r"except\w*|apart|other than|exclud\w+|save for|exempt\w*|only|unless|but|besides|bar|aside|without|however|non",
)
INCLUDES = _both("包括|连同|在内", r"includ\w+|as well as|even")
ONLY = _both("[仅只]", "only")

# ---- Direction: two poles of an axis each, the first against the second.

_ABOVE = (
    r"(?<![不得能宜])(?:高于|多于|大于)|高出|优于|快于|强于|领先|超出|昂贵|贵(?=[\d一二两三四五六七八九十])"
    "|比[^，。；]{1,20}(?:高|多(?!年)|快(?!递))",
    r"higher|(?<=% )more|more (?!than\b|cheap|slow|rare)[\w ]{1,20}than|greater|larger|longer|faster|above|ahead"
    r"|exceed\w*|outpac\w+",
)
_BELOW = (
    "(?<![不得能宜])(?:低于|少于|小于)|便宜|不及|慢于|逊于|差于|弱于|落后|比[^，。；]{1,20}(?:低|少(?!年)|慢)",
    r"lower|cheaper|(?<=% )less|(?<!no )less (?!than\b)[\w ]{1,20}than|(?<!no )fewer|smaller|shorter|slower|below"
    r"|behind|short of|trail\w*|lag\w*",
)
_UP = (
    "提高|提升|增长|增[加至到速幅多](?!值)|[新净]增|上[升涨调浮]|升[至到高]|攀升|回升|走高|看涨|扩[大张至]|翻番|翻了?[一两]番"
    "|延长|拉长|加快|涨(?=[了到价幅至])",
    r"ris(?:e|es|ing|en)|rose|increas\w+|gr(?:ow|ows|ew|own|owth|owing)|gain(?:s|ed)?|climb\w*|rais(?:e|es|ed|ing)"
    r"|expan[ds]\w*|up(?= (?:by|from|to|\d|nearly|about|almost))|extend\w*|lengthen\w*|boost\w*|widen\w*"
    r"|doubl(?:e|es|ed|ing)|tripl(?:e|es|ed|ing)|accelerat(?:e|es|ed|ing)",
)
_DOWN = (
    "下[降滑跌调浮]|降[低至到了幅为]|减[少至到半了排碳负亏]|走低|回落|萎缩|缩[减短小]|压[缩减]|收窄|跌[至到幅破]|放缓",
    r"f[ae]ll(?:s|en|ing)?|drop(?:s|ped|ping)?|declin\w+|decreas\w+|reduc\w+|cut(?:s|ting)?|shr[aiu]nk\w*|lower\w*"
    r"|down(?= (?:by|from|to|\d|nearly|about|almost))|halv\w+|shorten\w*|los[et]|losing|slump\w*|less(?! than)|worse\w*"
    r"|narrow\w*|contract(?:s|ed)|slow(?:s|ed|ing)?",
)
AXES: dict[str, tuple[Words, Words]] = {
    "amount": (_both(*_UP, *_ABOVE), _both(*_DOWN, *_BELOW)),
    "comparison": (
        _both(*_ABOVE, "超过(?!\\d)", r"beat\w*|surpass\w*"),
        _both(*_BELOW),
    ),
    "bound": (
        _both("(?<![不未])(?:超过|多于|逾)|至少", r"(?<!no )(?<!not )(?<!never )more than|over (?=\d|an? )|at least"),
        _both("不到|不足(?=[\\d一二两三四五六七八九十百千])|不满", r"(?<!no )(?<!not )(?:less|fewer) than"),
    ),
    "attitude": (
        _both("(?<!不)(?:支持|赞成|欢迎)", r"support(?:s|ed)?|favour(?:s|ed)?|welcom(?:e|es|ed)"),
        _both("反对|抵制", r"oppos(?:e|es|ed)|object(?:s|ed)? to|resist(?:s|ed)?"),
    ),
    "strictness": (
        _both("放宽|放松|松绑|放开|取消.{0,6}限制", r"relax\w*|loosen\w*|eas(?:e|es|ed|ing)|lift(?:s|ed|ing)?|free\w*"),
        _both("收紧|从严|加严|趋严", r"tighten\w*|stricter|restrict\w*"),
    ),
    "extreme": (
        _both(
            "首位|第一|最[高大快多好强长]|领跑",
            r"first|highest|largest|biggest|fastest|best|strongest|longest|top|greatest|leading",
        ),
        _both(
            "末位|倒数|最[低小慢少差弱短]|垫底|最后(?=一[名位]|[，。；]|$)",
            r"(?<!will )(?<!to )last(?! (?:year|month|winter|summer|spring|autumn|week|quarter))"
            r"|lowest|smallest|slowest|worst|weakest"
            r"|bottom|shortest|fewest",
        ),
    ),
    "share": (
        _both("多数|大多|大部分|普遍|许多|过半", r"most(?! \w+(?:ed|ing|ful|al|ant|ent)\b)|many|majority|widely"),
        _both("少数|极少|个别|寥寥|很少", r"(?<!a )few(?! (?:year|month|day|week|minute)s)|minority|hardly any"),
    ),
    "trade": (_both("进口", r"import(?:s|ed|ing)?"), _both("出口", r"export(?:s|ed|ing)?")),
    "profit": (
        _both("盈利|赚钱", r"profit(?:s|able|ably|ability)?"),
        _both("亏损|赔本|赔钱", r"loss(?:es)?|los(?:e|es|ing) money|unprofitable"),
    ),
}

THAN = re.compile(r"\bthan\b")

# ---- Plan and fact. A weak plan is reason enough to word something as a plan; of itself it says nothing.

PLAN = _both(
    "力争|争取|目标|计划(?!单列)|(?<![模虚])拟(?![定订合])|预计|预期|有望|即将|届时|打算|准备|希望"
    "|将(?=[于会在达突超设增建成新形启投降升继逐提缩翻有实带使为])",
    r"aim(?:s|ed|ing)?|hop(?:e|es|ed|ing)|targets?|targeted|plan(?:s|ned|ning)?|expect(?:s|ed|ing)?|intend(?:s|ed)?"
    r"|will|due to|set to|forecasts?|projected|striv\w+|seek(?:s|ing)?",
)
PROSPECT = _both(
    "力争|争取|有望|预计|预期|目标是|(?<![模虚])拟(?![定订合])|计划(?=[在到于用把将引建招设新投年])",
    r"aim(?:s|ed)? (?:to|for)|hop(?:e|es|ed) (?:to|for)|plan(?:s|ned)? to|expects?(?: to)?|expected to|forecast"
    r"|projected|target(?:s|ed)? (?:of|an?)|intend(?:s|ed)? to",
)
WEAK_PLAN = _both(
    "将|[应要须需可宜]|建议|规划|策划|设想|追求|指望|未来|今后|到20\\d\\d年|年内|方案|后(?=[，])|[一二两三五十\\d]年",
    r"will|would|should|could|may|might|must|can|shall|by (?:the end of )?20\d\d|future|goal|objective|ambition"
    r"|proposal|recommend\w*|suggest\w*|to [a-z]+|next|within \w+ years",
)
FACT = _both(
    "已|(?<![为除])了(?!解|然)|去年|前年|上年|当年",
    r"ha(?:s|ve|d) (?:\w+ly |already |now |also |since )*"
    r"(?:been|become|set|built|made|grown|risen|fallen|begun|come|gone|won|taken|put|cut|led|met|brought|found|\w{2,}ed)"
    r"|was|were|reached|rose|fell|grew|opened|attracted|exceeded",
)
PAST = _words(r"\w{3,}ed")
FUTURE_VERB = _words(r"(?:to|will|would) (?P<verb>[a-z]{3,})")

# ---- Duty, from what must be to what is left free.

MUST = _both(
    "必须|务必|强制|一律|严禁|不得(?!不)|责令|(?<![的合足到按])要求(?=[一-鿿]{2})|(?<![无必])须(?!知)",
    r"must|shall|mandatory|compulsory|oblig\w+|(?:is|are|be) required|requir(?:e|es|ing)|ha(?:ve|s) to",
)
SHOULD = _both("(?<![供响适效反相感顺呼])应(?![用急对付邀变激届税答运])|需要", "should|ought")
OBLIGED = _both(  # in any degree; as evidence only
    "(?<![供响适效反相感顺呼])应(?![用急对付邀变激届税答运])|需(?!求)|要(?![素求点是么闻害价])|须|规定|只能|不可|不能|只有|方可"
    "|才[能可]|负责",
    r"should|ought|need\w*|only|not|no|never",
)
ADVICE = _both("建议", r"recommend\w*|suggest\w*|propos\w+|advis(?:e|es|ed)|call\w* for|urge\w*")
ADVISABLE = _both("宜(?!居)", "advisable|desirable")
MAY = _both(
    "可以|可(?![能靠信持再见观达比控视穿谓是惜移行用供])|不妨|鼓励|考虑|也许|或许|倡导|自愿|有条件",
    r"(?-i:may)|might|could|can|consider\w*|encourag\w*|perhaps|voluntar\w+|optional\w*|free to",
)
LEFT_FREE = _both("可以|可考虑|不妨|自愿", r"(?-i:may)(?! not)|might|could(?! not)|voluntar\w+|optional\w*|free to")

# ---- Bounds of a figure, directly before it or behind it.

_BEFORE = {  # bound: words before a figure, those that deny first
    "at most": (
        "不[得能应可宜会要]?(?:超过?|高于|多于|大于)|未超过|(?:至多|最多)[一-鿿]{0,4}|最高(?:为|达|不超过)?|上限(?:为|是)?|封顶|控制在"
        "|限额?|以内|低至",
        r"at most|up to"
        r"|(?:no|not|none|nobody|never)\b[^,.;]{0,24} (?:(?:more|longer|higher|later) than|exceed\w*|above|over)"
        r"|n['’]t exceed|maximum of|capp?ed at|cap of|limit of|limited to|within",
    ),
    "at least": (
        "(?:至少|起码)[一-鿿]{0,4}|不[得能应可宜会要]?(?:少于|低于|小于|下于?)|最少|最低|下限",
        r"at least|(?:no|not)\b[^,.;]{0,24} (?:less than|fewer than|lower than|below|under)|minimum of|as many as",
    ),
    "below": ("(?:不到|不足)(?:[^，。；\\d]{1,10}的)?|未满", "less than|fewer than|not quite|just under"),
    "under": ("(?<!不)(?:低于|少于|小于|不及)", "under|below|short of"),
    "above": (
        "(?<![不未])超过?(?:了)?|逾|高于|多于|大于|突破|高达",
        r"more than|over|above|exceed\w*|upwards of|in excess of|greater than|higher than|beyond",
    ),
    "nearly": ("(?<![最附])近(?!年)|将近|接近", "nearly|almost|close to"),
    "about": ("约|大约|大概|左右", "about|around|some|roughly|approximately|circa"),
}
HALF = {"zh": re.compile("半数|一半"), "en": re.compile(r"(?<!first )(?<!second )\bhalf\b(?!-| a? ?year)")}
_FILLER_ZH = r"(?:了|到|为|达到?|有|需要?|总数的|其中的|全[市省国]的|[一-鿿]{2}的|人民币|RMB|￥)?"
_FILLER_EN = r"(?:(?:the|a|an|its|their|some|RMB|one|of) ?|by |[£€$¥] ?)*"
BOUNDS_BEFORE = {
    bound: {"zh": re.compile(f"(?:{zh}){_FILLER_ZH}$"), "en": re.compile(rf"\b(?:{en}) {_FILLER_EN}$", re.I)}
    for bound, (zh, en) in _BEFORE.items()
}
BOUNDS_BEHIND = {
    "above": {"zh": re.compile("[多余]|有余|开外"), "en": re.compile(r"-?plus\b|\+| (?:or|and) more| or above")},
    "at least": {"zh": re.compile("以上|起(?!来|重)"), "en": re.compile(r" or (?:more|over)| and above")},
    "at most": {
        "zh": re.compile("以[下内]|之?内(?![陆地部])|封顶"),
        "en": re.compile(r" or (?:less|fewer|under|below)| at most"),
    },
    "about": {"zh": re.compile("左右|上下"), "en": re.compile(r" or so")},
}

# ---- Units and rates that both languages name, for a figure that is given another one.

_UNITS = {
    "kilogram": ("公斤|千克", "kilo(?:gram)?s?|kg"),
    "gram": ("克", "grams?"),
    "milligram": ("毫克", "milligrams?|mg"),
    "tonne": ("吨", "tonnes?|tons?"),
    "mu": ("亩", "mu"),
    "hectare": ("公顷", "hectares?"),
    "kilometre": ("公里|千米", "kilomet(?:re|er)s?|km"),
    "square": ("平方", "square"),
    "litre": ("升", "lit(?:re|er)s?"),
    "kilowatt-hour": ("千瓦时|度", "kilowatt-hours?|kwh"),
    "megawatt": ("兆瓦", "megawatt(?:-hour)?s?|mwh?"),
    "hour": ("个?小时", "hours?"),
    "minute": ("分钟", "minutes?"),
    "day": ("个?(?:工作)?[天日](?!均)", "(?:working |calendar )?days?"),
    "month": ("个月|月", "months?"),
    "year": ("年", "years?"),
    "person": (
        "人次?|名|位",
        "(?:people|person|worker|technician|resident|patient|student|pupil|teacher|nurse|doctor|carer|passenger|visitor"
        r"|tourist|staff|farmer|fisherm|engineer|apprentice|graduate|member|driver(?!less)|buyer"
        r"|rider|child|women|men|adult|employee)\w*",
    ),
    # In the plural: 42 driverless truck depots are no machines.
    "machine": (
        "[台辆艘架套]",
        "(?:machine|robot|vehicle|car|buse|truck|ship|boat|crane|set|bike|bicycle|lift)s|units?",
    ),
}
UNIT_BEHIND = {
    name: {"zh": re.compile(zh), "en": re.compile(rf" ?-?(?:{en})\b", re.I)} for name, (zh, en) in _UNITS.items()
}
RATES = {
    "hour": _both("每小时|小时均", "(?:an|per|each|every) hour|hourly"),
    "day": _both("每[天日]|日均|一天|单日|昼夜|日产|日处理", "(?:a|per|each|every) (?:working )?day|daily"),
    "week": _both("每周|每星期|周均|一周|每个?礼拜", "(?:a|per|each|every) week|weekly"),
    "month": _both("每个?月|月均|一个月|按月", "(?:a|per|each|every) month|monthly"),
    "quarter": _both("每个?季度?|按季", "(?:per|each|every|once a) quarter|quarterly"),
    "year": _both(
        "每一?年|年均|全年|一年|年产|年度|年(?=[产均用处])", r"(?<!half )(?:a|per|each|every) year|annual\w*|yearly"
    ),
    "tonne": _both("每吨|吨均|吨(?=[成水产])", "(?:a|per|each) tonne|(?:a|per|each) ton"),
    "kilometre": _both("每公里|公里造价", "(?:a|per|each) kilomet\\w+|per km"),
    "mu": _both("每亩|亩均", "(?:a|per) mu"),
    "hectare": _both("每公顷", "(?:a|per) hectare"),
}

# ---- Who acts and who speaks: names of kinds of bodies and people, each against the others of its row.

FAMILIES: tuple[dict[str, Words], ...] = (
    _kinds(men=("男", "men|male"), women=("女", "women|female")),
    _kinds(north=("北", "north"), south=("南", "south"), east=("东", "east"), west=("西", "west")),
    _kinds(
        state=("国家|中央|全国", "national|central"),
        province=("省", "provinc"),
        city=("市级|市里|市财政|全市|市政府", "municipal|city"),
        district=("[区县]级|[区县]里|区县", "district|count(?:y|ies)"),
    ),
    _kinds(urban=("城[市区镇]", "urban|town"), rural=("农村|乡村", "rural|village")),
    _kinds(public=("公立|公办|国有", "public|state-owned"), private=("民营|民办|私[立营]", "private")),
    _kinds(adult=("成[人年]", "adult"), child=("儿童|孩子", "child")),
    _kinds(first=("一期|第一", "first"), second=("二期|第二", "second"), third=("三期|第三", "third")),
    _kinds(
        metro=("地铁|轨道", "metro|underground"),
        tram=("有轨电车", "tram"),
        bus=("公交|巴士", "bus"),
        ferry=("轮渡|渡轮", "ferr"),
    ),
    _kinds(large=("大型|大企业", "large"), small=("小微|小型|中小", "small|SME")),
    _kinds(new=("新[建厂区线]", "new"), old=("老[厂区城线]|旧", "old")),
)
ACTORS = _kinds(
    foreign=("外资企?业?|外企", "foreign-invested|foreign firm|foreign compan"),
    firm=("(?<!外资)企业|(?<!保险|电网)公司|厂[商家]|工厂", "firm|compan|enterprise|business|manufactur|plant|factor"),
    bank=("银行|[该本]行", "bank"),
    insurer=("保险公司|险企|保险机构", "insurer|insurance compan"),
    university=("高校|大学|院校", "universit|college"),
    school=("(?<!大)学校|中小学|职校", "school"),
    hospital=("医院|院长", "hospital"),
    community=("社区", "communit"),
    resident=("居民|市民|村民|住户|百姓", "resident|citizen|villager|household|inhabitant"),
    patient=("患者|病人", "patient"),
    nurse=("护士|护理员", "nurse|carer"),
    doctor=("医生|医师|院长", "doctor|physician|director|head"),
    teacher=("教师|老师|教员", "teacher|instructor"),
    city=("市级|市里|市财政|市政府|该市|全市|本市", "municipal|city|council"),
    district=("区县|区级|区里|各区|县里", "district|count(?:y|ies)"),
    landlord=("房东|业主", "landlord|owner"),
    shop=("商户|店主|商家", "shop|merchant|retailer|trader"),
    platform=("平台", "platform"),
    union=("工会", "union"),
    chamber=("商会|工商联", "chamber|federation"),
    statistics=("统计局|统计部门", "statistic"),
    tax=("税务", "tax"),
    environment=("环保|生态环境", "environment"),
    grid=("电网|供电", "grid|power compan|utilit"),
    user=("用户", "user|customer"),
    shipowner=("船东|船公司", "shipown|shipping"),
    port=("港务|港口|港区", "port"),
    author=("作者|本文|报告|论文|我们|笔者", "author(?!i)|paper|report|we|our"),
    expert=("专家|学者", "expert|scholar"),
    parent=("家长", "parent"),
    worker=("工人|员工|职工|外卖员|骑手", "worker|employee|staff|rider"),
    police=("公安|警方|交警", "police"),
    customs=("海关", "customs"),
    court=("法院", "court"),
    health=("卫健|疾控|卫生部门", "health|disease control"),
    education=("教育局|教育部门|教委", "education"),
    finance=("财政局|财政部门", "finance"),
    commerce=("商务局|商务部门|商务委", "commerce"),
    transport=("交通局|交通部门|交通委", "transport"),
    fire=("消防", "fire"),
    developer=("开发商|房企", "developer"),
    operator=("运营[公商企]|运营单位", "operator"),
    supplier=("供应商|供货商", "supplier"),
    farmer=("农户|农民|果农|养殖户", "farmer|grower"),
)
SAYING: Words = {
    "zh": re.compile(
        r"(?:^|[，。；：、\n]|——)(?:座谈中，)?(?:据|按照?|根据)(?P<by>[^，。；：\n]{2,16}?)"
        r"的?(?:[测核计]算|统计|监测|调查|评估|通报|介绍|估[计算]|数据|预测|反映|调研|反馈|说法)"
        r"|(?:^|[，。；：\n]|——)(?:因此|为此|对此|同时|此外|但)?(?P<who>[^，。；：\n]{2,14}?)(?:普遍|一致|都|也|们|调查|统计|测算)?"
        r"(?:认为|指出|表示|反映(?!的)|提出|强调|主张|坦[言承]|透露|显示|称(?![号为赞])|抱怨|说(?=[，：])|呼吁|直言|估计|担心)"
    ),
    "en": re.compile(
        r"\b[Aa]ccording to (?:the |a )?(?P<by>[^,.;]{3,50}?)(?=,|\.|;|$)"
        r"|(?:^|[.;:,] )(?:the |a |an )?(?P<who>(?!it |this |rather )[\w’' -]{3,40}?)"
        r"(?<! to)(?<! our)(?<! an)(?<! its)(?<! was)(?<! were)(?<! be)(?<! been) (?:(?:say|said|believ|reckon"
        r"|argu|claim|estimat|complain(?!t)|find|found|think|thought|maintain)\w*|note[sd]?|point(?:s|ed)? out"
        r"|report(?:s|ed)? that)\b",
        re.I,
    ),
}
NAMELESS = _both("作者|本文|报告|论文|文章|笔者|我们", r"author\w*|paper|report|article|we")
PASSIVE = _both("[被由受]", "by")

# ---- Words without weight where two wordings are compared.

FUNCTION_ZH = re.compile(
    "[的了在是和与及或也都还就又而且并把将从对向于之其各该这那所为以仅只]|一[个支座家批项种次位条块]|可以?|能够?|[已曾]经?"
)
FUNCTION_EN = frozenset(
    "a an the of to in on at by for from with and or but as is are was were be been being it its they their them he "
    "she his her this that these those there which who what has have had do does did will would can could may might "
    "should must shall so than then also into over per each any some all every both".split()
)

# In lower case: capitalised in English whatever the evidence, as calendar, currencies, common short forms.
ORDINARY = frozenset(
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays "
    "rmb us usd cny eur jpy gbp hkd sgd aud cad nzd krw chf i ai it r&d sme smes gdp ceo cfo cto uk eu uae "
    "government council party municipal mayor chinese english chapter section table figure article annex "
    "series north south east west northern southern eastern western central internet co ltd mr ms mrs dr pm am "
    "county valley bridge lake step phase stage line task recommendation measure action item part volume spring "
    "festival".split()
)

# English names, each with what Chinese has for it besides its full name: a character, a brand, a part of a compound.
_ALIASES = {
    "China": "在华 来华 驻华 对华 我国 国内 国产 全国 中方 中外 境内 国铁 中欧 中美 中日 中德 中韩 中英 中法 中俄"
    " 国三 国四 国五 国六",
    "western China": "西部",
    "New International Land-Sea Trade Corridor": "陆海新通道",
    "Sino": "中外",
    "Europe": "欧",
    "Nordic": "北欧",
    "United States": "对美 赴美 在美 美方 美资 美企 欧美 中美 日美",
    "America": "欧美",
    "Japanese": "日资 日系 日方 日企 日语 英日 英、日 日韩 日、韩 日德 中日 对日",
    "German": "德资 德系 德方 德企 德语 日德 英德 中德",
    "Korean": "韩资 韩方 韩企 韩语 日韩 日、韩 中韩",
    "English": "英文 英语 英日 英、日 英德 英法",
    "French": "法资 法方 法语 英法 中法",
    "Russian": "俄资 俄方 俄语 中俄 对俄",
    "Asia": "东南亚 中亚 南亚 西亚 东亚 北亚",
    "Asian": "东南亚 中亚 南亚 西亚 东亚 北亚",
    "Latin American": "拉美",
    "Portuguese": "葡语 葡萄牙语",
    "Spanish": "西语",
    "Arabic": "阿拉伯",
    "Gulf": "海湾",
    "Mandarin": "普通话",
    "National Day": "国庆",
    "May Day": "五一",
    "World Heritage": "世界遗产",
    "Red Cross": "红十字",
    "Cape of Good Hope": "好望角",
    "Third Front": "三线",
    "Belt and Road": "一带",
    "Sichuan": "花椒 川剧 川菜",
    "WeChat": "微信",
    "VAT": "增值税 留抵",
    "Double Eleven": "双十一",
    "Fortune": "500强 五百强",
    "Agricultural Development Bank": "农发行",
    "CPR": "心肺复苏",
    "RFID": "射频",
    "GM": "转基因",
    "PE": "体育",
    "QR": "二维码 扫码",
    "LPG": "液化气 液化石油气",
    "LNG": "液化天然气",
    "LCD": "液晶",
    "CNC": "数控",
    "PUE": "电能利用效率",
    "ECG": "心电",
    "X-rays": "拍片 胸片",
    "PhD": "博士",
    "CVs": "简历",
    "Metro": "地铁",
    "First": "第一",
    "Second": "第二",
    "Third": "第三",
    "A": "甲",
    "B": "乙",
    "C": "丙",
    "Class Grade Level Category": "级 类",
    "II": "二 Ⅱ",
    "III": "三 Ⅲ",
    "IV": "四 Ⅳ",
    "V": "五 Ⅴ",
    "VI": "六 Ⅵ",
}
ALIASES = tuple((zh, en) for en, row in _ALIASES.items() for zh in row.split())

# Words of titles that are no names: in a title all have a capital.
TITLE_WORDS = frozenset(
    "about abroad added alone answer attracting back better beyond bottlenecks build building burdens can case "
    "catastrophe challenges comparison consequences constraints cover cut cutting different dividing document drivers "
    "duplication every experience first five fixing flood forward four from future gap gene help helping how hurdles "
    "into keeping leakage learning lessons lower make making matters more need next no not nurturing obstacles one "
    "only opening path paths practice problem problems proposal proposals prospects questions raising reach red "
    "reducing remedies responses retain rethinking risks role saving seasons seven shortage six smoother solution "
    "stage still stopping summer tackling taking ten therapy thoughts three threshold towards trunk turning two under "
    "unlocking untapped use using view visitors way ways what where whole why winter with without worth year years "
    "zero".split()
)
