//! Icons: one cached sprite, used by name, so that a page carries no drawing of its own.

use maud::{Markup, html};

use crate::asset::{self, File};

macro_rules! icons {
    ($($variant:ident $name:literal)*) => {
        /// A drawing of `icons.svg`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Icon {
            $(#[doc = concat!("`i-", $name, "`")] $variant,)*
        }
        impl Icon {
            /// Every icon, in the order of the sprite.
            pub const ALL: &'static [Icon] = &[$(Icon::$variant,)*];
            fn name(self) -> &'static str {
                match self { $(Icon::$variant => $name,)* }
            }
        }
    };
}
icons! {
    File "file" Talk "talk" Folder "folder" Mail "mail" Book "book" Calc "calc" Verify "verify"
    Guide "guide" Phone "phone" User "user" Court "court" Clock "clock" Calendar "calendar"
    Check "check" Cross "x" Alert "alert" Info "info" Minus "minus" Right "right" Left "left"
    Down "down" Camera "camera" Print "print" Download "download" Upload "upload" Sound "sound"
    TextSize "textsize" Search "search" Note "note" Pin "pin" Key "key" Seal "seal" Eye "eye"
    Lock "lock" Compare "compare" Rotate "rotate" Plus "plus" Yuan "yuan" Post "post" Fold "fold"
    Link "link" Box "box"
}

/// A drawing that repeats what the words beside it say; screen readers skip it.
pub fn icon(icon: Icon) -> Markup {
    html! {
        svg.icon aria-hidden="true" { use href={ (asset::path(File::Icons)) "#i-" (icon.name()) } {} }
    }
}

/// The emblem 獬豸 in the corner of both wings.
pub fn emblem() -> Markup {
    html! { svg aria-hidden="true" { use href={ (asset::path(File::Icons)) "#xiezhi" } {} } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_in_the_sprite_and_none_is_left_over() {
        let sprite = std::str::from_utf8(crate::asset(asset::path(File::Icons)).expect("listed").bytes).expect("the sprite is text");
        for icon in Icon::ALL {
            assert!(sprite.contains(&format!("id=\"i-{}\"", icon.name())), "{icon:?} is not drawn");
        }
        assert_eq!(sprite.matches("<symbol id=\"i-").count(), Icon::ALL.len());
    }
}
