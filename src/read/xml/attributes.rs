//! Attributes of one element: one or two, as most have, stand in the element itself and take no memory of their own.

use std::fmt;
use std::ops::Deref;
use std::slice;

use super::Attribute;

/// The attributes of an element in the order of the file.
#[derive(Clone)]
pub struct Attributes<'t>(Kept<'t>);

#[derive(Clone)]
enum Kept<'t> {
    One([Attribute<'t>; 1]),
    Two([Attribute<'t>; 2]),
    Several(Vec<Attribute<'t>>),
}

impl<'t> Attributes<'t> {
    /// The attributes that are made of these.
    pub(super) fn of<T>(all: &[T], attribute: impl Fn(&T) -> Attribute<'t>) -> Attributes<'t> {
        Attributes(match all {
            [one] => Kept::One([attribute(one)]),
            [one, two] => Kept::Two([attribute(one), attribute(two)]),
            several => Kept::Several(several.iter().map(attribute).collect()),
        })
    }
}

impl<'t> From<Vec<Attribute<'t>>> for Attributes<'t> {
    fn from(attributes: Vec<Attribute<'t>>) -> Attributes<'t> {
        Attributes(Kept::Several(attributes))
    }
}

impl fmt::Debug for Attributes<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self).finish()
    }
}

impl<'t> Deref for Attributes<'t> {
    type Target = [Attribute<'t>];

    fn deref(&self) -> &[Attribute<'t>] {
        match &self.0 {
            Kept::One(one) => one,
            Kept::Two(two) => two,
            Kept::Several(several) => several,
        }
    }
}

impl<'a, 't> IntoIterator for &'a Attributes<'t> {
    type Item = &'a Attribute<'t>;
    type IntoIter = slice::Iter<'a, Attribute<'t>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
