import SessionStore

/// Which inputs of an action are remembered fields: by their name, or because the schema says so.
struct RememberedInputs {
    /// Other names of fields: those that a wallet's parameter may have.
    let aliases: [String: String]
    /// The fields that are remembered.
    let fields: Set<String>

    init(_ configuration: AdapterConfiguration) {
        let fields = Set(configuration.remembered.map(\.name))
        self.fields = fields
        let names = configuration.remembered.contains(.wallet) ? configuration.walletParameters : []
        // A field of that very name is itself.
        self.aliases = Dictionary(names.filter { !fields.contains($0) }.map { ($0, RememberedField.wallet.name) }) { one, _ in one }
    }

    /// The field that an input is; nil: it is not remembered.
    func field(of input: ActionInput) -> String? {
        let name = input.remembers ?? input.name
        let field = self.aliases[name] ?? name
        return self.fields.contains(field) ? field : nil
    }

    /// What an event gives under each field.
    func given(_ inputs: [ActionInput], _ values: [String: ActionValue]) -> [GivenField] {
        inputs.compactMap { input in
            guard let field = self.field(of: input), let value = values[input.name] else { return nil }
            return GivenField(field, value.text)
        }
    }

    /// The inputs with those of all fields that are none of them.
    func completed(_ inputs: [ActionInput]) -> [ActionInput] {
        let present = Set(inputs.compactMap { self.field(of: $0) })
        return inputs + self.fields.subtracting(present).sorted().map { ActionInput($0) }
    }

    /// The fields without which the action cannot do.
    func needed(_ inputs: [ActionInput]) -> Set<String> {
        Set(inputs.filter(\.isRequired).compactMap { self.field(of: $0) })
    }
}

extension ActionSchema {
    /// The field that an input is remembered as unless settings say otherwise; nil: it is not.
    public static func rememberedField(of input: ActionInput) -> String? {
        RememberedInputs(AdapterConfiguration()).field(of: input)
    }
}
