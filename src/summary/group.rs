//! Rows by a field.

/// One value of every row: `column(&cases, |c| c.updates / c.bound)`.
///
/// ```
/// use implicit_bias::prelude::*;
/// assert_eq!(column([(2, 0.5), (4, 0.25)], |row| 4.0 * row.1), [2.0, 1.0]);
/// ```
pub fn column<T, V>(rows: impl IntoIterator<Item = T>, value: impl Fn(&T) -> V) -> Vec<V> {
    rows.into_iter().map(|row| value(&row)).collect()
}

/// The rows that have the same key, for each key in the order in which they first appear; pandas' `groupby` without
/// sorting. A key need not be ordered: a depth, a slope, a name, several of them in a tuple. NaN is no key: a row with it
/// stands alone.
///
/// ```
/// use implicit_bias::prelude::*;
/// let trials = [(0.5, "a"), (0.1, "b"), (0.5, "c")];
/// for (slope, trials) in group_by(&trials, |t| t.0) {
///     println!("slope {slope}: {} trials", trials.len()); // 0.5: 2, then 0.1: 1
/// }
/// # assert_eq!(column(group_by(trials, |t| t.0), |g| (g.0, g.1.len())), [(0.5, 2), (0.1, 1)]);
/// ```
pub fn group_by<T, K: PartialEq>(rows: impl IntoIterator<Item = T>, key: impl Fn(&T) -> K) -> Vec<(K, Vec<T>)> {
    let mut groups: Vec<(K, Vec<T>)> = vec![];
    for row in rows {
        let key = key(&row);
        match groups.iter_mut().find(|group| group.0 == key) {
            Some(group) => group.1.push(row),
            None => groups.push((key, vec![row])),
        }
    }
    groups
}
