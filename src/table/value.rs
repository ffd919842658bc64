//! What can stand in a table.

use crate::summary::Share;

/// One cell of a [`Table`](super::Table); made by `into` from
/// - `f64`, whole numbers, `bool` (yes, no), `&str` and `String`;
/// - an `Option` of these: none is shown as –, as NaN is;
/// - (low, high): `0.94 – 1.02`; (value, (low, high)): `0.98 (0.94 – 1.02)`, as a [`Line`](crate::verdict::Line) has
///   slope and interval;
/// - a [`Share`]: `19 of 20 (76–99 %)`, its 95 % interval.
///
/// ```
/// use implicit_bias::table::{Table, Value};
/// let cells: [Value; 4] = [0.5.into(), None::<f64>.into(), (1.0, 2.5).into(), f64::NEG_INFINITY.into()];
/// let table = Table::of(cells).column("all", |v| v.clone());
/// assert_eq!(table.to_string(), "      all\n      0.5\n        –\n1.0 – 2.5\n       −∞\n");
/// ```
#[derive(Clone, Debug)]
pub struct Value(pub(super) Kind);

#[derive(Clone, Debug)]
pub(super) enum Kind {
    Missing,
    Number(f64),
    Whole(i128),
    Interval(f64, f64),
    Estimate(f64, (f64, f64)),
    Text(String),
    Share(Share),
}

/// Conversions of what is copied, and of references to it: closures get their rows by reference.
macro_rules! from {
    ($($type:ty => $kind:expr),* $(,)?) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self($kind(value))
            }
        }

        impl From<&$type> for Value {
            fn from(value: &$type) -> Self {
                value.clone().into()
            }
        }
    )*};
}

/// Whole numbers of every width.
macro_rules! whole {
    ($($type:ty),*) => { from! { $($type => |value| Kind::Whole(i128::from(value))),* } };
}

whole!(u8, u16, u32, u64, i8, i16, i32, i64);
from! {
    usize => |value| Kind::Whole(value as i128),
    f64 => Kind::Number,
    bool => |value| Kind::Text(if value { "yes" } else { "no" }.into()),
    String => Kind::Text,
    Share => Kind::Share,
    (f64, f64) => |(low, high)| Kind::Interval(low, high),
    (f64, (f64, f64)) => |(value, interval)| Kind::Estimate(value, interval),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(Kind::Text(text.into()))
    }
}

impl From<&&str> for Value {
    fn from(text: &&str) -> Self {
        Self(Kind::Text((*text).into()))
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self(Kind::Missing), Into::into)
    }
}
