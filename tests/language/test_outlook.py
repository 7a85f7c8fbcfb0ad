import pytest

from pipeline.language.outlook import outlook
from pipeline.language.wording import Wording


@pytest.mark.parametrize(
    "text, language, told",
    [
        ("2024年全市软件业收入962亿元。", "zh", None),
        ("预计2030年冷链设备市场规模达471亿元。", "zh", "forecast"),
        ("冷链设备市场规模将从2024年的51亿元增长到2030年的471亿元。", "zh", "forecast"),
        ("到2027年，全市力争建成换电站100座。", "zh", "target"),
        ("市规划局去年批准了12个项目。", "zh", None),
        ("去年节电12%，今后有望更好。", "zh", None),
        ("The market is expected to reach 47 billion yuan by 2030.", "en", "forecast"),
        ("The city aims to build 100 stations by 2027.", "en", "target"),
        ("The city built 100 stations in 2023.", "en", None),
    ],
)
def test_forecasts_and_targets_are_told_from_facts(text, language, told):
    assert outlook(Wording(text, language)) == told
