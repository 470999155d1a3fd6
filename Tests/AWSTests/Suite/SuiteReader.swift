import Foundation

@testable import AWS

/// Reads the two layouts of AWS's SigV4 suite: `<name>/request.txt` with `context.json` and what each form comes to (aws-c-auth), and `<name>.req` with
/// `.creq`, `.sts`, `.authz`, `.sreq` beside it (aws-sig-v4-test-suite), in folders of any depth.
struct SuiteReader {
    private(set) var cases: [SuiteCase] = []
    /// Whole cases that do not apply here.
    private(set) var excluded: [ExcludedCase] = []
    /// Cases that lack a part: the copy is damaged, or was made by hand with a mistake in it.
    private(set) var incomplete: [ExcludedCase] = []

    struct Unreadable: Error {
        var file: String
    }

    init(folder: String) throws {
        guard FileManager.default.fileExists(atPath: folder),
            let names = FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String })
        else { throw Unreadable(file: folder) }
        for name in names.sorted() {
            let file = name.split(separator: "/").last.map(String.init) ?? name
            let place = String(name.dropLast(file.count))
            if file == "request.txt" {
                try self.readCase(ofFolder: folder + "/" + place, name: String(place.dropLast()))
            } else if file.hasSuffix(".req") {
                try self.readClassicCase(folder + "/" + name.dropLast(".req".count), name: String(name.dropLast(".req".count)))
            } else {
                self.checkRequest(of: file, in: place, folder)
            }
        }
        if self.cases.isEmpty { self.lack(folder, "there is no case in it that could be compared") }
    }

    /// Results belong to a request.
    private mutating func checkRequest(of file: String, in place: String, _ folder: String) {
        func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + place + name) }
        if let ending = [".creq", ".sts", ".authz", ".sreq"].first(where: { file.hasSuffix($0) }) {
            if !exists(file.dropLast(ending.count) + ".req") { self.lack(place + file, "it has no .req beside it") }
        } else if file == "context.json" || file.hasPrefix("header-") || file.hasPrefix("query-") {
            if !exists("request.txt") { return self.lack(place + file, "it has no request.txt beside it") }
            if file != "context.json", !Self.results.contains(where: { file == "header-\($0).txt" || file == "query-\($0).txt" }) {
                self.lack(place + file, "no case has a result of that name")
            }
        }
    }

    private static let results = ["canonical-request", "string-to-sign", "signature", "signed-request"]

    private mutating func lack(_ name: String, _ reason: String) {
        self.incomplete.append(ExcludedCase(name: name, reason: reason))
    }

    private mutating func exclude(_ name: String, _ reason: String) {
        self.excluded.append(ExcludedCase(name: name, reason: reason))
    }

    /// A file's text with plain line ends, nil if there is no such file.
    private static func text(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else { throw Unreadable(file: path) }
        return String(decoding: data, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
    }

    // MARK: aws-c-auth

    private mutating func readCase(ofFolder folder: String, name: String) throws {
        guard let text = try Self.text(folder + "request.txt"), let request = SuiteRequest(text) else {
            return self.lack(name, "its request is none that HTTP/1.1 knows")
        }
        if FileManager.default.fileExists(atPath: folder + "public-key.json") {
            return self.exclude(name, "an asymmetric signature (SigV4A), which no service used here asks for")
        }
        guard let context = try Context(folder + "context.json") else { return self.lack(name, "it has no context.json") }
        var one = SuiteCase(
            name: name, request: request, credentials: context.credentials, date: context.date, region: context.region,
            service: context.service)
        one.token = context.omitsToken ? .afterSigning : .signed
        one.rules = SigningRules(normalizesPath: context.normalizes, encodesPath: context.encodes)
        one.body = context.signsBody ? .signedWithField : .empty
        one.expires = context.expires
        one.header = try Self.expected(folder + "header-")
        one.query = try Self.expected(folder + "query-")
        let forms = [one.header, one.query].compactMap { $0 }
        guard !forms.isEmpty, forms.allSatisfy({ $0.signature?.isEmpty == false }) else {
            return self.lack(name, "a form of it has no signature")
        }
        self.append(one)
    }

    private static func expected(_ prefix: String) throws -> SuiteCase.Expected? {
        let expected = SuiteCase.Expected(
            canonicalRequest: try self.text(prefix + "canonical-request.txt"),
            stringToSign: try self.text(prefix + "string-to-sign.txt"), signature: try self.text(prefix + "signature.txt"),
            signedRequest: try self.text(prefix + "signed-request.txt").flatMap { SuiteRequest($0) })
        return expected.isEmpty ? nil : expected
    }

    // MARK: aws-sig-v4-test-suite

    private mutating func readClassicCase(_ path: String, name: String) throws {
        guard let text = try Self.text(path + ".req"), let request = SuiteRequest(text) else {
            return self.lack(name, "its request is none that HTTP/1.1 knows")
        }
        guard let canonical = try Self.text(path + ".creq"), let stringToSign = try Self.text(path + ".sts"),
            let authorization = try Self.text(path + ".authz"),
            let scope = ClassicScope(stringToSign: stringToSign, authorization: authorization)
        else { return self.lack(name, "it has no .creq, .sts and .authz, or they are no such results") }
        guard canonical.contains("\nx-amz-date:") else {
            return self.exclude(name, "its time is that of the Date field (an edition of 2012); requests of this program have X-Amz-Date")
        }
        var signed = try Self.text(path + ".sreq").flatMap { SuiteRequest($0) }
        var one = SuiteCase(
            name: name, request: request, credentials: scope.credentials, date: scope.date, region: scope.region, service: scope.service)
        if request["x-amz-security-token"] == nil { one.credentials.sessionToken = signed?["x-amz-security-token"] }
        if let written = signed?["authorization"], written.drop(while: { $0 == " " }) != authorization[...] {
            self.exclude(name + ".sreq", "it has another signature than the case's .authz; the case is compared without it")
            signed = nil
        }
        if !canonical.contains("\nx-amz-security-token:") { one.token = .afterSigning }
        one.header = SuiteCase.Expected(
            canonicalRequest: canonical, stringToSign: stringToSign, authorization: authorization, signedRequest: signed)
        self.append(one)
    }

    private mutating func append(_ one: SuiteCase) {
        // Editions of the suite differ here; a request with folded fields cannot be sent by this program at all.
        let canonical = one.header?.canonicalRequest ?? one.query?.canonicalRequest ?? ""
        if one.request.isFolded, canonical.contains("value1,value2") {
            return self.exclude(
                one.name, "it joins folded lines with commas, where HTTP (RFC 9112, section 5.2) and later editions have spaces")
        }
        self.cases.append(one)
    }
}
