//! How a reference solution shows itself in a notebook cell.

use super::{MaxMargin, MinNorm};
use crate::algebra::svd::frobenius;
use crate::show::{Bundle, escape, number, table};
use std::fmt;

impl fmt::Debug for MaxMargin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (margin, angle) = (number(self.margin()), number(self.angle_bound()));
        write!(f, "MaxMargin: γ = {margin}, ū certain to {angle} rad, ")?;
        write!(f, "{} of {} points on the margin, d = {}", self.support().len(), self.n, self.direction().len())
    }
}

impl MaxMargin {
    /// What evcxr calls when the solution is the value of a cell: the certificate as a table.
    pub fn evcxr_display(&self) {
        self.bundle().print();
    }

    fn bundle(&self) -> Bundle {
        let [lower, upper] = self.interval();
        let next = self.next_margin().map_or("none".to_owned(), number);
        let entries = [
            ("primal value", number(self.primal())),
            ("dual value", number(self.dual())),
            ("γ in", format!("[{lower:.17e}, {upper:.17e}]")),
            ("gap", number(self.gap())),
            ("KKT residual", number(self.kkt_residual())),
            ("angle to the true ū, rad", format!("≤ {}", number(self.angle_bound()))),
            ("support vectors", format!("{} of {}", self.support().len(), self.n)),
            ("they span ℝᵈ", if self.spans() { "yes" } else { "no" }.to_owned()),
            ("next margin", next),
        ];
        let rows: Vec<[String; 2]> = entries.map(|(name, value)| [name.to_owned(), value]).to_vec();
        let lines: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
        let html = format!("<p>{}</p>{}", escape(format!("{self:?}")), table(["certificate", ""], &rows));
        Bundle::new().html(html).plain(format!("{self:?}\n{}", lines.join("\n")))
    }
}

impl fmt::Debug for MinNorm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (d, outputs) = (self.d(), self.weights().nrows());
        write!(f, "MinNorm: X⁺Y of n = {}, d = {d}, d' = {outputs}, rank {}", self.n(), self.rank())?;
        write!(f, ", condition {}, relative error about {:.1e}", number(self.condition()), self.error_estimate())
    }
}

impl MinNorm {
    /// What evcxr calls when the solution is the value of a cell: the certificate as a table.
    pub fn evcxr_display(&self) {
        let about = format!("{self:?}");
        let rows: [[String; 2]; 7] = [
            ("rank of X", self.rank().to_string()),
            ("condition σ₁/σ_r", number(self.condition())),
            ("‖W₊‖_F", number(frobenius(self.weights()))),
            ("‖XW₊ᵀ − Y‖_F", number(self.residual())),
            ("normal equations, relative residual", number(self.normal_residual())),
            ("distance from the row span, relative", number(self.row_distance())),
            ("error within the row span, relative", number(self.error_estimate())),
        ]
        .map(|(name, value)| [name.to_owned(), value]);
        let lines: Vec<String> = rows.iter().map(|row| row.join("\t")).collect();
        let html = format!("<p>{}</p>{}", escape(&about), table(["certificate", ""], &rows));
        Bundle::new().html(html).plain(format!("{about}\n{}", lines.join("\n"))).print();
    }
}
