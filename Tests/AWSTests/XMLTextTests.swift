import Testing

@testable import AWS

@Suite("Texts of XML answers")
struct XMLTextTests {
    @Test(
        "entities are resolved once, and what is none stays",
        arguments: [
            ("plain", "plain"), ("", ""), ("  a&amp;b\n", "a&b"), ("&lt;x&gt; &quot;y&apos;", "<x> \"y'"), ("&amp;lt;", "&lt;"),
            ("&amp;amp;", "&amp;"),
            ("a & b &; &lt", "a & b &; &lt"), ("é&amp;ü", "é&ü"),
        ])
    func entities(text: String, plain: String) {
        #expect(XMLText.element("Text", in: "<a><Other>x</Other><Text>\(text)</Text><Text>second</Text></a>") == plain)
    }

    @Test(
        "an element that is missing, or does not end, has no text",
        arguments: ["", "<Text", "<Text>a", "<Texts>a</Texts>", "</Text><Text>"])
    func missing(xml: String) {
        #expect(XMLText.element("Text", in: xml) == nil)
    }
}
