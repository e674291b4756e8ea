"""Debian's own Alertmanager and Prometheus, started on loopback for one test, and its amtool."""

from __future__ import annotations

import datetime
import json
import pathlib
import shutil
import signal
import subprocess
from typing import Any

import httpx
import yaml

from harness import free_port, wait_until


class Peer:
    """A process with an HTTP port and a /-/ready page."""

    def __init__(self, words: list[str], folder: pathlib.Path, port: int):
        self.url = f"http://127.0.0.1:{port}"
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder)
        wait_until(f"{words[0]} to be ready", self._ready)

    def _ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return httpx.get(self.url + "/-/ready", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


class Alertmanager(Peer):
    """With one receiver, no waiting, and every alert in a group of its own."""

    def __init__(self, folder: pathlib.Path, receiver: dict[str, Any], repeat: str = "2s", group_interval: str = "1s"):
        folder.mkdir()
        route = {
            "receiver": "us",
            "group_by": ["..."],
            "group_wait": "0s",
            "group_interval": group_interval,
            "repeat_interval": repeat,
        }
        config = {"route": route, "receivers": [{"name": "us", **receiver}]}
        (folder / "alertmanager.yml").write_text(yaml.safe_dump(config))
        port = free_port()
        words = [
            shutil.which("prometheus-alertmanager") or "prometheus-alertmanager",
            "--config.file=alertmanager.yml",
            "--storage.path=data",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
        ]
        super().__init__(words, folder, port)

    def send(self, labels: dict[str, str], annotations: dict[str, str], firing: bool = True) -> None:
        now = datetime.datetime.now(datetime.UTC)
        alert: dict[str, Any] = {"labels": labels, "annotations": annotations}
        if firing:
            alert["endsAt"] = (now + datetime.timedelta(hours=1)).isoformat()
        else:
            alert["endsAt"] = now.isoformat()
        httpx.post(self.url + "/api/v2/alerts", json=[alert]).raise_for_status()


class Prometheus(Peer):
    """With one rule that fires or not, and with us as its Alertmanager."""

    def __init__(self, folder: pathlib.Path, target: httpx.URL, resend: str = "1s"):
        """It sends again after `resend`, and what it sends is over after four times that."""
        folder.mkdir()
        self.folder = folder
        manager = {
            "scheme": target.scheme,
            "path_prefix": target.path.rstrip("/") or "/",
            "api_version": "v2",
            "static_configs": [{"targets": [f"{target.host}:{target.port}"]}],
        }
        config = {
            "global": {"evaluation_interval": "1s", "external_labels": {"cluster": "test"}},
            "alerting": {"alertmanagers": [manager]},
            "rule_files": ["rules.yml"],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        self.fire(True, reload=False)
        port = free_port()
        words = [
            shutil.which("prometheus") or "prometheus",
            "--config.file=prometheus.yml",
            "--storage.tsdb.path=data",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--rules.alert.resend-delay={resend}",
        ]
        super().__init__(words, folder, port)

    def fire(self, firing: bool, reload: bool = True) -> None:
        rule = {
            "alert": "DiskFull",
            "expr": f"vector({int(firing)}) > 0",
            "labels": {"severity": "critical", "instance": "db-7"},
            "annotations": {"summary": "Disk of db-7 is 97 % full"},
        }
        rules = {"groups": [{"name": "g", "rules": [rule]}]}
        (self.folder / "rules.yml").write_text(yaml.safe_dump(rules))
        if reload:
            self.reload()


class Amtool:
    """amtool, with the base of an integration's door as its Alertmanager."""

    def __init__(self, url: str):
        self.url = url

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        command = [shutil.which("amtool") or "amtool", f"--alertmanager.url={self.url}", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--output=json").stdout)
