//! The page as HTML. It works without its script, which only makes the countdown tick.

use std::fmt::Write as _;

use crate::incident::Lamp;
use crate::link::view::{Banner, Countdown, LampLine, View};
use crate::words::Severity;

/// The logo: ten people, four levels.
const LOGO: &str = r#"<svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><g fill="currentColor"><circle cx="9" cy="3" r="1.4"/><circle cx="6.8" cy="7" r="1.4"/><circle cx="11.2" cy="7" r="1.4"/><circle cx="4.6" cy="11" r="1.4"/><circle cx="9" cy="11" r="1.4"/><circle cx="13.4" cy="11" r="1.4"/><circle cx="2.4" cy="15" r="1.4"/><circle cx="6.8" cy="15" r="1.4"/><circle cx="11.2" cy="15" r="1.4"/><circle cx="15.6" cy="15" r="1.4"/></g></svg>"#;
const CHECK: &str = r#"<svg width="22" height="22" viewBox="0 0 22 22" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M4 12l5 5L18 6"/></svg>"#;

/// The page of a link that opens.
pub(super) fn html(view: &View) -> String {
    let mut body = String::new();
    if let Some(banner) = &view.banner {
        push_banner(&mut body, banner);
    }
    push_head(&mut body, view);
    push_facts(&mut body, view);
    push_lamps(&mut body, &view.lamps);
    body.push_str("<div class=\"foot\">");
    if let Some(countdown) = &view.countdown {
        push_countdown(&mut body, countdown, view);
    }
    push_ways(&mut body, view);
    body.push_str("</div>");
    document(&format!("{} {}", view.reference, view.title), &body)
}

/// The page of a link that opens nothing.
pub(super) fn closed(title: &str, text: &str) -> String {
    let body = format!(
        "<h1>{}</h1><p class=\"lead\">{}</p><div class=\"foot\"><div class=\"ways\"><a href=\"/\">Open the console\
         <small>It asks who you are</small></a></div></div>",
        escape(title),
        escape(text)
    );
    document(title, &body)
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"robots\" content=\"noindex\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{}</title><link rel=\"stylesheet\" href=\"/a/-/page.css\">\
         <script src=\"/a/-/page.js\" defer></script></head>\
         <body><header>{LOGO}<b>Decurion</b></header><main>{body}</main></body></html>",
        escape(title)
    )
}

fn push_banner(out: &mut String, banner: &Banner) {
    let kind = if banner.good { "good" } else { "bad" };
    let _ = write!(
        out,
        "<section class=\"banner {kind}\" role=\"status\">{CHECK}<div><b>{}</b><span>{}</span></div></section>",
        escape(&banner.title),
        escape(banner.text.trim())
    );
}

fn push_head(out: &mut String, view: &View) {
    let (class, mark, label) = match view.severity {
        Severity::Sev1 => ("sev1", "■", "SEV1"),
        Severity::Sev2 => ("sev2", "▲", "SEV2"),
        Severity::Sev3 => ("sev3", "◆", "SEV3"),
        Severity::Sev4 => ("sev4", "○", "SEV4"),
    };
    let _ = write!(
        out,
        "<div class=\"line\"><span class=\"chip {class}\"><i aria-hidden=\"true\">{mark}</i>{label}</span>\
         <code>{}</code><span class=\"opened\">opened {}</span></div><h1>{}</h1>",
        escape(&view.reference),
        escape(&view.opened),
        escape(&view.title)
    );
    if let Some(description) = view.description.as_deref().filter(|text| !text.trim().is_empty()) {
        let _ = write!(out, "<p class=\"lead\">{}</p>", escape(&shortened(description)));
    }
}

/// Two lines on a phone: the rest stands in the console.
fn shortened(text: &str) -> String {
    const MOST: usize = 240;
    let text = text.trim();
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let begin: String = text.chars().take(MOST).collect();
    format!("{}…", begin.trim_end())
}

