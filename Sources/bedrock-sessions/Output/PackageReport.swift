import Packaging

/// What a deployment package holds, for a person.
struct PackageReport {
    let package: DeploymentPackage
    let machine: Machine
    let path: String

    func print() {
        let items = self.package.items.filter { !$0.name.hasPrefix("licences/") }
        let licences = self.package.items.filter { $0.name.hasPrefix("licences/") }
        for item in items { Console.print(Self.line(item.name, item.size, item.packedSize)) }
        Console.print(
            Self.line("licences (\(licences.count))", licences.map(\.size).reduce(0, +), licences.map(\.packedSize).reduce(0, +)))
        Console.print(Self.line("all files", self.package.items.map(\.size).reduce(0, +), self.package.zip.count))
        let versions = self.package.versions.joined(separator: ", ")
        Console.print("\(self.path): for \(self.machine.rawValue), needs no more of its system than \(versions)")
    }

    private static func line(_ name: String, _ size: Int, _ packed: Int) -> String {
        let numbers = [size, packed].map { number in
            let text = String(number)
            return String(repeating: " ", count: max(12 - text.count, 1)) + text
        }
        return name + String(repeating: " ", count: max(34 - name.count, 1)) + numbers.joined() + " zipped"
    }
}
