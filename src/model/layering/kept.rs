//! Sections that a web.config keeps in other files of the snapshot.

use std::collections::BTreeMap;

use crate::model::iis::Piece;
use crate::model::input::{Content, Input};
use crate::model::layering::Problems;
use crate::model::owner::Owners;
use crate::read::problem::{Problem, ProblemKind};
use crate::text::source::Sources;

/// Puts every section that is kept in another file of the snapshot in its place. Only files from the folder of the
/// web.config downwards are looked at, and none outside of the snapshot.
pub(super) fn fill(inputs: &mut [Input], owners: &mut Owners, sources: &Sources, problems: &mut Problems) {
    let is_piece = |input: &Input| matches!(input.content, Content::Piece(_));
    let pieces: BTreeMap<String, usize> = inputs
        .iter()
        .enumerate()
        .filter(|(_, input)| is_piece(input))
        .map(|(index, input)| (sources.get(input.source).path().to_lowercase(), index))
        .collect();
    for index in 0..inputs.len() {
        let Content::WebConfig(config) = &inputs[index].content else { continue };
        let kept = config.kept_elsewhere();
        if kept.is_empty() {
            continue;
        }
        let mut config = config.clone();
        let folder = folder(sources.get(inputs[index].source).path());
        let (mut used, mut found) = (Vec::new(), Vec::new());
        for it in kept {
            let path = below(folder, &it.file.text);
            let at = path.and_then(|path| pieces.get(&path.to_lowercase()));
            let piece = at.and_then(|at| piece(&inputs[*at]).filter(|piece| piece.is_of(&it)).map(|it| (*at, it)));
            let Some((at, piece)) = piece else {
                let message = format!("`{}` is kept in a file that the snapshot does not have here", it.section);
                problems.add(Problem::new(ProblemKind::ConfigSourceMissing, it.file.span, message));
                continue;
            };
            used.push(at);
            found.push((it, piece));
        }
        config.fill(&found);
        for at in used {
            let owner = owners.of[index].clone();
            owners.of[at] = owner;
            inputs[at].use_piece();
        }
        inputs[index].content = Content::WebConfig(config);
    }
}

fn piece(input: &Input) -> Option<&Piece> {
    match &input.content {
        Content::Piece(piece) => Some(piece),
        _ => None,
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The path of a file that is named from a folder; `None` where the name may lead out of it.
fn below(folder: &str, name: &str) -> Option<String> {
    let name = name.trim().replace('\\', "/");
    let name = name.strip_prefix("./").unwrap_or(&name);
    let leads_out =
        name.is_empty() || name.contains([':', '%']) || name.split('/').any(|it| it.is_empty() || it == "..");
    (!leads_out).then(|| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_kept_below_the_folder_or_not_found() {
        let file = |name: &str| below("CAS2/owa", name);
        assert_eq!(file("access.config").as_deref(), Some("CAS2/owa/access.config"));
        assert_eq!(file(r".\parts\access.config").as_deref(), Some("CAS2/owa/parts/access.config"));
        for name in ["", "..\\a.config", "a/../../b", "/a", r"\\server\share\a", r"C:\a", "c:a", "%windir%\\a", "a//b"]
        {
            assert_eq!(file(name), None, "{name}");
        }
        assert_eq!(below("", "a.config").as_deref(), Some("a.config"));
    }
}
