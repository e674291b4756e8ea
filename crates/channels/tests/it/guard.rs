use decurion_core::org::Channel;

use crate::recorder::{Answer, Recorder};
use crate::support::{channels, delivered, failed, local, message, now_us};

const HTTP: [Channel; 6] =
    [Channel::Webhook, Channel::Ntfy, Channel::Slack, Channel::Discord, Channel::Mattermost, Channel::Teams];

#[tokio::test]
async fn private_addresses_are_refused_unless_allowed() {
    let recorder = Recorder::answering("200 OK", "ok").await;
    let mut settings = local();
    settings.allow_private_addresses = false;
    let (closed, open) = (channels(settings), channels(local()));
    let port = recorder.address.port();
    for host in ["127.0.0.1", "localhost", "127.1", "[::ffff:127.0.0.1]"] {
        for channel in HTTP {
            let message = message(channel, format!("http://{host}:{port}/topic"));
            let (answer, permanent) = failed(closed.send(&message, now_us()).await);
            assert!(answer.contains("private network") && permanent, "{host}: {answer}");
            assert_eq!(recorder.connections(), 0, "{host}");
        }
    }
    for host in ["127.0.0.1", "localhost", "127.1"] {
        for channel in HTTP {
            delivered(open.send(&message(channel, format!("http://{host}:{port}/topic")), now_us()).await);
        }
    }
}

#[tokio::test]
async fn metadata_services_are_refused_even_when_private_addresses_are_allowed() {
    for address in ["http://169.254.169.254/latest", "http://[fd00:ec2::254]/latest", "http://0.0.0.0/topic"]
    {
        let outcome = channels(local()).send(&message(Channel::Webhook, address), now_us()).await;
        let (answer, permanent) = failed(outcome);
        assert!(answer.contains("no receiver can be") && permanent, "{answer}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let inside = Recorder::answering("200 OK", "ok").await;
    let location = inside.url("/inside");
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let header = format!("location: {location}\r\n");
        let recorder = Recorder::start(move |_| Answer::Reply(status, header.clone(), String::new())).await;
        for channel in HTTP {
            let outcome = channels(local()).send(&message(channel, recorder.url("/topic")), now_us()).await;
            assert_eq!(failed(outcome), (format!("{status}: redirects are not followed"), true));
        }
    }
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn only_http_addresses_are_read() {
    let channels = channels(local());
    for address in ["ftp://example.com/", "file:///etc/passwd", "no url", "", "http://"] {
        for channel in HTTP.into_iter().filter(|channel| *channel != Channel::Ntfy) {
            assert!(failed(channels.send(&message(channel, address), now_us()).await).1, "{address}");
            assert!(channels.check_address(channel, address).is_err(), "{address}");
        }
    }
    assert!(channels.check_address(Channel::Webhook, "https://hooks.example/decurion").is_ok());
}
