//! Text as a terminal would show it in the end.

/// `text` without colours; what a `\r`, a backspace or an "erase line" overwrote is gone, as it is on a terminal.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let (mut line, mut column) = (Vec::new(), 0_usize);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' => {
                shown.extend(line.drain(..));
                shown.push('\n');
                column = 0;
            }
            '\r' => column = 0,
            '\u{8}' => column = column.saturating_sub(1),
            '\u{1b}' => match characters.next() {
                Some('[') => {
                    let mut parameter = String::new();
                    // A control sequence ends with a character between @ and ~.
                    let end = characters.by_ref().find(|c| {
                        parameter.push(*c);
                        matches!(c, '@'..='~')
                    });
                    if end == Some('K') {
                        erase(parameter.trim_end_matches('K'), &mut line, column);
                    }
                }
                // An operating system command, such as a link or a title, ends with a bell or `ESC \`.
                Some(']') => {
                    let mut before = ' ';
                    let _ = characters.by_ref().find(|c| {
                        let end = *c == '\u{7}' || (before == '\u{1b}' && *c == '\\');
                        before = *c;
                        end
                    });
                }
                _ => {}
            },
            '\t' => put(character, &mut line, &mut column),
            hidden if hidden.is_control() => {}
            other => put(other, &mut line, &mut column),
        }
    }
    shown.extend(line);
    shown
}

fn put(character: char, line: &mut Vec<char>, column: &mut usize) {
    match line.get_mut(*column) {
        Some(place) => *place = character,
        None => line.push(character),
    }
    *column += 1;
}

/// Erases from the cursor on, up to it, or all of the line.
fn erase(parameter: &str, line: &mut Vec<char>, column: usize) {
    match parameter {
        "" | "0" => line.truncate(column),
        "1" => line.iter_mut().take(column + 1).for_each(|place| *place = ' '),
        _ => line.iter_mut().for_each(|place| *place = ' '),
    }
}
