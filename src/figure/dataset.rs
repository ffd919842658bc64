//! How a dataset shows itself in a notebook cell: here, because it is a picture where it can be one.

use super::drawing::Figure;
use crate::dataset::Dataset;
use crate::show::{Bundle, escape, number, table};

/// Rows of a table's head.
const ROWS: usize = 5;
/// Inputs of a table's head; those left out are shown as "…".
const INPUTS: usize = 8;

impl Dataset {
    /// What evcxr calls when the dataset is the value of a cell: points in the plane as a picture, others as the first
    /// five rows of a table.
    pub fn evcxr_display(&self) {
        // Points 1e307 apart have no axis: they get the table too.
        match Figure::plane(self) {
            Ok(plane) if self.d() == 2 => plane.title(format!("{self:?}")).evcxr_display(),
            _ => self.head().print(),
        }
    }

    fn head(&self) -> Bundle {
        let inputs = self.d().min(INPUTS);
        let cut = |line: &mut Vec<String>| line.extend((inputs < self.d()).then(|| "…".to_owned()));
        let mut head: Vec<String> = (1..=inputs).map(|j| format!("x{j}")).collect();
        cut(&mut head);
        head.push("y".into());
        let rows: Vec<Vec<String>> = self
            .x()
            .rows()
            .into_iter()
            .zip(self.y())
            .take(ROWS)
            .map(|(x, y)| {
                let mut row: Vec<String> = x.iter().take(inputs).map(|&v| number(v)).collect();
                cut(&mut row);
                row.push(format!("{y:+}"));
                row
            })
            .collect();
        let caption = if self.n() > ROWS { format!("{self:?}; the first {ROWS}:") } else { format!("{self:?}") };
        let lines: Vec<String> = std::iter::once(&head).chain(&rows).map(|row| row.join("\t")).collect();
        let plain = format!("{caption}\n{}", lines.join("\n"));
        Bundle::new().html(format!("<p>{}</p>{}", escape(&caption), table(&head, &rows))).plain(plain)
    }
}
