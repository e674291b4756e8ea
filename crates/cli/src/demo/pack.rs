//! The organisation that the demo plays with: packs/ten, inside the binary.

use decurion_core::pack::Files;

const FILES: [(&str, &str); 7] = [
    ("escalation/escalation.yaml", include_str!("../../../../packs/ten/escalation/escalation.yaml")),
    ("integrations.yaml", include_str!("../../../../packs/ten/integrations.yaml")),
    ("organisation.yaml", include_str!("../../../../packs/ten/organisation.yaml")),
    ("roles.yaml", include_str!("../../../../packs/ten/roles.yaml")),
    ("routing.yaml", include_str!("../../../../packs/ten/routing.yaml")),
    ("schedules/l1-second.yaml", include_str!("../../../../packs/ten/schedules/l1-second.yaml")),
    ("schedules/l1.yaml", include_str!("../../../../packs/ten/schedules/l1.yaml")),
];

/// Its files.
pub(super) fn ten() -> Files {
    FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::path::Path;

    #[test]
    fn the_pack_inside_is_the_pack_in_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/ten");
        let mut files = crate::pack_folder::read(&folder).unwrap();
        files.remove("README.md");
        assert_eq!(super::ten(), files);
    }
}
