"""What the tests and the server under test must agree on."""

import json
import pathlib

# Standard Webhooks: `whsec_` and the base64 of 32 bytes.
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="


# The form of a bot's token, as Telegram's documents show it.
TELEGRAM_TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
# 30 letters and digits, as Pushover's documents say.
PUSHOVER_TOKEN = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5"
# Ids of Twilio are two letters and 32 hexadecimal digits.
TWILIO_ACCOUNT = "AC" + "0a" * 16
TWILIO_SECRET = "0123456789abcdef0123456789abcdef"


def sms_providers(recorder_url: str) -> list[dict]:
    """A gateway, and Twilio for when it fails."""
    gateway = {
        "kind": "gateway",
        "url": f"{recorder_url}/gateway",
        "headers": {"Content-Type": "application/json", "Authorization": "Bearer gateway-token"},
        "body": '{"to": "{to}", "text": "{text}", "id": "{id}"}',
    }
    twilio = {
        "kind": "twilio",
        "account_sid": TWILIO_ACCOUNT,
        "secret": TWILIO_SECRET,
        "from": "+15005550006",
        "server": f"{recorder_url}/twilio",
    }
    return [gateway, twilio]


def environment(smtp_port: int, recorder_url: str, folder: pathlib.Path) -> dict[str, str]:
    """The settings that `decurion serve` takes from its environment."""
    sms_file = folder / "sms.json"
    sms_file.write_text(json.dumps(sms_providers(recorder_url)))
    return {
        "DECURION_SMTP_URL": f"smtp+plain://127.0.0.1:{smtp_port}",
        "DECURION_SMTP_FROM": "Decurion <pager@example.org>",
        "DECURION_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "DECURION_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "DECURION_TELEGRAM_SERVER": f"{recorder_url}/telegram",
        "DECURION_PUSHOVER_TOKEN": PUSHOVER_TOKEN,
        "DECURION_PUSHOVER_SERVER": f"{recorder_url}/pushover",
        "DECURION_SMS_FILE": str(sms_file),
        # The recorders stand on loopback.
        "DECURION_ALLOW_PRIVATE_ADDRESSES": "true",
        "DECURION_SEND_TIME_LIMIT_MS": "5000",
    }
