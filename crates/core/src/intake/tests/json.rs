use serde_json::json;

use crate::intake::json::{BodyError, MAX_BODY_BYTES, MAX_DEPTH, parse, parse_within};

#[test]
fn a_body_becomes_the_tree_that_it_says() {
    let body = br#"{"a": [1, -2, 2.5, true, null, "x"], "b": {"c": "\u00e9\ud83d\ude00"}}"#;
    assert_eq!(parse(body).unwrap(), json!({"a": [1, -2, 2.5, true, null, "x"], "b": {"c": "é😀"}}));
    assert_eq!(parse(b"\xef\xbb\xbf 7 ").unwrap(), json!(7));
}

#[test]
fn a_key_given_twice_is_named_with_its_path() {
    let error = parse(b"{\"payload\": {\n  \"links\": [{}, {\"a\": 1, \"a\": 2}]}}").unwrap_err();
    assert_eq!(
        error,
        BodyError::DuplicateKey {
            key: "a".to_owned(),
            path: "payload.links[1].a".to_owned(),
            line: 2,
            column: 28,
        }
    );
    assert_eq!(
        error.to_string(),
        "`payload.links[1].a` gives the key \"a\" twice, again at line 2, column 28"
    );
}

#[test]
fn a_key_written_in_two_ways_is_still_given_twice() {
    let error = parse(br#"{"free space": 1, "free\u0020space": 2}"#).unwrap_err();
    assert_eq!(error.field().unwrap(), r#"["free space"]"#);
}

#[test]
fn bad_syntax_is_placed() {
    let error = parse(b"{\"payload\": {\n  \"summary\": tru }}").unwrap_err();
    let BodyError::Syntax { path, line, .. } = &error else { panic!("{error:?}") };
    assert_eq!((path.as_str(), *line), ("payload.summary", 2));
    assert!(error.to_string().starts_with("`payload.summary` is not valid JSON at line 2, column"));
    for body in [&b"{"[..], b"[1,]", b"{\"a\":1} x", b"\"\\ud800\"", b"NaN", b"1e999", b"'a'", b"\"\n\""] {
        assert!(matches!(parse(body), Err(BodyError::Syntax { .. })), "{body:?}");
    }
}

#[test]
fn nothing_at_all_is_said_to_be_empty() {
    assert_eq!(parse(b""), Err(BodyError::Empty));
    assert_eq!(parse(b" \r\n\t"), Err(BodyError::Empty));
}

#[test]
fn bytes_that_are_not_utf8_are_placed() {
    assert_eq!(parse(b"{\"a\":\n\"\xff\"}"), Err(BodyError::NotUtf8 { line: 2, column: 2 }));
    assert_eq!(parse(b"\xff\xfe{\0}\0"), Err(BodyError::NotUtf8 { line: 1, column: 1 }));
}

#[test]
fn nesting_is_taken_to_its_bound_and_no_further() {
    let nested = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    let error = parse(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert!(matches!(&error, BodyError::TooDeep { path, .. } if *path == "[0]".repeat(MAX_DEPTH)));
    let objects = "{\"a\":".repeat(500_000);
    let within = &objects.as_bytes()[..MAX_BODY_BYTES];
    assert!(matches!(parse(within), Err(BodyError::TooDeep { .. })));
}

#[test]
fn a_body_over_its_bound_is_not_read() {
    let long = vec![b' '; MAX_BODY_BYTES + 1];
    assert_eq!(parse(&long), Err(BodyError::TooLong { bytes: MAX_BODY_BYTES + 1, limit: MAX_BODY_BYTES }));
    assert!(parse_within(b"[1]", 3).is_ok());
    assert!(parse_within(b"[1] ", 3).is_err());
}

#[test]
fn control_characters_are_replaced_in_texts_and_keys() {
    let body = br#"{"a\u0000b": "x\u001b[31m\u0085y\n\tz\u007f"}"#;
    assert_eq!(parse(body).unwrap(), json!({"a\u{fffd}b": "x\u{fffd}[31m\u{fffd}y\n\tz\u{fffd}"}));
    assert!(matches!(parse(br#"{"\u0000": 1, "\u0001": 2}"#), Err(BodyError::DuplicateKey { .. })));
}
