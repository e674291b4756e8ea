use super::super::line::{escape, lines, unescape, write};

#[test]
fn a_long_line_is_folded_within_75_octets_and_never_inside_a_character() {
    let text = format!("SUMMARY:{}", "Zoë är jour 日本語 ".repeat(20));
    let mut out = String::new();
    write(&mut out, &text);
    for line in out.trim_end_matches("\r\n").split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
    }
    assert_eq!(out.replace("\r\n ", "").trim_end_matches("\r\n"), text);
    assert_eq!(lines(&out).unwrap()[0].value, text["SUMMARY:".len()..]);
}

#[test]
fn text_with_every_special_character_comes_back() {
    let text = "a;b,c\\d\ne \\n f";
    assert_eq!(escape(text), "a\\;b\\,c\\\\d\\ne \\\\n f");
    assert_eq!(unescape(&escape(text)), text);
    assert_eq!(escape("one\r\ntwo\u{7}"), "one\\ntwo");
}

#[test]
fn parameters_are_read_with_quotes_and_lists() {
    let text = "ATTENDEE;CN=\"Ek: Bo; jr\";MEMBER=\"mailto:a@x\",\"mailto:b@x\":mailto:bo@ten.example\n";
    let line = &lines(text).unwrap()[0];
    assert_eq!(line.param("CN"), Some("Ek: Bo; jr"));
    assert_eq!(line.params[1].1, ["mailto:a@x", "mailto:b@x"]);
    assert_eq!(line.value, "mailto:bo@ten.example");
}

#[test]
fn what_is_no_line_is_named_by_its_place() {
    for bad in ["A:1\nno colon here", "A:1\n;X=1:2", "A:1\nB;X:2", "A:1\nB;X=\"open:2", "A:1\nÅ:2"] {
        let error = lines(bad).unwrap_err();
        assert_eq!(error.line, 2, "{bad:?}: {error}");
    }
}
