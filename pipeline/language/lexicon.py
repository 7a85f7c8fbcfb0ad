"""Words that deny, oblige or permit, in both languages, and capitals that are no names."""

from __future__ import annotations

import re


def _words(*alternatives: str) -> re.Pattern:
    """English words, whatever their case; each alternative is a pattern of a whole word."""
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


A_NOT_A = re.compile(r"(.)不\1")  # 要不要 asks
# Clear denials, without the words in which the character denies nothing (不断, 未来, 无人机).
NEGATION = {
    "zh": re.compile(
        "没有|并非|禁止|不得(?!不)"
        "|不(?![断仅但同少过妨足低高论管良锈动久愧止]|超过|大于|小于|得不|可或缺|确定|平衡)"
        "|未(?!来)|无(?![人线锡疑论缝障碍形限数菌源纸害尘偿])|(?<![东西南北中])非(?![洲常营])"
    ),
    "en": _words(
        "not", r"no(?!\. ?\d)", "never", "without", "neither", "nor", "none", "nobody", "nothing", "cannot",
        r"\w+n['’]t", r"forbid\w*", "ban(?:s|ned)?", r"prohibit\w*",
    ),
}  # fmt: skip
# The word that a denial is about, behind verbs of permission.
DENIED = {
    "zh": re.compile(
        rf"(?:{NEGATION['zh'].pattern})(?:得|能|可以|可|会|再|应当|应|宜|该|要|必|准|许|予|是|有){{0,2}}([一-鿿]{{2}})"
    ),
    "en": re.compile(
        r"\b(?:not|no|never|without|cannot)(?: (?:be|to|a|an|the|any|been|yet|longer))* ([a-z]{4,})", re.I
    ),
}
DENIAL_REACH = 12  # characters before a word in which a denial may stand
# Words that may stand for a denial of the other side; of themselves they are no reason.
HINT = {
    "zh": re.compile("[不未无非没莫勿免缺少弱难拒停废除止失空低欠仅只才]|避免|以外"),
    "en": _words(
        r"(?:un|in|im|ir|dis|non|mis)\w+", r"\w+less",
        r"(?:lack|fail|few|little|less|under|below|only|refus|reject|avoid|stop|end|exempt|free|wrong|rather"
        r"|instead|unless|except|hardly|barely|short|low|weak|miss|out|remov|drop|abolish|against|off|keep"
        r"|kept|waiv)\w*",
    ),
}  # fmt: skip

# What must be done; what obliges in any degree; what is left free.
STRONG = {
    "zh": re.compile("必须|务必|强制|一律|严禁|不得"),
    "en": _words("must", "shall", "mandatory", "compulsory", r"oblig\w+", "(?:is|are) required"),
}
DUTY = {
    "zh": re.compile("必须|务必|强制|一律|严禁|不得|[应须需要]|规定|只能|不可|不能|只有|方可|才能|才可|负责"),
    "en": _words(
        "must", "shall", "should", "ought", r"need\w*", r"require\w*", "mandatory", "compulsory", r"oblig\w+",
        "only", "ha(?:ve|s) to", "not", "no", "never",
    ),
}  # fmt: skip
LEAVE = {
    "zh": re.compile("可以|可(?![能靠信持再])|不妨|鼓励|考虑|宜|也许|或许|倡导"),
    "en": _words("may", "might", "could", "can", "consider", r"encourage\w*", "perhaps"),
}

# In lower case: capitalised in English whatever the evidence, as calendar, currencies, common short forms.
ORDINARY = frozenset(
    "january february march april may june july august september october november december monday tuesday "
    "wednesday thursday friday saturday sunday rmb us usd cny eur i ai it r&d sme smes gdp ceo cfo cto uk eu uae "
    "government council party municipal mayor chinese english chapter section table figure article annex "
    "series north south east west northern southern eastern western central internet co ltd mr ms mrs dr pm am "
    "county valley bridge lake step phase stage line task recommendation measure action item part volume spring "
    "festival".split()
)
