//! Items that a later cell defines again.

use ra_ap_syntax::ast::{self, AstNode as _};
use ra_ap_syntax::{SyntaxKind, SyntaxNode, SyntaxToken};

use crate::report::syntax::{Parsed, is_item};

/// The items of the cells so far, by name.
#[derive(Default)]
pub(super) struct Items {
    known: Vec<(String, usize, SyntaxNode)>,
}

impl Items {
    /// Adds the items of the next cell. The words for one that an earlier item uses and this cell defines again: the kernel
    /// compiles the earlier item anew with the new one, which a program cannot, so both would compute different things.
    pub(super) fn add(&mut self, parsed: &Parsed, cell: usize) -> Option<String> {
        let new: Vec<(String, SyntaxNode)> = parsed.statements.iter().filter_map(named).collect();
        let again: Vec<&String> = new
            .iter()
            .map(|(name, _)| name)
            .filter(|name| self.known.iter().any(|(known, ..)| known == *name))
            .collect();
        self.known.retain(|(name, ..)| !again.contains(&name));
        let found = self.known.iter().find_map(|(user, place, item)| {
            let name = again.iter().find(|name| uses(item, name))?;
            Some(format!("`{name}` again, which `{user}` of cell {place} uses"))
        });
        self.known.extend(new.into_iter().map(|(name, item)| (name, cell, item)));
        found
    }
}

/// An item and its name; imports and implementations have none.
fn named(node: &SyntaxNode) -> Option<(String, SyntaxNode)> {
    let name = node.children().find_map(ast::Name::cast).filter(|_| is_item(node))?;
    Some((name.text().to_string(), node.clone()))
}

/// Does the item mention `name` where that may mean an item, and has nothing of its own of this name?
fn uses(item: &SyntaxNode, name: &str) -> bool {
    let own = item.descendants().filter_map(ast::Name::cast).any(|own| own.text() == name);
    let tokens = item.descendants_with_tokens().filter_map(|element| element.into_token());
    !own && tokens.into_iter().any(|token| match token.kind() {
        SyntaxKind::IDENT => token.text() == name && stands_alone(&token),
        SyntaxKind::STRING => {
            [format!("{{{name}}}"), format!("{{{name}:")].iter().any(|hole| token.text().contains(hole))
        }
        _ => false,
    })
}

/// It is neither a field, a method nor a member of something else.
fn stands_alone(token: &SyntaxToken) -> bool {
    let beside = |step: fn(&SyntaxToken) -> Option<SyntaxToken>| {
        let others = std::iter::successors(step(token), step).filter(|other| !other.kind().is_trivia());
        others.map(|other| other.kind()).take(2).collect::<Vec<_>>()
    };
    let (before, after) = (beside(SyntaxToken::prev_token), beside(SyntaxToken::next_token));
    // In the tokens of a macro `::` is two.
    let member =
        matches!(before[..], [SyntaxKind::DOT | SyntaxKind::COLON2, ..] | [SyntaxKind::COLON, SyntaxKind::COLON]);
    let field = after.first() == Some(&SyntaxKind::COLON) && after.get(1) != Some(&SyntaxKind::COLON);
    !member && !field
}