fn push_facts(out: &mut String, view: &View) {
    if view.facts.is_empty() {
        return;
    }
    out.push_str("<dl>");
    for (label, text) in &view.facts {
        let _ = write!(out, "<div><dt>{label}</dt><dd>{}</dd></div>", escape(text));
    }
    out.push_str("</dl>");
}

fn push_lamps(out: &mut String, lamps: &[LampLine]) {
    if lamps.is_empty() {
        return;
    }
    out.push_str("<ul class=\"lamps\">");
    for line in lamps {
        let _ = write!(
            out,
            "<li><span class=\"lamp {}\" aria-hidden=\"true\">{}</span><b>{}</b><span>{}</span><small>{}</small></li>",
            lamp_class(line.lamp),
            lamp_mark(line.lamp),
            line.label,
            escape(&line.people),
            escape(&line.state)
        );
    }
    out.push_str("</ul>");
}

const fn lamp_class(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Off => "off",
        Lamp::Armed => "armed",
        Lamp::Paging => "paging",
        Lamp::Part => "part",
        Lamp::Held => "held",
        Lamp::Silent => "silent",
        Lamp::Told => "told",
        Lamp::Hole => "hole",
        Lamp::StoodDown => "stood_down",
    }
}

const fn lamp_mark(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Held | Lamp::StoodDown => "✓",
        Lamp::Silent => "✕",
        Lamp::Told => "i",
        Lamp::Hole => "!",
        Lamp::Paging => "●",
        Lamp::Part => "◐",
        Lamp::Off | Lamp::Armed => "",
    }
}

fn push_countdown(out: &mut String, countdown: &Countdown, view: &View) {
    let tone = if countdown.due_us - view.now_us < 120_000_000 {
        "red"
    } else if view.takes_answer {
        "amber"
    } else {
        "calm"
    };
    let _ = write!(
        out,
        "<section class=\"countdown {tone}\" data-now-us=\"{}\" data-due-us=\"{}\" data-speed=\"{}\" data-percent=\"{}\">\
         <div><span>{}</span><time>{}</time></div>\
         <div><output>{}</output><span class=\"bar\"><i style=\"width:{}%\"></i></span></div><p>{}</p></section>",
        view.now_us,
        countdown.due_us,
        view.speed,
        countdown.left_percent,
        countdown.lead,
        escape(&countdown.at),
        escape(&countdown.left),
        countdown.left_percent,
        escape(&countdown.text)
    );
}

fn push_ways(out: &mut String, view: &View) {
    if view.takes_answer {
        let _ = write!(
            out,
            "<form method=\"post\"><button type=\"submit\">{CHECK}<span>Acknowledge</span></button></form>"
        );
    }
    let reference = escape(&view.reference);
    let _ = write!(
        out,
        "<div class=\"ways\"><a href=\"/incidents/{reference}\">Open {reference}<small>Classify, raise, hand over</small></a>\
         <a href=\"/oncall\">Who is on call<small>Both ask who you are</small></a></div>"
    );
    let person = escape(&view.person);
    let said = if view.takes_answer {
        format!("For {person} only. The link gives one answer to this page and ends {}.", escape(&view.ends))
    } else {
        format!(
            "For {person} only. The link takes no further answer. You can read this page until {}.",
            escape(&view.ends)
        )
    };
    let _ = write!(out, "<p class=\"said\">{said}</p>");
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{closed, escape, shortened};

    #[test]
    fn what_senders_write_stays_text() {
        assert_eq!(escape("<b a=\"1\">&'"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;");
        assert!(!closed("<script>", "x").contains("<script>x"));
        assert!(closed("<i>", "x").contains("&lt;i&gt;"));
    }

    #[test]
    fn long_descriptions_end_in_an_ellipsis() {
        assert_eq!(shortened(" short "), "short");
        assert!(shortened(&"word ".repeat(100)).ends_with("word…"));
    }
}
