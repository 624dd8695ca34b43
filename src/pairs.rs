//! The command `paths`: what becomes of every pair, in whatever there is room for.

use std::io::{self, Write};

use crate::cli::{ViewArgs, ViewFormat};
use crate::terminal::colors;
use crate::{Outcome, nothing_read, print_with, progress, read, unchanged, write_with};

use owalint::model::ladder::Ladder;
use owalint::model::registry;
use owalint::render::{human, json, tables};
use owalint::report::paths::classes::{self, Classes};
use owalint::report::paths::rows::Rows;
use owalint::report::paths::{self, Paths};
use owalint::text::source::Sources;

/// How many pairs the table has a row for each; of more it has the classes.
const MAX_ROWS: usize = 1_000;

/// What the table shows.
enum Table {
    Pairs(Paths),
    Classes(Classes),
}

pub(crate) fn view(args: &ViewArgs, sources: &mut Sources) -> Outcome {
    let read = progress::over("predicting", || read(&args.snapshot, sources, &registry::wanted([])))?;
    let sources = &*sources;
    let formats: Vec<ViewFormat> = args.style.output.iter().map(|it| it.0).chain([args.style.format]).collect();
    let ladder = progress::over("predicting", || Ladder::new(&read.estate));
    // Whatever is shown is known before any of it is written, but for the rows, which say nothing new.
    let (table, rows) = progress::over("predicting", || {
        let table = formats.contains(&ViewFormat::Human).then(|| match ladder.pair_count() {
            0..=MAX_ROWS => Table::Pairs(paths::paths(&ladder, sources)),
            _ => Table::Classes(classes::classes(&ladder, sources)),
        });
        (table, formats.contains(&ViewFormat::Json).then(|| Rows::new(&ladder, sources)))
    });
    unchanged(sources)?;
    let put = |format: ViewFormat, color: bool, out: &mut dyn Write| -> io::Result<()> {
        match (format, &table, &rows) {
            (ViewFormat::Json, _, Some(rows)) => json::write_paths(rows, out),
            (_, Some(Table::Pairs(paths)), _) => out.write_all(tables::paths(paths, color).as_bytes()),
            (_, Some(Table::Classes(classes)), _) => out.write_all(tables::classes(classes, color).as_bytes()),
            _ => Ok(()),
        }?;
        if format == ViewFormat::Human {
            out.write_all(human::left_out(&read.inputs, color, None).as_bytes())?;
        }
        Ok(())
    };
    for (format, path) in &args.style.output {
        write_with(path, |out| put(*format, false, out))?;
    }
    print_with(|out| put(args.style.format, colors(args.style.color), out))?;
    unchanged(sources)?;
    Ok(nothing_read(&read))
}
