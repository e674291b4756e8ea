//! The schemas in the documentation are those of the types.

use std::fs;
use std::path::Path;

use decurion_core::pack;

/// With `UPDATE_SCHEMAS` set the files are written, otherwise compared.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads and writes what is published")]
fn the_published_schemas_are_those_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas");
    for name in pack::schema_names() {
        let path = folder.join(format!("{name}.schema.json"));
        let schema = pack::schema(name).expect("the name is one of the list");
        let text = format!("{schema:#}\n");
        if std::env::var("UPDATE_SCHEMAS").is_ok() {
            fs::write(&path, &text).expect("the folder is there");
        }
        let published = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(published, text, "{name}: run with UPDATE_SCHEMAS=1 and commit docs/schemas");
    }
    let files = fs::read_dir(&folder).expect("the folder is there");
    assert_eq!(files.count(), pack::schema_names().count(), "a schema whose kind is gone goes as well");
}
