"""The process ends at each of its commits, once before and once behind it, while a real client works through one alert.

A debug build ends itself there (`DECURION_CRASH_AT`), a supervisor starts it again, and the client goes on as it does: it
sends again what nobody answered. The story must come to its end with nobody paged twice, whichever commit it was.
"""

from __future__ import annotations

import concurrent.futures
import pathlib
import shutil
import signal
import ssl
import threading
import uuid
from collections.abc import Callable, Iterator
from functools import partial

import httpx
import opsgenie_sdk
import pagerduty
import psycopg
import pytest
import tenacity
import urllib3

import vendors
from harness import Decurion, insist, wait_until
from life import Life
from opsgenie import Client
from peers import Alertmanager, Amtool, Prometheus
from recorders import HttpRecorder
from sns import TOPIC, Amazon, alarm, deliver
from tls import TlsFront

LABELS = {"alertname": "DiskFull", "instance": "db-7", "severity": "critical"}
ANNOTATIONS = {"summary": "Disk of db-7 is 97 % full"}
MAPPING = {
    "action": "body.state",
    "dedup_key": "body.id",
    "title": "body.name",
    "severity": "body.level",
}
KEY = "db-7/disk"
ALARM = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:db-7-cpu"
MORE = {
    "generic": {"mapping": MAPPING},
    "aws_sns": {"topics": [TOPIC]},
    "heartbeat": {"quiet_after_s": 10, "default_severity": "critical"},
}
AT_ONCE = 4
# No story has as many commits; a sweep that gets here would never end.
MOST = 60


class Cast:
    """A copy of a prepared installation that ends at one commit and is started again."""

    def __init__(self, mould: Decurion, folder: pathlib.Path, crash_at: str):
        shutil.copytree(mould.home, folder, ignore=shutil.ignore_patterns("*.log", "pack", "cast-*"))
        self.decurion = Decurion(mould.binary, folder, mould.pack, copy_of(mould.database))
        self.decurion._token = mould.token()
        self.decurion.environment = dict(mould.environment)
        self.decurion.may_be_gone = True
        self.crashed = False
        self.over = False
        self.process = None
        self.thread = threading.Thread(target=self._supervise, args=(crash_at,), daemon=True)
        self.thread.start()

    def _supervise(self, crash_at: str) -> None:
        base = dict(self.decurion.environment)
        self.decurion.environment = {**base, "DECURION_CRASH_AT": crash_at}
        while not self.over:
            self.process = self.decurion.start()
            ended = self.process.wait()
            self.crashed |= ended == -signal.SIGABRT
            self.decurion.environment = base

    def close(self) -> None:
        self.over = True
        if self.process:
            self.process.kill()
        self.thread.join(timeout=20)
        drop(self.decurion.database)


def copy_of(database: str | None) -> str | None:
    """A database with the same contents, or nothing for SQLite, whose file was copied."""
    if database is None:
        return None
    server, _, name = database.rpartition("/")
    copy = f"c{uuid.uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}"')
    return f"{server}/{copy}"


def drop(database: str | None) -> None:
    if database:
        server, _, name = database.rpartition("/")
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def insist_on(send: Callable[[], object]) -> None:
    """PyPI's client gives up after a few tries; its user does not."""

    def sent() -> object:
        try:
            return send()
        except pagerduty.Error as error:
            raise OSError(str(error)) from error

    insist(sent)


def by_pagerduty(cast: Cast, made: dict, recorder: HttpRecorder) -> None:
    front = TlsFront(cast.decurion.home, cast.decurion.port)
    trust = ssl.create_default_context(cafile=str(front.certificate))
    client = pagerduty.EventsApiV2Client(made["key"], base_url=front.url, verify=trust)
    try:
        life = Life(cast.decurion, recorder)
        trigger = partial(client.trigger, "Disk of db-7 is 97 % full", "db-7", dedup_key=KEY, severity="critical")
        insist_on(trigger)
        life.created(KEY)
        insist_on(trigger)
        life.repeated(KEY, 2, at_least=True)
        insist_on(lambda: client.acknowledge(KEY))
        life.acknowledged(KEY)
        insist_on(lambda: client.resolve(KEY))
        life.resolved(KEY)
    finally:
        front.close()


