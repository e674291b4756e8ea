"""Topics of Amazon SNS: one alarm from its subscription to its end, and who is not believed."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterator

import pytest

from harness import Decurion, wait_until
from life import Life
from recorders import HttpRecorder
from sns import TOPIC, Amazon, alarm, deliver, post

ALARM = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:db-7-cpu"


@pytest.fixture
def amazon(decurion: Decurion, tmp_path: pathlib.Path) -> Iterator[Amazon]:
    amazon = Amazon(tmp_path)
    decurion.environment |= amazon.environment()
    decurion.stop()
    decurion.serve()
    yield amazon
    amazon.close()


@pytest.mark.parametrize("killed", [False, True], ids=["alive", "killed"])
def test_an_alarm_goes_the_whole_way(decurion: Decurion, amazon: Amazon, recorder: HttpRecorder, killed: bool) -> None:
    made = decurion.integration("aws_sns", topics=[TOPIC])
    life = Life(decurion, recorder, killed)
    asked = deliver(made["url"], amazon.delivery("SubscriptionConfirmation", "You have chosen to subscribe.", version="1"))
    outcome = lambda: decurion.get(f"/signals/{asked['signal_id']}")["outcome"]  # noqa: E731
    wait_until("the subscription", lambda: outcome() == "confirmed")
    assert amazon.confirmed
    first = amazon.delivery("Notification", alarm("ALARM"), Subject='ALARM: "db-7-cpu"')
    taken = deliver(made["url"], first)
    life.created(ALARM, title="db-7-cpu")
    assert deliver(made["url"], first) == taken, "a repeated MessageId changed something"
    life.repeated(ALARM, 1)
    deliver(made["url"], amazon.delivery("Notification", alarm("ALARM"), version="1"))
    life.repeated(ALARM, 2)
    life.acknowledge_by_link()
    deliver(made["url"], amazon.delivery("Notification", alarm("OK")))
    life.resolved(ALARM)


@pytest.mark.database("sqlite")
def test_who_is_not_believed(decurion: Decurion, amazon: Amazon) -> None:
    made = decurion.integration("aws_sns", topics=[TOPIC])
    changed = amazon.delivery("Notification", alarm("ALARM"))
    changed["Message"] = alarm("ALARM", "another")
    assert post(made["url"], changed).json()["code"] == "not_signed"
    strange = amazon.delivery("Notification", alarm("ALARM"), TopicArn="arn:aws:sns:eu-west-1:444455556666:strange")
    refused = post(made["url"], strange)
    assert (refused.status_code, refused.json()["code"]) == (403, "topic_not_listed")
    assert "444455556666:strange" in refused.json()["detail"]
    unasked = amazon.delivery("SubscriptionConfirmation", "x", TopicArn="arn:aws:sns:eu-west-1:444455556666:strange")
    assert post(made["url"], unasked).status_code == 403
    assert amazon.confirmed == []
    assert decurion.alerts() == []
    decurion.login()
    decurion.run("integration", "topics", made["id"], TOPIC, "arn:aws:sns:eu-west-1:444455556666:strange")
    deliver(made["url"], strange)
    assert len(decurion.alerts()) == 1


@pytest.mark.database("sqlite")
def test_one_finding_over_three_ways_is_one_alert(decurion: Decurion, amazon: Amazon) -> None:
    made = decurion.integration("aws_sns", topics=[TOPIC])
    arn = "arn:aws:guardduty:eu-west-1:111122223333:detector/d/finding/f00"
    finding = {"id": "f00", "arn": arn, "accountId": "111122223333", "type": "Recon:EC2/Portscan", "severity": 8}
    finding |= {"title": "A port scan", "service": {"serviceName": "guardduty", "count": 1, "archived": False}}
    product = "arn:aws:securityhub:eu-west-1::product/aws/guardduty"
    asff = {"Id": arn, "ProductArn": product, "Title": "A port scan", "Severity": {"Label": "HIGH"}, "RecordState": "ACTIVE"}
    ocsf = {"class_uid": 2004, "severity_id": 4, "finding_info": {"uid": arn, "title": "A port scan"}}
    ocsf["metadata"] = {"product": {"name": "GuardDuty", "vendor_name": "AWS"}}
    ways = [
        ("aws.guardduty", "GuardDuty Finding", finding),
        ("aws.securityhub", "Security Hub Findings - Imported", {"findings": [asff]}),
        ("aws.securityhub", "Findings Imported V2", {"findings": [ocsf]}),
    ]
    for source, kind, detail in ways:
        message = json.dumps({"version": "0", "source": source, "detail-type": kind, "detail": detail})
        deliver(made["url"], amazon.delivery("Notification", message))
    alerts = decurion.alerts()
    assert [(alert["dedup_key"], alert["count"]) for alert in alerts] == [("aws/guardduty:f00", 3)]
    assert len(decurion.incidents()) == 1
