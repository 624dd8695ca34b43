//! Which elements of a configuration nobody asks about, so that they need not be kept: most of a real file.

use crate::model::attributes;
use crate::model::iis::validity;
use crate::read::xml::Passed;

/// The items of collections that no rule can ask about, in the sections of a configuration.
pub const PASSED: Passed = Passed {
    names: &["add", "mimeMap", "remove", "error", "filter", "clear", "rule", "preCondition", "rewriteMap"],
    inside: is_nobodys,
};

/// Whether nobody asks about the items in the element that these names lead to.
fn is_nobodys(names: &[&str]) -> bool {
    let [root, below @ ..] = names else { return false };
    let below = if let ["location", below @ ..] = below { below } else { below };
    let [group, ..] = below else { return false };
    // Sections and sites are read from elements of their own, and prefixes and location tags inside sections are odd.
    if !root.eq_ignore_ascii_case("configuration")
        || ["configSections", "system.applicationHost"].contains(group)
        || below.iter().any(|name| name.contains(':') || *name == "location" || *name == "conditions")
    {
        return false;
    }
    let path = below.join("/");
    attributes::collection_in(&path).is_none() && !validity::looks_into(&path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::PASSED;
    use crate::model::iis::{Iis, WebConfig};
    use crate::read::xml::{XmlDocument, read, read_without};
    use crate::text::span::SourceId;

    const SOURCE: SourceId = SourceId(0);

    fn model(document: &XmlDocument<'_>) -> String {
        let Some(root) = document.roots().next() else { return String::new() };
        format!("{:?}\n{:?}", Iis::from_xml(document, root), WebConfig::from_xml(document, root))
    }

    /// What is passed over changes neither faults nor what is in force; gives how many elements that were.
    fn check(text: &str) -> usize {
        let ((all, faults), (some, of_some)) = (read(text, SOURCE), read_without(text, SOURCE, &PASSED));
        assert_eq!(format!("{faults:?}"), format!("{of_some:?}"), "{text}");
        assert_eq!(all.complete, some.complete, "{text}");
        let spans = |it: &XmlDocument<'_>| it.cut.iter().map(|id| it.get(*id).span).collect::<Vec<_>>();
        assert_eq!(spans(&all), spans(&some), "{text}");
        assert_eq!(model(&all), model(&some), "{text}");
        all.elements.len() - some.elements.len()
    }

    const CONFIGURATION: &str = r#"<?xml version="1.0"?><configuration><configSections><section name="a"/></configSections>
        <appSettings><add key="a" value="b"/></appSettings><system.applicationHost><applicationPools><add name="p"/>
        </applicationPools></system.applicationHost><system.webServer><handlers><add name="x" path='*'/>
        <clear/> <add name="y" /><!-- c --><add name="&lt;"/><remove name="x"/></handlers><security><ipSecurity>
        <add ipAddress="10.0.0.1"/></ipSecurity></security><staticContent><mimeMap a="b" c="d"/></staticContent>
        </system.webServer><location path="a"><system.webServer><handlers><add name="z"/>
        </handlers></system.webServer></location></configuration>"#;

    #[test]
    fn nothing_depends_on_what_is_passed_over() {
        // An item with a reference and items that rules ask about are kept.
        assert_eq!(check(CONFIGURATION), 7);
        for end in 0..CONFIGURATION.len() {
            check(&CONFIGURATION[..end]);
            for other in
                ["\0", "<", ">", "\"", "/", " ", "x", "&", "</handlers>", "<add a='' a=''/>", "<add xdt:x=''/>"]
            {
                check(&format!("{}{other}{}", &CONFIGURATION[..end], &CONFIGURATION[end + 1..]));
            }
        }
    }

    #[test]
    fn nesting_and_attributes_have_the_same_limits() {
        let many = |count: usize| (0..count).map(|it| format!(" a{it}=''")).collect::<Vec<_>>().concat();
        for count in [11, 12, 13, 999, 1001] {
            check(&format!("<configuration><a><b><add{}/></b></a></configuration>", many(count)));
        }
        for depth in 124..132 {
            check(&format!("<configuration>{}<add/>{}</configuration>", "<b>".repeat(depth), "</b>".repeat(depth)));
        }
    }

    proptest! {
        #[test]
        fn pieces_of_configurations_are_read_the_same(pieces in prop::collection::vec(prop::sample::select(vec![
            "<configuration>", "<location path='a'>", "<system.webServer>", "<system.applicationHost>", "<handlers>",
            "<security>", "<access sslFlags='Ssl'>", "<ipSecurity>", "<rewrite>", "<rules>", "<conditions>", "<b>",
            "</handlers>", "</security>", "</access>", "</ipSecurity>", "</system.webServer>", "</location>", "</b>",
            "<add a='b'/>", "<add />", "<add/ >", "<add", " name='x'", "/>", "<clear/>", "<remove name=\"x\"/>", "<rule>",
            "<mimeMap x='1' x='2'/>", "<add a='<'/>", "<add configsource='x'/>", "<add lockItem='true'/>", "<add é=''/>",
            "<address a='1'/>", "<add a=''b=''/>", "<add a = ''/>", "x", " ", "\u{feff}", "&amp;", "]]>", "<!-- -->", "\0",
        ]), 0..24)) {
            check(&pieces.concat());
            check(&format!("<configuration><system.webServer><handlers>{}", pieces.concat()));
        }
    }
}
