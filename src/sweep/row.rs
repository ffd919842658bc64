//! Rows as columns of numbers.

use std::slice::Iter;

/// A row of a recorded study: numbers with names.
///
/// The notebook lists the fields of its own struct, and the compiler sees to it that none is left out; a field is an `f64`
/// or an array of them, one for each layer say.
///
/// ```
/// use implicit_bias::prelude::*;
/// #[derive(Clone, Debug, PartialEq)]
/// struct Outcome { seed: f64, risk: f64, ratios: [f64; 2] }
/// impl Recordable for Outcome { columns! { seed, risk, ratios } }
///
/// assert_eq!(Outcome::columns(), ["seed", "risk", "ratios_1", "ratios_2"]);
/// let outcome = Outcome { seed: 7.0, risk: 0.25, ratios: [0.5, 0.9] };
/// assert_eq!(Outcome::from_values(&outcome.values()), Some(outcome));
/// ```
pub trait Recordable: Sized {
    /// The names of the numbers; the members of an array are counted from 1, as layers are.
    fn columns() -> Vec<String>;

    /// The numbers, one a column.
    fn values(&self) -> Vec<f64>;

    /// The row with these numbers; none when their count is not that of the columns.
    fn from_values(values: &[f64]) -> Option<Self>;
}

/// A field of a [`Recordable`] row.
pub trait Field: Sized {
    /// The columns of a field of this name.
    fn names(name: &str) -> Vec<String>;

    /// Appends the field's numbers.
    fn push_to(&self, values: &mut Vec<f64>);

    /// Takes as many numbers as the field has; none when there are fewer.
    fn take_from(values: &mut Iter<'_, f64>) -> Option<Self>;
}

impl Field for f64 {
    fn names(name: &str) -> Vec<String> {
        vec![name.to_owned()]
    }

    fn push_to(&self, values: &mut Vec<f64>) {
        values.push(*self);
    }

    fn take_from(values: &mut Iter<'_, f64>) -> Option<Self> {
        values.next().copied()
    }
}

impl<const N: usize> Field for [f64; N] {
    fn names(name: &str) -> Vec<String> {
        (1..=N).map(|k| format!("{name}_{k}")).collect()
    }

    fn push_to(&self, values: &mut Vec<f64>) {
        values.extend_from_slice(self);
    }

    fn take_from(values: &mut Iter<'_, f64>) -> Option<Self> {
        let taken = values.as_slice().first_chunk().copied()?;
        *values = values.as_slice()[N..].iter();
        Some(taken)
    }
}

/// The columns of the field that `_field` reads, which tells the compiler its type: [`columns!`](crate::columns) knows the
/// name alone.
pub fn names<Row, F: Field>(_field: fn(&Row) -> &F, name: &str) -> Vec<String> {
    F::names(name)
}

/// The inside of `impl Recordable for …`, from the names of all fields; see [`Recordable`](crate::sweep::Recordable).
#[macro_export]
macro_rules! columns {
    ($($field:ident),+ $(,)?) => {
        fn columns() -> ::std::vec::Vec<::std::string::String> {
            [$($crate::sweep::names(|row: &Self| &row.$field, stringify!($field))),+].concat()
        }

        fn values(&self) -> ::std::vec::Vec<f64> {
            let mut values = ::std::vec::Vec::new();
            $($crate::sweep::Field::push_to(&self.$field, &mut values);)+
            values
        }

        fn from_values(values: &[f64]) -> ::std::option::Option<Self> {
            let mut values = values.iter();
            let row = Self { $($field: $crate::sweep::Field::take_from(&mut values)?),+ };
            values.as_slice().is_empty().then_some(row)
        }
    };
}
