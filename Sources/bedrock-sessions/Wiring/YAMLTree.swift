import JSON
import Yams

/// YAML as a JSON tree.
///
/// Plain scalars have the types of YAML 1.2's core schema (https://yaml.org/spec/1.2.2/, section 10.3.2), which OpenAPI asks for (3.0.3, "Format"): `yes`, `no`
/// and `on` are texts, and so are `1.0.0`, dates and times. What is in quotes is a text. Tags of one's own, merge keys and names that are no
/// texts are refused, as OpenAPI asks.
enum YAMLTree {
    /// Why a text is no such YAML.
    struct Problem: Error, Hashable {
        var sentence: String
    }

    /// Levels of a document.
    private static let maximumDepth = 100
    /// Values of a document: aliases may multiply.
    private static let maximumNodes = 200_000

    /// The tree of a document's bytes.
    static func json(_ bytes: [UInt8]) throws(Problem) -> JSONValue {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Problem(sentence: "it is not UTF-8") }
        let root: Node?
        do {
            root = try Parser(yaml: text).singleRoot()
        } catch let error as YamlError {
            throw Problem(sentence: Self.sentence(error))
        } catch {
            throw Problem(sentence: "it is not YAML")
        }
        guard let root else { throw Problem(sentence: "it is empty") }
        var count = 0
        return try Self.json(root, depth: 0, &count)
    }

    private static func json(_ node: Node, depth: Int, _ count: inout Int) throws(Problem) -> JSONValue {
        count += 1
        guard depth < Self.maximumDepth else { throw Problem(sentence: "it is nested too deeply" + Self.place(node)) }
        guard count <= Self.maximumNodes else { throw Problem(sentence: "it has too many values; its aliases may multiply") }
        switch node {
        case .scalar(let scalar): return try Self.scalar(scalar, node)
        case .sequence(let sequence):
            var elements: [JSONValue] = []
            for element in sequence { elements.append(try Self.json(element, depth: depth + 1, &count)) }
            return .array(elements)
        case .mapping(let mapping):
            var members: [JSONValue.Member] = []
            var names: Set<String> = []
            for (key, value) in mapping {
                // A plain number as a name, such as an HTTP status, is that text in JSON.
                guard let name = key.scalar?.string, name != "<<" || key.scalar?.style != .plain else {
                    throw Problem(sentence: "a name is a text, and merge keys are not read" + Self.place(key))
                }
                guard names.insert(name).inserted else { throw Problem(sentence: "a name stands twice in an object" + Self.place(key)) }
                members.append(JSONValue.Member(name, try Self.json(value, depth: depth + 1, &count)))
            }
            return .object(members)
        case .alias: throw Problem(sentence: "an alias leads nowhere" + Self.place(node))
        }
    }

    private static func scalar(_ scalar: Node.Scalar, _ node: Node) throws(Problem) -> JSONValue {
        let text = scalar.string
        let tag = node.tag.description
        if tag == "tag:yaml.org,2002:str" && scalar.style != .plain { return .string(text) }
        guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
        guard tag.isEmpty || tag.hasPrefix("tag:yaml.org,2002:") else {
            throw Problem(sentence: "tags of one's own are not read" + Self.place(node))
        }
        return Self.plain(text)
    }

    /// The core schema.
    static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        if text.hasPrefix("0x"), let number = UInt64(text.dropFirst(2), radix: 16) { return .number(String(number)) }
        if text.hasPrefix("0o"), let number = UInt64(text.dropFirst(2), radix: 8) { return .number(String(number)) }
        return Self.number(text).map { .number($0) } ?? .string(text)
    }

    /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?` in JSON's spelling; infinities stay texts.
    private static func number(_ text: String) -> String? {
        var rest = text[...]
        var number = ""
        if let sign = rest.first, "+-".contains(sign) {
            if sign == "-" { number = "-" }
            rest = rest.dropFirst()
        }
        let whole = rest.prefix { ("0"..."9").contains($0) }
        rest = rest.dropFirst(whole.count)
        var fraction: Substring?
        if rest.hasPrefix(".") {
            fraction = rest.dropFirst().prefix { ("0"..."9").contains($0) }
            rest = rest.dropFirst(1 + (fraction?.count ?? 0))
        }
        guard !whole.isEmpty || !(fraction ?? "").isEmpty else { return nil }
        let digits = whole.drop { $0 == "0" }
        number += digits.isEmpty ? "0" : digits
        if let fraction, !fraction.isEmpty { number += "." + fraction }
        if let exponent = rest.first, "eE".contains(exponent) {
            let power = rest.dropFirst()
            let unsigned = power.first.map { "+-".contains($0) } == true ? power.dropFirst() : power
            guard !unsigned.isEmpty, unsigned.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
            return number + "e" + power
        }
        return rest.isEmpty ? number : nil
    }

    private static func place(_ node: Node) -> String {
        node.mark.map { " (line \($0.line))" } ?? ""
    }

    private static func sentence(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "\(problem) (line \(mark.line))"
        case .duplicatedKeysInMapping: "a name stands twice in an object"
        default: "it is not YAML"
        }
    }
}