def by_opsgenie(cast: Cast, made: dict, recorder: HttpRecorder) -> None:
    client = Client(cast.decurion.url, made["key"])

    def insist_on_it(send: Callable[[], object]) -> None:
        """PyPI's client gives up after a few tries; its user does not."""

        def sent() -> object:
            try:
                return send()
            except (opsgenie_sdk.exceptions.OpenApiException, urllib3.exceptions.HTTPError, tenacity.RetryError) as error:
                raise OSError(str(error)) from error

        insist(sent)

    life = Life(cast.decurion, recorder)
    create = partial(client.create, KEY, "Disk of db-7 is 97 % full")
    insist_on_it(create)
    life.created(KEY)
    insist_on_it(create)
    life.repeated(KEY, 2, at_least=True)
    insist_on_it(lambda: client.acknowledge(KEY, note="looking"))
    life.acknowledged(KEY)
    insist_on_it(lambda: client.close(KEY))
    life.resolved(KEY)


def by_generic(cast: Cast, made: dict, recorder: HttpRecorder) -> None:
    url = cast.decurion.url + httpx.URL(made["url"]).path

    def say(state: str) -> None:
        body = {"id": KEY, "state": state, "name": "Disk full", "level": "critical"}
        insist(lambda: httpx.post(url, json=body, timeout=20)).raise_for_status()

    life = Life(cast.decurion, recorder)
    say("trigger")
    life.created(KEY)
    say("trigger")
    life.repeated(KEY, 2, at_least=True)
    say("acknowledge")
    life.acknowledged(KEY)
    say("resolve")
    life.resolved(KEY)


def by_vendor(cast: Cast, vendor: str, made: dict, recorder: HttpRecorder) -> None:
    def say(firing: bool) -> None:
        answer = insist(lambda: vendors.send(vendor, made, cast.decurion.url, firing))
        assert vendors.answered_well(vendor, answer), f"{answer.status_code}: {answer.text}"

    life = Life(cast.decurion, recorder)
    key = vendors.KEYS[vendor]
    say(True)
    life.created(key)
    say(True)
    life.repeated(key, 2, at_least=True)
    life.acknowledge_by_link()
    say(False)
    life.resolved(key)


def by_sns(cast: Cast, made: dict, recorder: HttpRecorder) -> None:
    url = cast.decurion.url + httpx.URL(made["url"]).path
    amazon = made["amazon"]
    asked = deliver(url, amazon.delivery("SubscriptionConfirmation", "You have chosen to subscribe."))
    life = Life(cast.decurion, recorder)
    deliver(url, amazon.delivery("Notification", alarm("ALARM")))
    life.created(ALARM)
    deliver(url, amazon.delivery("Notification", alarm("ALARM"), version="1"))
    # What is sent again has its MessageId: the count is exact even so.
    life.repeated(ALARM, 2)
    life.acknowledge_by_link()
    deliver(url, amazon.delivery("Notification", alarm("OK")))
    life.resolved(ALARM)
    subscribed = lambda: cast.decurion.get(f"/signals/{asked['signal_id']}")["outcome"] == "confirmed"  # noqa: E731
    wait_until("the subscription", subscribed, timeout_s=40)


def by_heartbeat(cast: Cast, made: dict, recorder: HttpRecorder) -> None:
    """Nothing beats at first; that is the alert."""
    url = cast.decurion.url + httpx.URL(made["url"]).path
    life = Life(cast.decurion, recorder)
    key = wait_until("the alert", cast.decurion.alerts, timeout_s=30)[0]["dedup_key"]
    life.created(key)
    life.acknowledge_by_link()
    insist(lambda: httpx.get(url, timeout=20)).raise_for_status()
    life.resolved(key)


def by_alertmanager(cast: Cast, made: dict, recorder: HttpRecorder) -> None:
    url = cast.decurion.url + httpx.URL(made["url"]).path
    receiver = {"webhook_configs": [{"url": url, "send_resolved": True}]}
    manager = Alertmanager(cast.decurion.home / "alertmanager", receiver)
    try:
        manager.send(LABELS, ANNOTATIONS)
        until_resolved(cast, recorder, lambda: manager.send(LABELS, ANNOTATIONS, firing=False))
    finally:
        manager.close()


def by_prometheus(cast: Cast, made: dict, recorder: HttpRecorder) -> None:
    url = httpx.URL(cast.decurion.url).copy_with(path=httpx.URL(made["url"]).path)
    # An alert must outlive the pause until a process that ended is ready again.
    prometheus = Prometheus(cast.decurion.home / "prometheus", url, resend="4s")
    try:
        until_resolved(cast, recorder, lambda: prometheus.fire(False))
    finally:
        prometheus.close()


def until_resolved(cast: Cast, recorder: HttpRecorder, recover: Callable[[], None]) -> None:
    """These senders repeat by themselves and cannot acknowledge: the person who was paged does."""
    life = Life(cast.decurion, recorder)
    key = wait_until("the alert", cast.decurion.alerts)[0]["dedup_key"]
    life.created(key)
    life.repeated(key, 2, at_least=True)
    life.acknowledge_by_link()
    recover()
    life.resolved(key)


