import JSON
import Testing

@Suite("Writing JSON")
struct JSONWriterTests {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("commas fall where they belong")
    func commas() {
        let text = self.text { writer in
            writer.beginObject()
            writer.key("a")
            writer.beginArray()
            writer.integer(1)
            writer.beginArray()
            writer.endArray()
            writer.beginObject()
            writer.endObject()
            writer.null()
            writer.endArray()
            writer.key("b")
            writer.beginObject()
            writer.key("c")
            writer.bool(true)
            writer.key("d")
            writer.bool(false)
            writer.endObject()
            writer.key("e")
            writer.double(1.5)
            writer.key("f")
            writer.raw(Array("[7]".utf8))
            writer.key("g")
            writer.plainString { $0.append(contentsOf: "QUJD".utf8) }
            writer.endObject()
        }
        #expect(text == #"{"a":[1,[],{},null],"b":{"c":true,"d":false},"e":1.5,"f":[7],"g":"QUJD"}"#)
    }

    @Test("escapes are the required ones")
    func escapes() {
        #expect(self.text { $0.string("a\"b\\c\n\r\t\u{0}\u{1f}\u{7f}/é😀") } == #""a\"b\\c\n\r\t\u0000\u001f"# + "\u{7f}/é😀\"")
        #expect(self.text { $0.string("") } == "\"\"")
    }

    @Test("every character survives a round trip")
    func roundTrip() throws {
        for scalar in (0...0xFFFF).compactMap(Unicode.Scalar.init).filter({ $0.value < 0x300 || $0.value % 97 == 0 }) {
            let value = JSONValue.string("x\(scalar)y")
            #expect(try JSONValue(parsing: value.encoded) == value)
        }
    }

    @Test("numbers keep their digits; what is none becomes a string")
    func numbers() {
        for text in ["0", "-0", "12", "-1.50", "1e5", "1E-5", "1.5e+10", "12345678901234567890123456789012345678"] {
            #expect(self.text { $0.number(text) } == text)
        }
        for text in ["", "-", "01", "+1", ".5", "1.", "1e", "0x1", "NaN", " 1", "1 ", "1,2", "1]"] {
            #expect(self.text { $0.number(text) } == "\"\(text)\"")
        }
        #expect(self.text { $0.double(.infinity) } == "null")
        #expect(self.text { $0.double(.nan) } == "null")
    }
}

@Suite("JSON trees")
struct JSONValueTests {
    @Test("a tree is read, changed and written, its order kept")
    func change() throws {
        var value = try JSONValue(parsing: Array(#"{"z":1,"a":[true,null,"x",1.5,{}]}"#.utf8))
        #expect(value["z"]?.integer == 1)
        #expect(value["a"]?.elements?.count == 5)
        value["z"] = nil
        value["new"] = ["k": "v", "n": 3, "b": false, "none": nil]
        value["a"] = [1]
        #expect(String(decoding: value.encoded, as: UTF8.self) == #"{"a":[1],"new":{"k":"v","n":3,"b":false,"none":null}}"#)
    }

    @Test("a member of something that is no object is not there")
    func noObject() {
        var value: JSONValue = [1, 2]
        #expect(value["a"] == nil)
        value["a"] = 1
        #expect(value == [1, 2])
    }
}
