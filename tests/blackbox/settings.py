"""What the tests and the server under test must agree on."""

# Standard Webhooks: `whsec_` and the base64 of 32 bytes.
WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="


# The form of a bot's token, as Telegram's documents show it.
TELEGRAM_TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
# 30 letters and digits, as Pushover's documents say.
PUSHOVER_TOKEN = "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5"


def environment(smtp_port: int, recorder_url: str) -> dict[str, str]:
    """The settings that `decurion serve` takes from its environment."""
    return {
        "DECURION_SMTP_URL": f"smtp+plain://127.0.0.1:{smtp_port}",
        "DECURION_SMTP_FROM": "Decurion <pager@example.org>",
        "DECURION_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "DECURION_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "DECURION_TELEGRAM_SERVER": f"{recorder_url}/telegram",
        "DECURION_PUSHOVER_TOKEN": PUSHOVER_TOKEN,
        "DECURION_PUSHOVER_SERVER": f"{recorder_url}/pushover",
        # The recorders stand on loopback.
        "DECURION_ALLOW_PRIVATE_ADDRESSES": "true",
        "DECURION_SEND_TIME_LIMIT_MS": "5000",
    }
