//! The day that the demo plays: what happens when.

/// One thing that happens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    /// After the start, in seconds of the demo's clock.
    pub(super) at_s: i64,
    /// What the console and the terminal say about it.
    pub(super) text: &'static str,
    pub(super) act: Act,
}

/// What is done over HTTP.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// A sender sends.
    Send(Case),
    /// Many senders send for a short while.
    Storm,
    /// They send that it is over.
    StormEnds,
    /// Somebody opens the signed link in the mailbox and presses the button.
    AnswerByLink(Case, &'static str),
    /// An account acts over the API.
    Say(Case, &'static str, Said),
    /// Nobody does anything; what the product did by itself is told.
    Look(Case),
}

/// What an account says.
#[derive(Debug, Clone, Copy)]
pub(super) enum Said {
    Note(&'static str),
    CustomerFacing,
    CompanyWide,
    Contained,
    Benign,
}

/// The cases of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Case {
    /// GuardDuty: credentials used from outside.
    Credentials,
    /// Alertmanager: edge nodes lose packets.
    Edge,
    /// CloudWatch: customers cannot pay.
    Checkout,
    /// GuardDuty: a bucket is read at an unusual rate. Nobody has time for it.
    Bucket,
    /// PagerDuty: left open for whoever watches.
    Vpn,
}

impl Case {
    /// The integration of the pack that brings it.
    pub(super) const fn integration(self) -> &'static str {
        match self {
            Self::Credentials | Self::Bucket => "aws-guardduty",
            Self::Checkout => "aws-cloudwatch",
            Self::Edge => "alertmanager",
            Self::Vpn => "pagerduty",
        }
    }
}

const fn step(at_s: i64, text: &'static str, act: Act) -> Step {
    Step { at_s, text, act }
}

/// The day, in the order of its times. It begins on a weekday at 08:40, when Leila holds L1.
pub(super) const DAY: [Step; 22] = [
    step(30, "GuardDuty: credentials of a role are used from outside", Act::Send(Case::Credentials)),
    step(150, "Leila answers her page by the link", Act::AnswerByLink(Case::Credentials, "leila")),
    step(
        300,
        "Leila notes what she found",
        Act::Say(
            Case::Credentials,
            "leila",
            Said::Note("The address is the new gateway of the build runners."),
        ),
    ),
    step(420, "Leila resolves it: allowed", Act::Say(Case::Credentials, "leila", Said::Benign)),
    step(600, "A storm: edge nodes lose packets, 300 signals", Act::Storm),
    step(690, "Leila answers the one page of the storm", Act::AnswerByLink(Case::Edge, "leila")),
    step(1_080, "The storm is over; the case resolves by itself", Act::StormEnds),
    step(1_200, "CloudWatch: payments fail", Act::Send(Case::Checkout)),
    step(1_290, "Leila answers", Act::AnswerByLink(Case::Checkout, "leila")),
    step(
        1_380,
        "Leila: customers notice it, sev2. L2 and L3 are engaged at once",
        Act::Say(Case::Checkout, "leila", Said::CustomerFacing),
    ),
    step(1_440, "Mateus, the IR Lead, answers", Act::AnswerByLink(Case::Checkout, "mateus")),
    step(1_470, "Yuki, the Senior SOC Engineer, answers", Act::AnswerByLink(Case::Checkout, "yuki")),
    step(1_500, "Ingrid, the SecOps Manager, answers", Act::AnswerByLink(Case::Checkout, "ingrid")),
    step(1_530, "Kwame, the SecEng Manager, answers", Act::AnswerByLink(Case::Checkout, "kwame")),
    step(1_560, "GuardDuty: a bucket is read at an unusual rate. Nobody has time", Act::Send(Case::Bucket)),
    step(
        1_800,
        "Ingrid: it concerns the whole company. CISO and CTO get the brief",
        Act::Say(Case::Checkout, "ingrid", Said::CompanyWide),
    ),
    step(1_890, "L1 stayed silent for 5 minutes: the second of L1 is paged too", Act::Look(Case::Bucket)),
    step(2_100, "Mateus: the outage is contained", Act::Say(Case::Checkout, "mateus", Said::Contained)),
    step(2_190, "L1 stayed silent for 10 minutes: L2 is paged", Act::Look(Case::Bucket)),
    step(2_280, "Yuki takes the case that climbed", Act::AnswerByLink(Case::Bucket, "yuki")),
    step(
        2_340,
        "Mateus notes how it goes on",
        Act::Say(
            Case::Checkout,
            "mateus",
            Said::Note("Payments run on the old version; root cause by noon."),
        ),
    ),
    step(2_400, "The VPN gateway reports many failed logins. This page is yours", Act::Send(Case::Vpn)),
];

#[cfg(test)]
mod tests {
    use super::DAY;

    #[test]
    fn the_day_goes_forward() {
        assert!(DAY.is_sorted_by_key(|step| step.at_s));
    }
}
