"""PyPI's `opsgenie-sdk` as its users have it: another host, and the key of the integration."""

from __future__ import annotations

import opsgenie_sdk


class Client:
    def __init__(self, url: str, key: str):
        configuration = opsgenie_sdk.Configuration()
        configuration.host = url
        configuration.api_key = {"Authorization": key}
        self.api = opsgenie_sdk.AlertApi(opsgenie_sdk.ApiClient(configuration))

    def create(self, alias: str | None, message: str, **more: object) -> str:
        """The id of the request, which is answered for once it is committed."""
        asked = {"message": message, "source": "db-7", "priority": "P1", **more}
        if alias is not None:
            asked["alias"] = alias
        return self.api.create_alert(opsgenie_sdk.CreateAlertPayload(**asked)).request_id

    def acknowledge(self, alias: str, by: str = "alias", **more: object) -> str:
        told = opsgenie_sdk.AcknowledgeAlertPayload(**more)
        return self.api.acknowledge_alert(alias, identifier_type=by, acknowledge_alert_payload=told).request_id

    def close(self, alias: str, by: str = "alias", **more: object) -> str:
        told = opsgenie_sdk.CloseAlertPayload(**more)
        return self.api.close_alert(alias, identifier_type=by, close_alert_payload=told).request_id

    def note(self, alias: str, note: str, **more: object) -> str:
        told = opsgenie_sdk.AddNoteToAlertPayload(note=note, **more)
        return self.api.add_note(alias, told, identifier_type="alias").request_id

    def progress(self, request: str) -> opsgenie_sdk.AlertRequestStatus:
        return self.api.get_request_status(request).data

    def alert(self, alias: str, by: str = "alias") -> opsgenie_sdk.Alert:
        return self.api.get_alert(alias, identifier_type=by).data


def heartbeats(url: str, key: str) -> opsgenie_sdk.HeartbeatApi:
    configuration = opsgenie_sdk.Configuration()
    configuration.host = url
    configuration.api_key = {"Authorization": key}
    return opsgenie_sdk.HeartbeatApi(opsgenie_sdk.ApiClient(configuration))