def by_silence(cast: Cast, made: dict, recorder: HttpRecorder) -> None:
    """What a silence of amtool holds back is paged once, when amtool ends it."""
    url = cast.decurion.url + httpx.URL(made["url"]).path
    amtool = Amtool(url)

    def insist_on_it(*words: str) -> str:
        """amtool gives up at once; its user does not."""

        def said() -> str:
            done = amtool.run(*words, check=False)
            if done.returncode:
                raise OSError(done.stderr)
            return done.stdout

        return insist(said)

    def say(**times: str) -> None:
        alert = {"labels": LABELS, "annotations": ANNOTATIONS, **times}
        insist(lambda: httpx.post(url + "/api/v2/alerts", json=[alert], timeout=20)).raise_for_status()

    insist_on_it("silence", "add", "alertname=DiskFull", "--author=ops", "--comment=replaced")
    say()
    key = wait_until("the alert", cast.decurion.alerts)[0]["dedup_key"]
    say()
    alert = cast.decurion.wait_alert(key, incident_id=None)
    assert alert["suppressed_by"] and alert["count"] >= 2, alert
    assert not [call for call in recorder.calls if cast.decurion.url.encode() in call.body], "somebody was paged"
    # An add that was not answered was asked for again: there may be two.
    for silence in insist_on_it("silence", "query", "--quiet").split():
        insist_on_it("silence", "expire", silence)
    wait_until("it is raised", lambda: (cast.decurion.alert(key) or {}).get("incident_id"))
    life = Life(cast.decurion, recorder)
    life.created(key)
    life.acknowledge_by_link()
    say(endsAt="2026-01-01T00:00:00Z")
    life.resolved(key)


STORIES = {
    "pagerduty": by_pagerduty,
    "opsgenie": by_opsgenie,
    "generic": by_generic,
    "aws_sns": by_sns,
    "heartbeat": by_heartbeat,
    "alertmanager_webhook": by_alertmanager,
    "alertmanager_api": by_prometheus,
    "silence": by_silence,
}
KINDS = {"silence": "alertmanager_api"}


@pytest.fixture
def pool() -> Iterator[concurrent.futures.ThreadPoolExecutor]:
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        yield threads


@pytest.mark.parametrize("kind", STORIES)
@pytest.mark.timeout(400)
def test_the_story_ends_well_whichever_commit_the_process_ends_at(
    decurion: Decurion, recorder: HttpRecorder, tmp_path: pathlib.Path, kind: str, pool
) -> None:
    made = decurion.integration(KINDS.get(kind, kind), **MORE.get(kind, {}))
    if kind == "aws_sns":
        made["amazon"] = Amazon(tmp_path)
        decurion.environment |= made["amazon"].environment()
    sweep(decurion, tmp_path, pool, kind, lambda cast: STORIES[kind](cast, made, recorder))


@pytest.mark.parametrize("vendor", vendors.VENDORS)
@pytest.mark.database("sqlite")
@pytest.mark.timeout(400)
def test_what_a_vendor_posts_ends_well_whichever_commit_the_process_ends_at(
    decurion: Decurion, recorder: HttpRecorder, tmp_path: pathlib.Path, vendor: str, pool
) -> None:
    made = decurion.integration_of(vendor)
    sweep(decurion, tmp_path, pool, vendor, lambda cast: by_vendor(cast, vendor, made, recorder))


def sweep(decurion: Decurion, tmp_path: pathlib.Path, pool, name: str, story: Callable[[Cast], None]) -> None:
    """Plays the story with an end before and behind each of its commits."""
    decurion.token()
    decurion.stop()

    def told(crash_at: str) -> bool:
        """Plays the story; whether the process ended where it was to."""
        cast = Cast(decurion, tmp_path / f"cast-{crash_at.replace(':', '-')}", crash_at)
        try:
            story(cast)
            return cast.crashed
        except BaseException as error:
            raise AssertionError(f"{name} with {crash_at}: {error}\n{cast.decurion.tail()[-1500:]}") from error
        finally:
            cast.close()

    commits = 0
    for first in range(1, MOST, AT_ONCE // 2):
        numbers = range(first, first + AT_ONCE // 2)
        points = [f"{point}:{number}" for number in numbers for point in ("before", "after")]
        crashed = list(pool.map(told, points))
        commits += sum(crashed) / 2
        if not all(crashed):
            break
    assert 4 <= commits < MOST, f"the story has {commits} commits"
