/// The actions every adapter has.
enum BuiltInAction: Hashable, Sendable, CaseIterable {
    case rememberWallet, recallWallet, forgetWallet

    /// Its function's name.
    var name: String {
        switch self {
        case .rememberWallet: "rememberWallet"
        case .recallWallet: "recallWallet"
        case .forgetWallet: "forgetWallet"
        }
    }

    /// What the agent calls; nil for an action that is not built in.
    init?(_ operation: ActionOperation) {
        switch operation {
        case .function(let name):
            guard let action = Self.allCases.first(where: { $0.name == name }) else { return nil }
            self = action
        case .api(let method, let path):
            guard path == "/wallet" || path == "/wallet/" else { return nil }
            switch method.uppercased() {
            case "POST": self = .rememberWallet
            case "GET": self = .recallWallet
            case "DELETE": self = .forgetWallet
            default: return nil
            }
        }
    }

    /// How it is called, in either style.
    var operations: [ActionRouter.Operation] {
        let method: ActionMethod =
            switch self {
            case .rememberWallet: .post
            case .recallWallet: .get
            case .forgetWallet: .delete
            }
        return [.function(self.name)] + ((try? PathTemplate("/wallet")).map { [.api(method, $0)] } ?? [])
    }
}
